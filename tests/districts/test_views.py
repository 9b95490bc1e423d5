"""The pages of the neighbourhoods, for everyone and for staff."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from best_portal.accounts.models import Role
from tests.factories import (
    make_consultation,
    make_context_note,
    make_district,
    make_office_hours,
    make_organisation,
    make_project,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_everyone_may_see_the_areas(client):
    area = make_district(name="Musterplatz")

    assert "Musterplatz" in client.get("/quartiere/").content.decode()
    assert client.get(area.get_absolute_url()).status_code == 200


def test_an_unknown_area_is_not_found(client):
    assert client.get("/quartiere/gibt-es-nicht/").status_code == 404


def test_a_year_shows_the_areas_of_that_year(client):
    make_district(name="Früher", ends_on=date(2005, 12, 31))
    make_district(name="Später", starts_on=date(2006, 1, 1))

    text = client.get("/quartiere/?year=2005").content.decode()

    assert "Früher" in text
    assert "Später" not in text


@pytest.mark.parametrize("year", ["abc", "0", "99999999999", "1850", "\0"])
def test_a_year_that_is_none_gets_a_sentence(client, year):
    response = client.get("/quartiere/", {"year": year})

    assert response.status_code == 200
    assert response.context["form"].errors


def test_the_public_sees_neither_organisations_nor_consultations(client):
    area = make_district()
    make_consultation(district=area, organisation=make_organisation(name="Geheim", district=area))

    assert "Geheim" not in client.get(area.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_other_roles_see_what_the_public_sees(sign_in, role):
    area = make_district()
    make_organisation(name="Geheim", district=area)

    assert "Geheim" not in sign_in(make_user(role)).get(area.get_absolute_url()).content.decode()


def test_staff_see_organisations_and_figures(sign_in):
    area = make_district()
    make_consultation(district=area, organisation=make_organisation(name="Nähwerk", district=area))

    response = sign_in(make_user()).get(area.get_absolute_url())

    assert "Nähwerk" in response.content.decode()
    [figures] = [given for panel, given in response.context["main"] if panel.name == "figures"]
    assert figures["totals"] == {"count": 1, "minutes": 60}


def test_office_hours_of_today_are_shown(client):
    area = make_district()
    make_office_hours(district=area, place="Kiezladen")
    make_office_hours(district=area, place="Vorbei", ends_on=date(2020, 6, 1))

    text = client.get(area.get_absolute_url()).content.decode()

    assert "Kiezladen" in text
    assert "Vorbei" not in text


@pytest.mark.parametrize(
    ("role", "route"),
    [
        (None, "consultations:guest_about"),
        (Role.FOUNDER, "consultations:book"),
        (Role.ADVISOR, None),
        (Role.FUNDER, None),
    ],
)
def test_the_way_to_an_appointment_is_the_one_open_to_the_reader(sign_in, client, role, route):
    address = make_district().get_absolute_url()
    if role:
        client = sign_in(make_user(role))

    panel = client.get(address).text.partition("<main")[2]

    for name in ("consultations:guest_about", "consultations:book"):
        assert (f'href="{reverse(name)}"' in panel) == (name == route)


def test_an_outline_is_drawn_without_asking_anybody(client):
    square = [[13.4, 52.5], [13.41, 52.5], [13.41, 52.51], [13.4, 52.5]]
    area = make_district(outline={"type": "Polygon", "coordinates": [square]})

    text = client.get(area.get_absolute_url()).content.decode()

    assert 'class="outline__area" d="M' in text
    assert "http" not in text[text.index('<svg class="outline"') :].split("</svg>")[0]


def test_a_point_alone_is_drawn_too(client):
    area = make_district(latitude="52.5", longitude="13.4")

    assert "outline__point" in client.get(area.get_absolute_url()).content.decode()


@pytest.mark.parametrize("rows", [1, 10])
def test_the_page_of_an_area_costs_the_same_however_full(
    sign_in, rows, django_assert_max_num_queries
):
    area = make_district()
    for _ in range(rows):
        make_consultation(district=area, organisation=make_organisation(district=area))
        make_office_hours(district=area)
        make_context_note(district=area)
        make_district(ends_on=date(2020, 12, 31)).successions.create(
            successor=area, on=date(2021, 1, 1), kind="merge"
        )
    page = sign_in(make_user(), client=Client())

    with django_assert_max_num_queries(29):
        page.get(area.get_absolute_url())


def test_the_next_date_of_office_hours_is_shown(client, settings):
    settings.LANGUAGE_CODE = "en"
    area = make_district()
    hours = make_office_hours(district=area)
    [day] = hours.due_days(1)

    assert f"{day:%d.%m.%Y}" in client.get(area.get_absolute_url()).text


def test_whoever_is_met_in_an_area_is_its_contact_else_the_team(client):
    area, team = make_district(), make_user(name="Team Muster")
    project = make_project(
        team=[team], districts=[area], starts_on=date(2024, 1, 1), ends_on=date(2099, 12, 31)
    )
    address = area.get_absolute_url()

    def contacts():
        context = client.get(address).context
        return [
            [person.name for person in given["people"]]
            for panel, given in context["aside"]
            if panel.name == "responsible"
        ]

    assert contacts() == [["Team Muster"]]
    make_office_hours(district=area, advisor=make_user(name="Sprechstunde Muster"), project=project)
    assert contacts() == [["Sprechstunde Muster"]]


def test_an_area_nobody_works_in_names_no_contact(client):
    context = client.get(make_district().get_absolute_url()).context

    assert context["aside"] == []

"""The pages of the neighbourhoods, for everyone and for staff."""

from datetime import date

import pytest
from django.test import Client

from best_portal.accounts.models import Role
from tests.factories import (
    make_consultation,
    make_district,
    make_office_hours,
    make_organisation,
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
    assert response.context["totals"] == {"count": 1, "minutes": 60}


def test_office_hours_of_today_are_shown(client):
    area = make_district()
    make_office_hours(district=area, place="Kiezladen")
    make_office_hours(district=area, place="Vorbei", ends_on=date(2020, 6, 1))

    text = client.get(area.get_absolute_url()).content.decode()

    assert "Kiezladen" in text
    assert "Vorbei" not in text


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
    page = sign_in(make_user(), client=Client())

    with django_assert_max_num_queries(14):
        page.get(area.get_absolute_url())

"""The list of consultations: filters, totals, files."""

from datetime import date

import pytest

from best_portal.accounts.models import Role
from consultations.models import ConsultationKind
from tests.consultations.views.conftest import CANARY, LOG
from tests.factories import (
    make_consultation,
    make_district,
    make_organisation,
    make_project,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_the_list_shows_newest_first_with_totals(page):
    old = make_consultation(minutes=60)
    new = make_consultation(minutes=30, held_on=date(2024, 6, 1), project=old.project)

    response = page.get("/beratungen/")

    assert list(response.context["page"]) == [new, old]
    assert response.context["totals"] == {"count": 2, "minutes": 90}


def test_withdrawn_consultations_are_neither_listed_nor_counted(page, advisor):
    make_consultation().withdraw(by=advisor)

    assert page.get("/beratungen/").context["totals"]["count"] == 0


def test_every_filter_narrows_the_list(page, advisor):
    area, topic = make_district(), make_topic()
    wanted = make_consultation(
        advisors=[advisor], topics=[topic], district=area, kind=ConsultationKind.ACCOMPANIMENT
    )
    make_consultation(held_on=date(2024, 9, 9), project=make_project())

    for name, value in {
        "project": wanted.project_id,
        "organisation": wanted.organisation_id,
        "district": area.pk,
        "kind": "accompaniment",
        "advisor": advisor.pk,
        "topic": topic.pk,
        "until": "2024-05-01",
        "q": wanted.organisation.name,
    }.items():
        assert list(page.get("/beratungen/", {name: value}).context["page"]) == [wanted], name


@pytest.mark.parametrize("sort", ["newest", "oldest", "organisation", "longest"])
def test_the_list_can_be_sorted(page, sort):
    make_consultation()

    assert len(page.get("/beratungen/", {"sort": sort}).context["page"]) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"project": "x"},
        {"project": "999999999999999999999"},
        {"kind": "x"},
        {"since": "gestern"},
        {"sort": "password"},
        {"organisation": "Gibt es nicht"},
        {"q": "a\0b"},
        {"q": "x" * 300},
    ],
)
def test_a_faulty_filter_gets_a_sentence_and_no_rows(page, asked):
    make_consultation()

    response = page.get("/beratungen/", asked)

    assert response.status_code == 200
    assert response.context["filters"].form.errors
    assert response.context["totals"]["count"] == 0


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "\0"])
def test_any_page_number_shows_a_page(page, number):
    make_consultation()

    assert len(page.get("/beratungen/", {"page": number}).context["page"]) == 1


def test_an_empty_list_says_how_to_begin(page):
    assert LOG in page.get("/beratungen/").content.decode()


def test_a_search_without_a_hit_leads_back_to_all(page):
    make_consultation()

    assert 'href="/beratungen/"' in page.get("/beratungen/?q=nirgends").content.decode()


def test_a_search_does_not_look_into_notes_of_other_teams(page, advisor):
    make_consultation(internal_note=CANARY)
    own = make_consultation(internal_note=CANARY, advisors=[advisor])

    assert list(page.get("/beratungen/", {"q": "Kanarienvogel"}).context["page"]) == [own]


@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_only_staff_see_the_list_and_its_file(sign_in, role):
    client = sign_in(make_user(role))

    assert client.get("/beratungen/").status_code == 403
    assert client.get("/beratungen/liste.csv").status_code == 403


@pytest.mark.parametrize("rows", [1, 10])
def test_the_list_costs_the_same_however_full(page, rows, django_assert_num_queries):
    for _ in range(rows):
        make_consultation(advisors=[make_user()], district=make_district(), topics=[make_topic()])

    with django_assert_num_queries(13):
        response = page.get("/beratungen/")

    assert len(response.context["page"]) == rows


def test_the_list_as_csv_is_filtered_and_harmless(page):
    wanted = make_consultation(
        organisation=make_organisation(name="=HYPERLINK(1)"), minutes=90, internal_note=CANARY
    )
    make_consultation(kind=ConsultationKind.TRAINING)

    response = page.get("/beratungen/liste.csv?kind=advice")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "'=HYPERLINK(1)" in text
    assert ";1,50;" in text
    assert f"{wanted.held_on:%d.%m.%Y}" in text
    assert CANARY not in text


def test_the_list_as_excel_file(page):
    make_consultation()

    assert page.get("/beratungen/liste.xlsx").getvalue().startswith(b"PK")


def test_there_is_no_other_kind_of_file(page):
    assert page.get("/beratungen/liste.exe").status_code == 404

"""Tests of the public figures: released reports only, small numbers hidden, with their source."""

import pytest
from django.utils import timezone

from reports.impact import sources
from tests.factories import frozen, make_draft, make_grant, make_released, make_report, produced

pytestmark = pytest.mark.django_db


def line(code="BEST-BER", cumulated="20", **fields):
    return {
        "code": code,
        "name": f"Zahl {code}",
        "unit": "Anzahl",
        "in_period": cumulated,
        "cumulated": cumulated,
        **fields,
    }


def with_figures(*lines):
    return produced(frozen=frozen() | {"indicators": list(lines)})


def told():
    return {
        figure.code: None if figure.value is None else int(figure.value)
        for source in sources()
        for figure in source.figures
    }


def test_a_released_figure_stands_there_with_report_and_day(client):
    version = make_released(with_figures(line(cumulated="123")))

    html = client.get("/wirkung/").content.decode()

    assert "123" in html
    assert f"{timezone.localtime(version.released_at):%d.%m.%Y}" in html
    assert version.report.grant.project.name in html


def test_drafts_are_nobodys(client):
    make_draft(with_figures(line(cumulated="987")))

    html = client.get("/wirkung/").content.decode()

    assert "987" not in html
    assert "Noch ist kein Bericht freigegeben" in html


def test_of_each_grant_the_newest_report_counts_in_its_newest_version():
    grant = make_grant()
    report = make_report(grant=grant, starts_on="2024-01-01", ends_on="2024-03-31")
    make_released(with_figures(line(cumulated="10")), report=report)
    later = make_report(grant=grant, starts_on="2024-01-01", ends_on="2024-06-30")
    make_released(with_figures(line(cumulated="20")), report=later)
    make_released(with_figures(line(cumulated="21")), report=later, change_note="Korrektur")

    assert told() == {"BEST-BER": 21}


def test_small_numbers_are_hidden_and_zero_is_told():
    make_released(with_figures(line("A", "4"), line("B", "5"), line("C", "0")))

    assert told() == {"A": None, "B": 5, "C": 0}


def test_figures_of_people_are_not_reckoned_back_from_their_sum():
    make_released(
        with_figures(line("EECO02", "3"), line("EECO04", "9"), line("EECO05", "40"), line("Z", "6"))
    )

    assert told() == {"EECO02": None, "EECO04": None, "EECO05": 40, "Z": 6}


def test_the_file_holds_what_the_page_holds(client):
    make_released(with_figures(line("A", "4"), line("B", "50")))

    csv = b"".join(client.get("/wirkung/liste.csv").streaming_content).decode("utf-8-sig")

    assert "Zahl B" in csv
    assert ";4;" not in csv
    assert "verborgen" in csv


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_many(client, count_queries, number):
    for _time in range(number):
        make_released(with_figures(line()))

    assert count_queries(client.get, "/wirkung/") <= 5

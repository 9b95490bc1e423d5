"""The Sachstandsbericht: what a council reads of an area and a year, and whom it does not name."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from enterprises.models import JobKind
from reports import status_note
from tests.factories import (
    make_agreement,
    make_consultation,
    make_contribution,
    make_decision,
    make_district,
    make_enterprise,
    make_entry,
    make_forum,
    make_forum_member,
    make_job,
    make_meeting,
    make_organisation,
    make_person,
    make_user,
)
from tests.reports.test_group_papers import assert_sound, text_of

pytestmark = pytest.mark.django_db

YEAR = 2024


@pytest.fixture
def area():
    return make_district(name="Musterkiez", starts_on=date(2000, 1, 1))


def a_full_year(area):
    advisor = make_user(name="Ada Geheim")
    enterprise = make_enterprise(district=area, founded_on=date(YEAR, 5, 1))
    confirmed = {"organisation": enterprise}
    confirmed |= {"confirmed_on": date(YEAR, 7, 1), "confirmed_by": "Maria Muster"}
    make_job(fte=Decimal("0.5"), since=date(YEAR, 6, 1), **confirmed)
    # Neither a job that was kept nor one that nobody has confirmed is a new one.
    make_job(fte=Decimal("1"), since=date(YEAR, 3, 1), kind=JobKind.KEPT, **confirmed)
    make_job(organisation=enterprise, fte=Decimal("1"), since=date(YEAR, 6, 1))
    make_consultation(
        [advisor], organisation=enterprise, district=area, held_on=date(YEAR, 3, 1), minutes=90
    )
    forum = make_forum([area], name="Forum Muster", since=date(YEAR, 1, 1))
    member = make_forum_member(forum=forum, person=make_person(name="Petra Geheim"))
    host = make_forum_member(forum=forum, organisation=make_organisation(name="Bürgerhaus Muster"))
    meeting = make_meeting(forum=forum, starts_at=datetime(YEAR, 4, 2, 16, tzinfo=UTC))
    meeting.note_attendance([member, host], guests=5, by=advisor)
    make_decision(meeting=meeting, what="Platz öffnen", owner=member)
    make_decision(meeting=meeting, what="Saal stellen", owner=host)
    make_decision(meeting=meeting, what="Karte drucken", advisor=advisor)
    agreement = make_agreement([area], name="Vereinbarung Muster")
    agreement.parties.create(organisation=make_organisation(name="Stiftung Muster"))
    agreement.stages.create(title="Aufbau", starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31))
    agreement.milestones.create(title="Start", due_on=date(YEAR, 2, 1), reached_on=date(YEAR, 2, 1))
    agreement.milestones.create(title="Ende", due_on=date(YEAR, 12, 1))
    make_contribution(
        organisation=make_organisation(name="Spender Muster"),
        district=area,
        given_on=date(YEAR, 7, 1),
        value=Decimal("1234.50"),
    )
    make_entry(name="Öffentlicher Betrieb", district=area)


def test_the_note_counts_the_year_of_the_area(area):
    a_full_year(area)

    note = status_note.StatusNote.of(area, YEAR, by=make_user())

    figures = {figure.name: figure.value for figure in note.figures}
    assert figures["Beratungen"] == 1
    assert figures["Stunden der Beratung"] == Decimal("1.5")
    assert figures["Beratene Organisationen"] == 1
    assert figures["Gründungen"] == 1
    assert figures["Neue Arbeitsplätze (Vollzeitäquivalente)"] == Decimal("0.5")
    [forum] = note.forums
    assert (forum.meetings, forum.present, len(forum.decisions)) == (1, 7, 3)
    [agreement] = note.agreements
    assert (agreement.stage, agreement.reached, agreement.milestones) == ("Aufbau", 1, 2)
    assert [row["partner"] for row in note.contributions] == ["Spender Muster"]


def test_another_year_and_another_area_count_nothing(area):
    a_full_year(area)

    before = status_note.StatusNote.of(area, 2010, by=make_user())
    elsewhere = status_note.StatusNote.of(make_district(), YEAR, by=make_user())

    for note in (before, elsewhere):
        assert not any(figure.value for figure in note.figures)
        assert not note.forums
        assert not note.contributions


def test_what_an_area_that_went_into_this_one_did_is_told_here(area):
    former = make_district(starts_on=date(2000, 1, 1))
    a_full_year(former)
    former.merge_into(area, on=date(2025, 1, 1), by=make_user())

    note = status_note.StatusNote.of(area, YEAR, by=make_user())

    assert note.figures[0].value == 1
    assert len(note.forums) == 1


def test_the_paper_is_sound_and_names_no_person(area, tmp_path):
    a_full_year(area)

    content = status_note.paper(status_note.StatusNote.of(area, YEAR, by=make_user()))

    assert_sound(content, f"Sachstandsbericht Musterkiez {YEAR}", tmp_path)
    text = " ".join(text_of(content).split())
    for words in (
        "Sachstandsbericht Musterkiez",
        "Forum Muster",
        "Platz öffnen",
        "Bürgerhaus Muster",
        "Vereinbarung Muster",
        "Stiftung Muster",
        "1 von 2",
        "Spender Muster",
        "Öffentlicher Betrieb",
    ):
        assert words in text
    assert "Geheim" not in text


def test_two_clicks_from_the_area_to_the_paper(area, sign_in):
    a_full_year(area)
    client = sign_in(make_user())

    first = client.get(area.get_absolute_url()).text
    page = client.get(f"/quartiere/{area.slug}/sachstand/?year={YEAR}")
    paper = client.get(f"/quartiere/{area.slug}/sachstand/{YEAR}.pdf")

    assert f"/quartiere/{area.slug}/sachstand/" in first
    assert f"/quartiere/{area.slug}/sachstand/{YEAR}.pdf" in page.text
    assert paper.headers["Content-Type"] == "application/pdf"
    assert "sachstandsbericht" in paper.headers["Content-Disposition"]


def test_an_empty_area_has_a_paper_as_well(area, tmp_path):
    content = status_note.paper(status_note.StatusNote.of(area, YEAR, by=make_user()))

    assert_sound(content, f"Sachstandsbericht Musterkiez {YEAR}", tmp_path)


@pytest.mark.parametrize("year", ["0", "99999999", "abc", ""])
def test_a_year_that_is_none_is_said(area, sign_in, year):
    page = sign_in(make_user()).get(f"/quartiere/{area.slug}/sachstand/?year={year}")

    assert page.status_code == 200
    assert page.context["form"].errors

"""What a form asks for in words: by grant and day, one section for each task, texts kept."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from best_portal.accounts.models import Role
from reports.data_check import check
from reports.freezing import freeze
from reports.models import Outline
from reports.outlines import sections_of
from tests.factories import (
    make_consultation,
    make_grant,
    make_outline,
    make_project,
    make_report,
    make_task,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db


def headings(grant):
    return [part.heading for part in sections_of(grant)]


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


def test_a_grant_has_the_outline_of_its_form_and_its_time():
    of_then = make_grant(
        profile="efre", starts_on=date(2005, 6, 1), ends_on=date(2007, 6, 30), amount=1
    )
    project = make_project()
    make_task(project=project, number=2, title="Zweitens")
    make_task(project=project, number=1, title="Erstens")
    of_today = make_grant(
        profile="efre", project=project, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
    )

    assert headings(of_then)[3] == "Lokale Foren aufbauen"
    assert [part.task for part in sections_of(of_then)] == [1, 2, 3, 4, 5, 6, None]
    assert headings(of_today)[:3] == ["Erstens", "Zweitens", "Umsetzung und Personaleinsatz"]
    assert [part.key for part in sections_of(of_today)][:2] == ["task-1", "task-2"]


def test_an_outline_chosen_for_a_grant_comes_before_that_of_its_form():
    grant = make_grant(outline=make_outline(until=date(2020, 12, 31)))

    assert headings(grant) == ["Was war"]


def test_a_newer_outline_of_the_form_holds_for_grants_that_begin_in_its_time():
    make_outline(since=date(2026, 1, 1))

    before = make_grant(profile="senate", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    after = make_grant(profile="senate", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))

    assert headings(before)[0] == "Maßnahme und Zeitraum"
    assert headings(after) == ["Was war"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reports_outline_profile_is_known", {"profile": "bund"}),
        ("reports_outline_ends_after_start", {"until": date(2019, 12, 31)}),
        ("reports_outlinesection_has_its_heading", {"sections": [{"key": "a", "heading": ""}]}),
        (
            "reports_outlinesection_has_its_heading",
            {"sections": [{"key": "a", "for_each_task": True, "task": 1}]},
        ),
        (
            "reports_outlinesection_one_per_key",
            {"sections": [{"key": "a", "heading": "A"}, {"key": "a", "heading": "B"}]},
        ),
    ],
)
def test_what_is_no_outline_the_database_refuses(name, fields):
    with refuses(name):
        make_outline(**fields)


def test_a_frozen_report_has_the_sections_and_a_text_under_a_former_one_is_kept(sign_in):
    outline = make_outline(
        sections=[{"key": "what", "heading": "Was war"}, {"key": "next", "heading": "Wie weiter"}]
    )
    report = make_report(grant=make_grant(outline=outline))
    manager = make_user(Role.MANAGER)
    page, address = sign_in(manager), reverse("reports:texts", args=[report.pk])
    page.post(address, {"text_what": "Viel.", "text_next": "Weiter."})
    assert page.get(address).context["left_over"] == []
    outline.sections.filter(key="next").delete()

    report.refresh_from_db()
    page.post(address, {"text_what": "Sehr viel.", "seen": report.written_at.isoformat()})

    report.refresh_from_db()
    assert report.narrative == {"what": "Sehr viel.", "next": "Weiter."}
    shown = page.get(address)
    assert shown.context["left_over"] == [("Früherer Abschnitt", "Weiter.")]
    assertContains(shown, "Texte, die nicht gedruckt werden")
    assert "left-over" in {finding.code for finding in check(report).to_look_at}
    document = freeze(make_version(report=report), at=timezone.now())
    assert [(each.heading, each.paragraphs) for each in document.narrative] == [
        ("Was war", ("Sehr viel.",))
    ]


# --- nothing is written ---


@pytest.mark.parametrize(
    ("kind", "narrative", "blocks"),
    [
        ("interim", {}, True),
        ("final", {"measure": "  "}, True),
        ("narrative", {}, True),
        ("interim", {"measure": "Beraten."}, False),
        ("vouchers", {}, False),
        ("indicators", {}, False),
    ],
)
def test_a_narrative_report_in_which_nothing_is_written_blocks(kind, narrative, blocks):
    grant = make_grant(profile="senate")
    make_consultation(project=grant.project)
    report = make_report(grant=grant, kind=kind, narrative=narrative)

    codes = {finding.code for finding in check(report).open}

    assert ("no-text" in codes) == blocks


def test_the_reason_of_a_manager_lets_it_go_out():
    report = make_report(grant=make_grant(profile="senate"))
    report.explain("no-text", by=make_user(Role.MANAGER), reason="Nachgereicht.")

    assert "no-text" not in {finding.code for finding in check(report).open}


# --- pages ---


def typed(**fields):
    return {
        "name": "Neue Gliederung",
        "profile": "esf",
        "since": "2027-01-01",
        "source": "Bescheid vom Muster",
        "sections-TOTAL_FORMS": "4",
        "sections-INITIAL_FORMS": "0",
        "sections-0-position": "1",
        "sections-0-heading": "Was getan wurde",
        "sections-0-hint": "Kurz.",
        "sections-1-position": "2",
        "sections-1-for_each_task": "on",
        "sections-2-position": "3",
        "sections-2-heading": "Was getan wurde!",
        "sections-3-position": "4",
        "sections-3-heading": "Annex",
    } | fields


def test_a_manager_sets_up_an_outline_without_a_developer(sign_in):
    page = sign_in(make_user(Role.MANAGER))

    answer = page.post(reverse("reports:outline_new"), typed())

    assert answer.url == reverse("reports:outlines")
    outline = Outline.objects.get(name="Neue Gliederung")
    assert list(outline.sections.values_list("key", "for_each_task")) == [
        ("was-getan-wurde", False),
        ("tasks", True),
        ("was-getan-wurde-2", False),
        # A query about the annex is not one about this section.
        ("annex-2", False),
    ]
    assert "Was getan wurde!" in page.get(answer.url).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sections-0-heading": ""}, "Überschrift"),
        ({"until": "2026-01-01"}, "nicht enden, bevor"),
        (
            {"sections-TOTAL_FORMS": "0"},
            "mindestens einen Abschnitt",
        ),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_keeps_what_was_typed(sign_in, fields, words):
    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:outline_new"), typed(**fields))

    assert page.status_code == 200
    assert words in page.text
    assert "Bescheid vom Muster" in page.text
    assert not Outline.objects.filter(name="Neue Gliederung").exists()


def change_of(outline, section, **fields):
    return {
        "name": outline.name,
        "profile": outline.profile,
        "since": outline.since.isoformat(),
        "source": outline.source,
        "sections-TOTAL_FORMS": "2",
        "sections-INITIAL_FORMS": "1",
        "sections-0-id": section.pk,
        "sections-0-position": "1",
        "sections-0-heading": "Neu gesagt",
    } | fields


def test_a_heading_worded_anew_keeps_its_text_and_a_written_section_stays(sign_in):
    outline = make_outline()
    section = outline.sections.get()
    make_report(grant=make_grant(profile="senate"), narrative={"what": "Viel."})
    page, address = sign_in(make_user(Role.MANAGER)), reverse("reports:outline", args=[outline.pk])
    added = {"sections-1-position": "2", "sections-1-heading": "Dazu"}

    page.post(address, change_of(outline, section, **added))
    assert list(outline.sections.values_list("key", "heading")) == [
        ("what", "Neu gesagt"),
        ("dazu", "Dazu"),
    ]

    refused = page.post(address, change_of(outline, section, **{"sections-0-DELETE": "on"}))
    assert refused.status_code == 200
    assert "Neu gesagt" in refused.context["setup"].mistakes_of_tables[0][1]
    assert outline.sections.filter(key="what").exists()

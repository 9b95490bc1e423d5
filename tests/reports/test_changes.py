"""A corrected version tells everything it says differently from the one released before."""

import json
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from reports.changes import changes, reasons
from reports.document import Cover, FinancingLine, Logo, Notice
from reports.freezing import freeze
from reports.models import Report
from tests.factories import (
    YEAR,
    make_consultation,
    make_district,
    make_draft,
    make_grant,
    make_query,
    make_report,
    make_user,
    make_version,
    produced,
)
from tests.reports.pages import address
from tests.reports.samples import make_document

pytestmark = pytest.mark.django_db

BEFORE = make_document(rows=6)
# What identifies the report; another of these is another report, or simply the next version.
NOT_COMPARED = {"form", "kind", "version", "period_from", "period_to"}
OTHER = {
    "notices": (Notice(date(2002, 11, 19), "IV B 2", Decimal(1)),),
    "areas": ("Wrangelkiez",),
    "logos": (Logo("text", "Anderes Logo", ""),),
}


def stored(document):
    return json.loads(document.to_json())


def told(document, before):
    return {change.label: (change.before, change.after) for change in changes(document, before)}


def other(value):
    match value:
        case Decimal():
            return value + 1
        case date():
            return value.replace(year=value.year + 1)
        case None:
            return Decimal(7)
        case _:
            return f"{value} anders"


@pytest.mark.parametrize("name", [f.name for f in fields(Cover) if f.name not in NOT_COMPARED])
def test_each_change_of_the_cover_is_told(name):
    value = OTHER.get(name) or other(getattr(BEFORE.cover, name))

    after = replace(BEFORE, cover=replace(BEFORE.cover, **{name: value}))

    assert len(changes(after, stored(BEFORE))) == 1


def test_an_amount_is_told_as_it_is_written_on_paper():
    after = replace(BEFORE, cover=replace(BEFORE.cover, granted_total=Decimal("200000.5")))

    assert told(after, stored(BEFORE)) == {"Bewilligt insgesamt": ("194.900,50", "200.000,50")}


def test_changed_new_and_gone_lines_of_the_plan_are_told():
    changed, gone, *rest = BEFORE.finances
    changed = replace(changed, planned=Decimal("24000.01"))
    new = FinancingLine("expense", "2.4", "Reisen", Decimal(300))

    after = replace(BEFORE, finances=(changed, *rest, new))

    assert told(after, stored(BEFORE)) == {
        "Finanzierungsplan, Einnahme 1.1": (
            "Eigenanteil: geplant 24.000,00 EUR, förderfähig – EUR",
            "Eigenanteil: geplant 24.000,01 EUR, förderfähig – EUR",
        ),
        "Finanzierungsplan, Einnahme 1.2": (
            "Europäischer Sozialfonds: geplant 240.000,00 EUR, förderfähig – EUR",
            "–",
        ),
        "Finanzierungsplan, Ausgabe 2.4": (
            "–",
            "Reisen: geplant 300,00 EUR, förderfähig – EUR",
        ),
    }


def test_a_changed_line_of_a_breakdown_is_told_with_its_numbers():
    areas = BEFORE.breakdowns[1]
    rows = (replace(areas.rows[0], values=(Decimal(141),)), *areas.rows[1:])
    areas = replace(areas, rows=rows, total=(Decimal(293),))

    after = replace(BEFORE, breakdowns=(BEFORE.breakdowns[0], areas, BEFORE.breakdowns[2]))

    assert told(after, stored(BEFORE)) == {
        "Beratungen nach Gebieten: Boxhagener Platz": ("Beratungen 142", "Beratungen 141"),
        "Beratungen nach Gebieten: Summe": ("Beratungen 294", "Beratungen 293"),
    }


def test_a_changed_counting_rule_is_told():
    rules = (replace(BEFORE.rules[0], version="2"), *BEFORE.rules[1:])

    [(label, (before, after))] = told(replace(BEFORE, rules=rules), stored(BEFORE)).items()

    assert label == "BEST-BER Beratungen: Zählregel"
    assert before.startswith("Fassung 1: Jede Beratung")
    assert after.startswith("Fassung 2: Jede Beratung")


def test_rows_exchanged_for_others_are_told_where_number_and_minutes_stay():
    first, second, *rest = BEFORE.annex
    annex = (replace(first, id=900), replace(second, district="Wrangelkiez"), *rest)

    after = replace(BEFORE, annex=annex)

    assert told(after, stored(BEFORE)) == {
        "Einträge der Liste": ("–", "1 neu, 1 geändert, 1 entfallen")
    }


def test_a_number_that_moved_up_and_a_field_nobody_froze_are_no_change():
    before = stored(BEFORE)
    for row in before["annex"]:
        row["number"] += 1
        del row["people"]
    annex = tuple(replace(row, people=4) for row in BEFORE.annex)

    assert changes(replace(BEFORE, annex=annex), before) == ()


def test_equal_versions_have_no_changes():
    assert changes(BEFORE, stored(BEFORE)) == ()


def test_the_page_of_the_second_version_says_what_changed(manager):
    grant = make_grant()
    make_consultation(project=grant.project, held_on=date(YEAR, 3, 1), district=make_district())
    report = make_report(grant=grant)
    first = freeze(make_version(report=report), at=timezone.now())
    report.versions.all().delete()
    make_draft(produced(frozen=stored(first)), report=report).release(by=make_user(Role.MANAGER))
    grant.title = "Neuer Titel"
    grant.save()

    second = freeze(make_version(report=Report.objects.get(), number=2), at=timezone.now())
    report.versions.filter(number=2).delete()
    make_draft(produced(frozen=stored(second)), report=report, change_note="Titel")

    page = manager.get(address("detail", report.pk)).content.decode()
    assert [change.label for change in second.changes] == ["Vorhaben"]
    assert "Musterprojekt" in page
    assert "Neuer Titel" in page


def test_each_change_has_its_reason_what_was_answered_or_the_note():
    answered, *rest = BEFORE.indicators
    now = replace(
        BEFORE,
        indicators=(replace(answered, in_period=answered.in_period + 1), *rest),
        cover=replace(BEFORE.cover, purpose="Anders"),
        change_reason="Nachtrag",
    )

    found = changes(now, stored(BEFORE), {answered.code: "Eine Beratung fehlte."})

    assert [(change.label, change.reason) for change in found] == [
        ("Zuwendungszweck", "Nachtrag"),
        (f"{answered.code} {answered.name}: Ist im Zeitraum", "Eine Beratung fehlte."),
    ]


def test_a_new_version_takes_the_answers_of_the_queries_as_reasons():
    query = make_query(section="summary", heading="Zusammenfassung")
    query.answer(by=make_user(Role.MANAGER), text="Ein Absatz fehlte.")
    make_query(version=query.version, by=query.asked_by)
    newer = make_version(report=query.version.report, change_note="Nachtrag")

    assert reasons(newer) == {"summary": "Ein Absatz fehlte."}
    assert reasons(query.version) == {}

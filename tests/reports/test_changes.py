"""A corrected version tells everything it says differently from the one released before."""

import json
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from reports.annex_rows import AidRow, InventoryRow
from reports.changes import changes, reasons
from reports.cover import Cover, Logo, Notice
from reports.document import FinancingLine, Milestone, Settlement, VoucherRow
from reports.freezing import freeze
from reports.models import Report
from tests.factories import (
    YEAR,
    frozen,
    let_out,
    make_consultation,
    make_district,
    make_draft,
    make_grant,
    make_plan_line,
    make_query,
    make_released,
    make_report,
    make_submitted,
    make_user,
    make_version,
    make_voucher,
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


BOOKED = VoucherRow(
    number=1,
    voucher="B-1",
    invoiced_on=date(2004, 3, 1),
    paid_on=date(2004, 3, 5),
    payee="Muster Bürobedarf",
    reason="Papier",
    amount=Decimal("10.00"),
    eligible=Decimal("9.00"),
    note="Skonto",
)
SETTLED = Settlement(**{f.name: Decimal("100.00") for f in fields(Settlement)})
DESK = InventoryRow(1, "Tisch", "I-1", date(2004, 3, 1), Decimal("900.00"), "B-1", "Büro")
AID = AidRow(1, "D-1", date(2004, 3, 1), "F-7", 60, Decimal(50), Decimal(0), Decimal("50.00"))


def spent(**values):
    """The same report with money booked at the first line of expenses, and settled."""
    amounts = {
        "actual": Decimal("300.00"),
        "actual_eligible": Decimal("290.00"),
        "since_start": Decimal("400.00"),
        "since_start_eligible": Decimal("390.00"),
    }
    lines = list(BEFORE.finances)
    lines[3] = replace(lines[3], **(amounts | values))
    return replace(BEFORE, finances=tuple(lines), settlement=SETTLED)


def dated_now():
    return produced(frozen=frozen(generated_at=timezone.now().isoformat()))


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


def test_a_new_milestone_is_told():
    first, second, *others = BEFORE.indicators
    agreed = replace(second, milestones=(Milestone(Decimal("12.5"), date(2004, 6, 30)),))
    after = replace(BEFORE, indicators=(first, agreed, *others))

    assert told(after, stored(BEFORE)) == {
        "BEST-STD Beratungsstunden: Etappenziel": ("–", "12,5 bis 30.06.2004")
    }


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
    report = make_report(grant=grant, narrative={"summary": "Beraten."})
    first = freeze(make_version(report=report), at=timezone.now())
    report.versions.all().delete()
    make_released(produced(frozen=stored(first)), report=report)
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


def test_the_reason_of_a_whole_version_stands_where_the_answer_was_about_another_part():
    now = spent(actual=Decimal("350.00"))

    answers = {"cover": "Die Adresse stimmt.", "finances/expense/2.2": "Honorar 7 fehlte."}

    found = changes(replace(now, change_reason="Nachtrag"), stored(spent()), answers)
    assert [(change.label, change.reason) for change in found] == [
        ("Abrechnung, Ausgabe 2.1", "Nachtrag")
    ]


def test_an_answer_about_money_is_the_reason_of_lines_and_settlement_but_of_no_voucher():
    now = replace(
        spent(actual=Decimal("350.00"), vouchers=(BOOKED,)),
        settlement=replace(SETTLED, spent=Decimal("350.00")),
        change_reason="Nachtrag",
    )

    found = changes(now, stored(spent()), {"finances": "Ein Beleg war falsch datiert."})

    assert [(change.label, change.reason) for change in found] == [
        ("Abrechnung, Ausgabe 2.1", "Ein Beleg war falsch datiert."),
        ("Ist-Ergebnis: Ausgaben", "Ein Beleg war falsch datiert."),
        ("Belegliste, Ausgabe 2.1: B-1", "Nachtrag"),
    ]


def test_an_answer_about_a_line_comes_before_one_about_all_of_the_money():
    now = spent(actual=Decimal("350.00"), vouchers=(BOOKED,))
    answers = {
        "finances/expense/2.1": "Das Papier fehlte.",
        "finances": "Die Summe stimmte nicht.",
        "vouchers": "Die Liste war unvollständig.",
    }

    assert [change.reason for change in changes(now, stored(spent()), answers)] == [
        "Das Papier fehlte.",
        "Das Papier fehlte.",
    ]
    del answers["finances/expense/2.1"]
    assert [change.reason for change in changes(now, stored(spent()), answers)] == [
        "Die Summe stimmte nicht.",
        "Die Liste war unvollständig.",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("actual", Decimal("301.00")),
        ("actual_eligible", Decimal("291.00")),
        ("since_start", Decimal("401.00")),
        ("since_start_eligible", Decimal("391.00")),
        ("is_exceeded", True),
        ("made_of", "Pauschale: 15 % von 2.000,00 EUR"),
    ],
)
def test_each_amount_of_a_line_is_told(name, value):
    [change] = changes(spent(**{name: value}), stored(spent()))

    assert change.label.endswith("Ausgabe 2.1")
    assert change.parts == ("finances/expense/2.1", "finances")


def test_an_eligible_amount_is_told_as_it_stands_on_paper():
    assert told(spent(actual_eligible=Decimal("300.00")), stored(spent())) == {
        "Abrechnung, Ausgabe 2.1": (
            "im Zeitraum 300,00 EUR, davon förderfähig 290,00 EUR; "
            "seit Beginn 400,00 EUR, davon förderfähig 390,00 EUR",
            "im Zeitraum 300,00 EUR, davon förderfähig 300,00 EUR; "
            "seit Beginn 400,00 EUR, davon förderfähig 390,00 EUR",
        )
    }


@pytest.mark.parametrize("name", [f.name for f in fields(Settlement)])
def test_each_number_of_the_settlement_is_told(name):
    before = replace(BEFORE, settlement=SETTLED)
    after = replace(BEFORE, settlement=replace(SETTLED, **{name: Decimal("12.34")}))

    [change] = changes(after, stored(before))

    assert (change.before, change.after) == ("100,00 EUR", "12,34 EUR")
    assert change.parts == ("finances",)


def test_vouchers_exchanged_for_others_of_the_same_sum_are_told():
    before = spent(vouchers=(BOOKED, replace(BOOKED, voucher="B-2")))
    after = spent(vouchers=(replace(BOOKED, voucher="B-3"), replace(BOOKED, voucher="B-2")))

    said = "10,00 EUR, davon förderfähig 9,00 EUR, 05.03.2004, Muster Bürobedarf"
    assert told(after, stored(before)) == {
        "Belegliste, Ausgabe 2.1: B-3": ("–", said),
        "Belegliste, Ausgabe 2.1: B-1": (said, "–"),
    }


@pytest.mark.parametrize(
    ("values", "was", "now"),
    [
        (
            {"paid_on": date(2004, 4, 6)},
            "10,00 EUR, davon förderfähig 9,00 EUR, 05.03.2004, Muster Bürobedarf",
            "10,00 EUR, davon förderfähig 9,00 EUR, 06.04.2004, Muster Bürobedarf",
        ),
        (
            {"eligible": Decimal("10.00"), "note": ""},
            "10,00 EUR, davon förderfähig 9,00 EUR, 05.03.2004, Muster Bürobedarf; Hinweis: Skonto",
            "10,00 EUR, davon förderfähig 10,00 EUR, 05.03.2004, Muster Bürobedarf; Hinweis: –",
        ),
        (
            {"reason": "Toner", "invoiced_on": None},
            "10,00 EUR, davon förderfähig 9,00 EUR, 05.03.2004, Muster Bürobedarf; "
            "Rechnung vom 01.03.2004; Grund: Papier",
            "10,00 EUR, davon förderfähig 9,00 EUR, 05.03.2004, Muster Bürobedarf; "
            "Rechnung vom –; Grund: Toner",
        ),
        (
            {"payee": "Anders & Co.", "amount": Decimal("11.00")},
            "10,00 EUR, davon förderfähig 9,00 EUR, 05.03.2004, Muster Bürobedarf",
            "11,00 EUR, davon förderfähig 9,00 EUR, 05.03.2004, Anders & Co.",
        ),
    ],
)
@pytest.mark.parametrize("where", ["vouchers", "earlier"])
def test_each_change_of_a_voucher_is_told_of_the_period_and_before(where, values, was, now):
    before, after = (
        spent(**{where: (voucher,)}) for voucher in (BOOKED, replace(BOOKED, **values))
    )

    assert told(after, stored(before)) == {"Belegliste, Ausgabe 2.1: B-1": (was, now)}


def test_of_very_many_vouchers_of_a_line_fifteen_are_named_and_the_others_counted():
    many = [replace(BOOKED, voucher=f"B-{number}") for number in range(1, 21)]
    before = spent(vouchers=(*many[:18],))
    after = spent(vouchers=tuple(replace(each, amount=Decimal("1.00")) for each in many[2:]))

    found = changes(after, stored(before))

    # 16 changed, 2 new and 2 gone make 20; the first 15 are among the changed.
    assert len(found) == 16
    assert found[-1].label == "Belegliste, Ausgabe 2.1: weitere Belege"
    assert found[-1].after == "2 neu, 1 geändert, 2 entfallen"


def test_a_voucher_that_moved_up_a_row_and_lists_nobody_froze_are_no_change():
    before = stored(spent(vouchers=(BOOKED,)))
    del before["finances"][3]["earlier"]
    del before["inventory"], before["aid"]

    after = replace(
        spent(vouchers=(replace(BOOKED, number=2),), earlier=(replace(BOOKED, voucher="B-0"),)),
        inventory=(DESK,),
        aid=(AID,),
    )
    assert changes(after, before) == ()


def test_rows_of_the_inventory_and_of_aids_are_told():
    before = replace(BEFORE, inventory=(DESK, DESK), aid=(AID,))
    after = replace(
        BEFORE, inventory=(DESK, replace(DESK, place="Keller")), aid=(replace(AID, minutes=90),)
    )

    assert told(after, stored(before)) == {
        "De-minimis-Beihilfen": ("–", "0 neu, 1 geändert, 0 entfallen"),
        "Inventarverzeichnis": ("–", "1 neu, 1 entfallen"),
    }


def test_a_new_version_takes_the_answers_of_the_queries_as_reasons():
    query = make_query(section="summary", heading="Zusammenfassung")
    query.answer(by=make_user(Role.MANAGER), text="Ein Absatz fehlte.")
    make_query(version=query.version, by=query.asked_by)
    newer = make_version(report=query.version.report, change_note="Nachtrag")

    assert reasons(newer) == {"summary": "Ein Absatz fehlte."}
    assert reasons(query.version) == {}


def test_the_answer_about_a_line_lands_at_its_corrected_voucher():
    line = make_plan_line(position="2.1")
    voucher = make_voucher(line=line, number="P11", payee="Muster GmbH", paid_on=date(YEAR, 3, 5))
    report = make_report(grant=line.grant)
    first = freeze(make_version(report=report), at=timezone.now())
    report.versions.all().delete()
    version = make_submitted(produced(frozen=stored(first)), report=report)
    query = make_query(
        version=version, section="finances/expense/2.1", heading=f"Ausgabe 2.1: {line.label}"
    )
    query.answer(by=make_user(Role.MANAGER), text="Der Zahltag war falsch abgeschrieben.")
    voucher.paid_on = date(YEAR, 3, 6)
    voucher.save()

    newer = make_version(report=report, change_note="Nachtrag")
    found = freeze(newer, at=timezone.now()).changes

    assert [(change.label, change.reason) for change in found] == [
        ("Belegliste, Ausgabe 2.1: P11", "Der Zahltag war falsch abgeschrieben.")
    ]
    assert [f"05.03.{YEAR}" in found[0].before, f"06.03.{YEAR}" in found[0].after] == [True, True]


def test_two_answers_about_one_part_stand_side_by_side():
    first = make_query(section="summary", heading="Zusammenfassung")
    second = make_query(version=first.version, section="summary", heading="Zusammenfassung")
    first.answer(by=make_user(Role.MANAGER), text="Ein Absatz fehlte.")
    second.answer(by=make_user(Role.MANAGER), text="Ein Wort auch.")

    newer = make_version(report=first.version.report)

    assert reasons(newer) == {"summary": "Ein Absatz fehlte. / Ein Wort auch."}


def test_an_answer_is_a_reason_until_a_version_with_it_was_released():
    query = make_query(section="summary", heading="Zusammenfassung")
    report = query.version.report
    query.answer(by=make_user(Role.MANAGER), text="Ein Absatz fehlte.")

    draft = make_draft(dated_now(), report=report)
    after_a_draft = make_version(report=report)
    assert reasons(after_a_draft) == {"summary": "Ein Absatz fehlte."}

    after_a_draft.cancel(by=make_user(Role.MANAGER))
    let_out(draft)
    assert reasons(make_version(report=report)) == {}

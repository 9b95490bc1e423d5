"""Lists of vouchers: what is read, what is refused, and that a second time adds nothing."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.export import xlsx_pieces
from reports.models import Acceptance, Voucher, VoucherImport
from tests.factories import (
    make_cost_method,
    make_grant,
    make_officer,
    make_plan_line,
    make_report,
    make_submitted,
    make_user,
    make_voucher,
)

pytestmark = pytest.mark.django_db

D = Decimal
LIST = (
    "Belegliste 2024\n"
    "Art;Position;Beleg-Nr.;Rechnungsdatum;Zahltag;Empfänger;Grund;Betrag;"
    "davon förderfähig;Kürzung\n"
    "Ausgabe;2.1;R-1;01.02.2024;15.02.2024;Muster-Druckerei;Faltblätter;1.190,00 €;;\n"
    "Ausgabe;Miete;R-2;;1.3.24;Beispiel Hausverwaltung;Miete März;500;450,50;Anteil Verein\n"
    "Ausgabe;2.1;R-3;;05.03.2024;Muster-Druckerei;Gutschrift;-90,00;;\n"
    "Einnahme;1;E-1;;10.03.2024;Muster-Stiftung;Spende;2.000,00;;\n"
    "Summe;;;;;;;3.600,00;;\n"
)
BAD = (
    "Position;Beleg-Nr.;Zahltag;Empfänger;Grund;Betrag;davon förderfähig\n"
    "9.9;R-1;15.02.2024;Muster;Papier;10,00;\n"
    ";R-2;15.02.2024;Muster;Papier;10,00;\n"
    "2.1;R-3;31.02.2024;Muster;Papier;zehn;\n"
    "2.1;R-4;15.02.2024;;;10,00;\n"
    "2.1;R-5;15.02.2024;Muster;Papier;10,00;12,00\n"
    "2.1;R-6;15.02.2024;Muster;Papier;10,00;8,00\n"
    "2.1;R-7;15.02.2024;Muster;Papier;10,00;\n"
    "2.1;R-7;15.02.2024;Muster;Papier;11,00;\n"
    "2.1;R-8;15.02.2024;Muster;Papier;0,00;\n"
    "3;R-9;15.02.2024;Muster;Papier;10,00;\n"
)


@pytest.fixture
def grant():
    grant = make_grant(ref="muster-2024")
    make_plan_line(grant=grant, position="2.1", label="Druck")
    make_plan_line(grant=grant, position="2.2", label="Miete")
    make_plan_line(grant=grant, position="3", costing="flat", method=make_cost_method())
    make_plan_line(grant=grant, kind="income", position="1", label="Spenden")
    return grant


@pytest.fixture
def person():
    return make_user(Role.MANAGER)


def bring(grant, person, text, name="belege.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return VoucherImport.objects.propose(
        by=person, grant=grant, file=io.BytesIO(content), name=name
    )


def told(grant):
    rows = Voucher.objects.valid().filter(grant=grant).order_by("number")
    return [
        (row.line.label, row.number, row.paid_on, row.amount, row.eligible, row.cut_because)
        for row in rows
    ]


def test_a_list_becomes_vouchers_and_a_second_time_adds_nothing(grant, person):
    batch = bring(grant, person, LIST)
    batch.commit(by=person)
    again = bring(grant, person, LIST)
    again.commit(by=person)

    assert told(grant) == [
        ("Spenden", "E-1", date(2024, 3, 10), D("2000.00"), D("2000.00"), ""),
        ("Druck", "R-1", date(2024, 2, 15), D("1190.00"), D("1190.00"), ""),
        ("Miete", "R-2", date(2024, 3, 1), D("500.00"), D("450.50"), "Anteil Verein"),
        ("Druck", "R-3", date(2024, 3, 5), D("-90.00"), D("-90.00"), ""),
    ]
    first = VoucherImport.objects.get(pk=batch.pk).outcome
    second = VoucherImport.objects.get(pk=again.pk).outcome
    assert (first["imported"], first["ignored"], first["total"]) == (4, 1, 3600.0)
    assert (second["imported"], second["duplicates"]) == (0, 4)


def test_what_cannot_be_taken_says_why(grant, person):
    reading = bring(grant, person, BAD).reading

    assert [entry.number for entry in reading.entries] == ["R-7"]
    assert [(each.row, each.code) for each in reading.problems] == [
        (2, "unknown_line"),
        (3, "no_line"),
        (4, "impossible_date"),
        (4, "unreadable_amount"),
        (5, "no_payee"),
        (5, "no_reason"),
        (6, "eligible_beyond"),
        (7, "no_cut_reason"),
        (9, "same_number"),
        (10, "impossible_amount"),
        (11, "unknown_line"),
    ]
    assert "2.1 Druck" in reading.problems[0].sentence


def test_days_that_cannot_be_are_refused_row_by_row(grant, person):
    text = (
        "Position;Beleg-Nr.;Rechnungsdatum;Zahltag;Empfänger;Grund;Betrag\n"
        "2.1;R-1;;01.01.2099;Muster;Papier;10,00\n"
        "2.1;R-2;31.12.1989;31.12.1989;Muster;Papier;10,00\n"
        "2.1;R-3;01.01.1990;01.02.1990;Muster;Papier;10,00\n"
    )

    reading = bring(grant, person, text).reading

    assert [(each.row, each.code) for each in reading.problems] == [
        (2, "in_future"),
        (3, "too_early"),
        (3, "too_early"),
    ]
    assert [entry.number for entry in reading.entries] == ["R-3"]


def test_what_is_odd_in_a_list_stands_beside_it_before_it_is_imported(manager, grant, person):
    other = make_grant(project=grant.project, reference="Az. Muster")
    paid = {"payee": "Beispiel Telefon", "paid_on": date(2024, 2, 15), "amount": D("60.00")}
    make_voucher(line=make_plan_line(grant=other), number="T-1", **paid)
    text = (
        "Position;Beleg-Nr.;Rechnungsdatum;Zahltag;Empfänger;Grund;Betrag\n"
        "2.1;R-1;16.04.2024;15.02.2024;Muster;Papier;10,00\n"
        "2.1;R-2;;15.02.2021;Muster;Papier;10,00\n"
        "2.1;R-3;;15.02.2024;Muster;Papier;10.000,01\n"
        "2.1;R-4;;15.02.2024;beispiel telefon;Telefon;60,00\n"
        "2.2;R-5;;15.02.2024;Muster;Papier;10,00\n"
        "2.2;R-6;;16.02.2024;Muster;Papier;10,00\n"
    )

    batch = bring(grant, person, text)

    assert {entry.number: [odd.code for odd in entry.odd] for entry in batch.reading.entries} == {
        "R-1": ["before_invoice"],
        "R-2": ["before_grant"],
        "R-3": ["beyond_plan"],
        "R-4": ["double"],
        "R-5": ["double"],
        "R-6": [],
    }
    page = manager.get(reverse("reports:vouchers_import_preview", args=[batch.pk])).text
    assert "5 Zeilen" in page
    assert "vielleicht derselbe wie T-1 (Az. Muster)" in page
    batch.commit(by=person)
    again = bring(grant, person, text).reading
    assert (len(again.duplicates), again.figures()["odd"]) == (6, 0)


def test_a_voucher_that_is_there_with_other_details_is_not_overwritten(grant, person):
    bring(grant, person, LIST).commit(by=person)

    reading = bring(grant, person, LIST.replace("1.190,00", "1.191,00")).reading

    assert [(each.row, each.code) for each in reading.problems] == [(3, "same_number")]
    assert (len(reading.entries), len(reading.duplicates)) == (0, 3)


def test_an_excel_file_is_read_alike(grant, person):
    pieces = xlsx_pieces(
        ["Position", "Beleg-Nr.", "Zahltag", "Empfänger", "Grund", "Betrag"],
        [["2.1", 4711, date(2024, 2, 15), "Muster", "Papier", D("12.34")]],
    )

    bring(grant, person, b"".join(pieces), "belege.xlsx").commit(by=person)

    assert told(grant) == [("Druck", "4711", date(2024, 2, 15), D("12.34"), D("12.34"), "")]


def test_a_row_of_a_period_that_was_accepted_is_refused_alone(grant, person):
    report = make_report(grant=grant, ends_on=date(2024, 6, 30))
    version = make_submitted(report=report)
    lock = Acceptance.objects.accept(version, by=make_officer(version)).lock
    text = (
        "Position;Beleg-Nr.;Zahltag;Empfänger;Grund;Betrag\n"
        "2.1;R-1;30.06.2024;Muster;Papier;10,00\n"
        "2.1;R-2;01.07.2024;Muster;Papier;20,00\n"
    )

    batch = bring(grant, person, text)
    assert [(each.row, each.code) for each in batch.reading.problems] == [(2, "closed_day")]
    assert "Öffnen Sie zuerst den Zeitraum" in batch.reading.problems[0].sentence
    batch.commit(by=person)
    assert [row[1] for row in told(grant)] == ["R-2"]

    lock.lift(by=person, reason="Rechnung fehlte")
    assert not bring(grant, person, text).reading.problems


def test_an_import_is_undone_into_the_bin(grant, person):
    batch = bring(grant, person, LIST).commit(by=person)

    assert batch.undo(by=person) == 4
    assert told(grant) == []
    assert Voucher.objects.in_bin().count() == 4
    bring(grant, person, LIST).commit(by=person)
    assert len(told(grant)) == 4


def test_only_the_management_brings_vouchers(grant):
    with pytest.raises(ValidationError, match="Leitung"):
        bring(grant, make_user(Role.ADVISOR), LIST)


def test_the_pages_bring_a_list(manager, grant):
    file = io.BytesIO(LIST.encode())
    file.name = "belege.csv"
    columns = manager.post(
        reverse("reports:vouchers_import"), {"grant": grant.pk, "file": file}, follow=True
    )
    batch = VoucherImport.objects.get()
    assert columns.redirect_chain == [
        (reverse("reports:vouchers_import_columns", args=[batch.pk]), 302)
    ]
    preview = manager.get(reverse("reports:vouchers_import_preview", args=[batch.pk]))
    assert "Muster-Druckerei" in preview.text
    done = manager.post(reverse("reports:vouchers_import_commit", args=[batch.pk]), follow=True)

    assert Voucher.objects.count() == 4
    assert reverse("reports:vouchers", args=[grant.ref]) in done.text


def test_the_import_opened_from_a_grant_has_it_chosen(manager, grant):
    make_grant()
    listed = manager.get(reverse("reports:vouchers", args=[grant.ref]))
    address = f"{reverse('reports:vouchers_import')}?grant={grant.pk}"
    assert listed.text.count(f'href="{address}"') == 2

    page = manager.get(address)

    assert f'<option value="{grant.pk}" selected>' in page.text
    assert manager.get(f"{reverse('reports:vouchers_import')}?grant=x&file=y").status_code == 200


def test_a_row_with_problems_shows_numbers_of_a_spreadsheet_as_people_write_them(grant, person):
    pieces = xlsx_pieces(
        ["Position", "Beleg-Nr.", "Zahltag", "Empfänger", "Grund", "Betrag"],
        [["9.9", "R-1", date(2024, 2, 15), "Muster", "Papier", 2345.67]],
    )

    [line] = bring(grant, person, b"".join(pieces), "belege.xlsx").lines()

    assert (line.is_wrong, line.values[1], line.values[6]) == (True, "R-1", "2345,67")


def test_the_command_brings_a_list(tmp_path, grant):
    file = tmp_path / "belege.csv"
    file.write_text(LIST, encoding="utf-8")

    call_command("import_vouchers", str(file), grant=grant.ref)
    assert not Voucher.objects.exists()
    call_command("import_vouchers", str(file), grant=grant.ref, commit=True)
    call_command("import_vouchers", str(file), grant=grant.ref, commit=True)

    assert len(told(grant)) == 4
    with pytest.raises(CommandError, match="keine Zuwendung"):
        call_command("import_vouchers", str(file), grant="gibt-es-nicht")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_voucherimport_status_is_known", {"status": "lost", "content": b""}),
        ("reports_voucherimport_committed_with_time", {"status": "committed", "content": b""}),
        ("reports_voucherimport_only_open_keeps_file", {"status": "discarded"}),
        ("reports_voucherimport_leftover_of_committed", {"leftover": {}}),
    ],
)
def test_the_database_refuses_an_impossible_import(grant, person, constraint, fields):
    batch = bring(grant, person, LIST)

    with pytest.raises(IntegrityError, match=constraint):
        VoucherImport.objects.filter(pk=batch.pk).update(**fields)

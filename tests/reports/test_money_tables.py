"""The money of a report as tables: Excel, CSV and archives hold plan, vouchers and result."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from reports.document import FinancingLine, Settlement, VoucherRow, plain
from reports.money_tables import money_tables
from reports.paper import figures_csv, main_csv, vouchers_csv
from reports.production import produce
from reports.tables import workbook
from reports.taking import money_files
from tests.factories import (
    frozen,
    make_grant,
    make_plan_line,
    make_released,
    make_report,
    make_user,
    make_version,
    make_voucher,
    produced,
)
from tests.reports.samples import make_cover, make_document

D = Decimal
BILL = VoucherRow(
    number=1,
    voucher="=1+1",
    invoiced_on=date(2003, 2, 27),
    paid_on=date(2003, 3, 5),
    payee="@Muster",
    reason="Papier\x07",
    amount=D("100.00"),
    eligible=D("90.00"),
    note="-Pfand",
)
GOODS = FinancingLine(
    kind="expense",
    position="2",
    label="Sachausgaben",
    planned=D("80.00"),
    eligible=D("80.00"),
    actual=D("100.00"),
    actual_eligible=D("90.00"),
    since_start=D("130.00"),
    since_start_eligible=D("120.00"),
    is_exceeded=True,
    vouchers=(BILL,),
)
FLAT = FinancingLine(
    kind="expense",
    position="3",
    label="Gemeinkosten",
    planned=D("20.00"),
    eligible=D("20.00"),
    actual=D("15.00"),
    actual_eligible=D("15.00"),
    since_start=D("15.00"),
    since_start_eligible=D("15.00"),
    made_of="Pauschale",
)
LAND = FinancingLine(
    kind="income",
    position="1",
    label="Land",
    planned=D("100.00"),
    actual=D("60.00"),
    actual_eligible=D("60.00"),
    since_start=D("60.00"),
    since_start_eligible=D("60.00"),
)
SETTLED = Settlement(
    spent=D("145.00"),
    eligible=D("135.00"),
    own=D("0.00"),
    third=D("0.00"),
    other_grants=D("0.00"),
    received=D("60.00"),
    due=D("100.00"),
    further=D("40.00"),
    repayment=D("0.00"),
    own_share=D("45.00"),
    balance=D("-85.00"),
)


def document(kind="interim", **fields):
    fields = {"finances": (GOODS, FLAT, LAND), "settlement": SETTLED} | fields
    return make_document(cover=make_cover(kind=kind), **fields)


def sheets(kind="interim", **fields):
    book = openpyxl.load_workbook(io.BytesIO(workbook(plain(document(kind, **fields)))))
    return {sheet.title: sheet for sheet in book}


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_plan_stands_against_what_came_of_it_with_its_sums():
    plan = sheets()["Finanzierungsplan"]

    lines = list(plan.values)
    assert lines[0][:4] == ("Art", "Position", "Bezeichnung", "lt. Bescheid EUR")
    # 130.00 of 80.00 is 50.00 or 62.5 percent too much.
    goods = ("Ausgabe", "2", "Sachausgaben", 80, 80, 100, 90, 130, 120, 50, 62.5, "ja", None)
    assert lines[1] == goods
    assert lines[2][2:] == ("Gemeinkosten", 20, 20, 15, 15, 15, 15, -5, -25, None, "Pauschale")
    assert lines[3][2:11] == ("Summe Ausgaben", 100, 100, 115, 105, 145, 135, 45, None)
    assert lines[4][:6] == ("Einnahme", "1", "Land", 100, None, 60)
    assert lines[5][2:10] == ("Summe Einnahmen", 100, None, 60, 60, 60, 60, -40)
    assert plan.freeze_panes == "A2"
    assert plan["D2"].number_format == "#,##0.00"


def test_vouchers_have_real_days_and_amounts_and_texts_that_calculate_nothing():
    sheet = sheets()["Belege"]

    [_heading, line] = sheet.values
    assert line[3:5] + line[7:] == (1, "=1+1", "@Muster", "Papier", 100, 90, "-Pfand")
    assert [day.date() for day in line[5:7]] == [date(2003, 2, 27), date(2003, 3, 5)]
    assert {sheet[cell].data_type for cell in ("E2", "H2", "L2")} == {"s"}
    assert sheet["G2"].number_format == "dd.mm.yyyy"
    # As CSV the same, with the sign that keeps a spreadsheet from calculating.
    [_heading, row] = rows_of(vouchers_csv(document()))
    assert row[4:] == [
        *("'=1+1", "27.02.2003", "05.03.2003", "'@Muster", "Papier"),
        *("100,00", "90,00", "'-Pfand"),
    ]


def test_the_result_says_what_follows_for_the_grant():
    lines = list(sheets()["Ergebnis"].values)

    assert lines[1:4] == [
        ("Einnahmen", 100, 60),
        ("Ausgaben", 100, 145),
        ("Einnahmen abzüglich Ausgaben", 0, -85),
    ]
    assert dict(line[::2] for line in lines[4:]) == {
        "Zuwendungsfähige Ausgaben": 135,
        "Eigenmittel": 0,
        "Leistungen Dritter": 0,
        "Andere Zuwendungen": 0,
        "Zuwendung nach Abrechnung": 100,
        "Davon ausgezahlt": 60,
        "Noch abzurufen": 40,
        "Nach diesem Stand zurückzuzahlen": 0,
        "Vom Zuwendungsempfänger zu tragen": 45,
    }


def test_the_figures_as_csv_hold_plan_and_result_too():
    rows = rows_of(figures_csv(document()))

    plan = ["Finanzierungsplan", "2", "Ausgabe: Sachausgaben"]
    assert [*plan, "seit Beginn EUR", "130,00"] in rows
    assert [*plan, "Abweichung %", "62,5"] in rows
    assert ["Ergebnis", "", "Noch abzurufen", "lt. Abrechnung EUR", "40,00"] in rows


def test_a_list_of_vouchers_gives_its_vouchers_and_nothing_its_paper_does_not_show():
    assert list(sheets("vouchers")) == ["Belege", "Finanzierungsplan", "Ergebnis"]
    assert list(sheets("vouchers", finances=(), settlement=None)) == ["Belege"]
    assert [row[0] for row in rows_of(main_csv(document("vouchers")))] == ["Art", "Ausgabe"]
    assert main_csv(document("final")) == figures_csv(document("final"))


@pytest.mark.parametrize("kind", ["narrative", "indicators", "status"])
def test_a_paper_without_money_has_files_without_money(kind):
    assert not {"Finanzierungsplan", "Belege", "Ergebnis"} & set(sheets(kind))
    assert "Finanzierungsplan" not in figures_csv(document(kind)).decode("utf-8-sig")


def test_what_nobody_kept_here_stays_empty():
    planned = FinancingLine("expense", "1", "Personal", D("500.00"))

    plan, result = money_tables(plain(document(finances=(planned,), settlement=None)))

    assert plan.rows[0][2:10] == ("Personal", D("500.00"), *[None] * 6)
    assert result.rows[1] == ("Ausgaben", D("500.00"), None)
    assert money_tables({"indicators": []}) == []


@pytest.mark.django_db
def test_archives_hold_each_money_table_as_a_file_of_its_own(sign_in):
    version = make_released()
    client = sign_in(make_user(Role.MANAGER))

    answer = client.get(reverse("reports:everything", args=[version.pk]))

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    named = {each["file"] for each in json.loads(archive.read("manifest.json"))["files"]}
    for table in ("finanzierungsplan", "belege", "ergebnis"):
        assert f"{version.file_stem}_{table}.csv" in named
    bills = rows_of(archive.read(f"{version.file_stem}_belege.csv"))
    assert bills[1][4:] == [
        *("B-1", "", "05.03.2024", "Muster Bürobedarf", "Papier", "100,00", "90,00", "")
    ]


@pytest.mark.django_db
def test_an_archive_holds_the_vouchers_of_a_list_once(sign_in):
    grant = make_grant(profile="senate")
    make_voucher(line=make_plan_line(grant=grant), number="B-7")
    version = make_version(report=make_report(grant=grant, kind="vouchers"))
    made = produce(version, lambda step: None)
    version = make_released(made, report=make_report(grant=make_grant(), kind="vouchers"))
    client = sign_in(make_user(Role.MANAGER))

    taken = client.get(reverse("reports:download", args=[version.pk, "csv"]))
    answer = client.get(reverse("reports:everything", args=[version.pk]))

    assert rows_of(taken.content)[1][4] == "B-7"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert f"{version.file_stem}_belege.csv" not in archive.namelist()
    assert f"{version.file_stem}_ergebnis.csv" in archive.namelist()


@pytest.mark.django_db
def test_a_list_released_before_keeps_its_csv_and_its_archive_brings_the_vouchers():
    content = produced(frozen=frozen(cover={"kind": "vouchers"}))
    version = make_released(content, report=make_report(kind="vouchers"))

    files = dict(money_files(version))

    assert bytes(version.document.csv) == content.csv
    assert len(rows_of(files[f"{version.file_stem}_belege.csv"])) == 2

"""The money of a report: its sums, against plain SQL and against the rows it opens."""

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pypdf
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from reports import paper
from reports.document import Document
from reports.freezing import freeze
from reports.frozen_books import FrozenBooks, Rows, hours_of
from reports.models import Grant, ReportKind
from reports.money_reading import MoneyReading
from reports.payment_paper import payment_request
from reports.settlement import Books, PlanLine
from reports.worked import Work
from tests.factories import (
    make_cost_method,
    make_deliverable,
    make_grant,
    make_hour_line,
    make_payment,
    make_plan_line,
    make_released,
    make_report,
    make_staff_rate,
    make_user,
    make_version,
    make_voucher,
    produced,
)
from tests.reports.checked import found

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def by():
    return make_user(Role.MANAGER)


@pytest.fixture
def grant(by):
    """A year with two lines by vouchers, a flat rate, a lump sum, and money paid twice."""
    grant = make_grant(profile="senate", financing="gap", amount=D("5000.00"))
    staff = make_plan_line(grant=grant, position="1", label="Personal", costing="staff")
    goods = make_plan_line(grant=grant, position="2", label="Sachausgaben", planned=D("100.00"))
    make_plan_line(
        grant=grant, position="3", label="Gemein", costing="flat", method=make_cost_method()
    )
    make_plan_line(grant=grant, kind="income", position="1", label="Land", origin="grant")
    third = make_plan_line(grant=grant, kind="income", position="2", label="Spenden")
    first = grant.starts_on
    for number, (line, days, amount, eligible) in enumerate(
        [
            (staff, 10, "1000.01", "1000.01"),
            (staff, 200, "1000.02", "1000.02"),
            (goods, 20, "70.00", "50.00"),
            (goods, 210, "80.00", "80.00"),
            (goods, -1, "5.00", "5.00"),
            (goods, 400, "7.00", "7.00"),
            (third, 30, "300.00", "300.00"),
        ]
    ):
        make_voucher(
            line=line,
            number=f"B-{number}",
            paid_on=first + timedelta(days),
            amount=D(amount),
            eligible=D(eligible),
            cut_because="" if amount == eligible else "Pfand",
        )
    lump = make_plan_line(
        grant=grant, position="4", costing="lump", method=make_cost_method(base="results")
    )
    make_deliverable(
        line=lump, amount=D("500.00"), proven_on=first + timedelta(300), proof="Gutachten"
    )
    for days in (5, 250):
        asked = make_payment(grant=grant, amount=D("1000.00"))
        asked.note_paid(by=by, paid_on=first + timedelta(days), paid_amount=D("1000.00"))
    return grant


def text_of(content):
    """The words of a PDF without blanks, which wrap as they like."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    return "".join("".join(sheet.extract_text() for sheet in reader.pages).split())


def frozen_of(grant, starts_on=None, ends_on=None, kind=ReportKind.INTERIM):
    report = make_report(
        grant=grant,
        kind=kind,
        starts_on=starts_on or grant.starts_on,
        ends_on=ends_on or grant.ends_on,
    )
    return freeze(make_version(report=report), at=timezone.now())


def halves(grant):
    middle = grant.starts_on + timedelta(180)
    return (grant.starts_on, middle), (middle + timedelta(1), grant.ends_on)


@pytest.mark.parametrize("part", [0, 1, None])
def test_the_sums_agree_with_the_vouchers_and_with_plain_sql(grant, part):
    days = (grant.starts_on, grant.ends_on) if part is None else halves(grant)[part]

    document = frozen_of(grant, *days)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.kind || ' ' || l.position, sum(v.amount), sum(v.eligible) "
            "FILTER (WHERE v.paid_on BETWEEN %(first)s AND %(last)s) FROM reports_voucher v "
            "JOIN reports_financingplanline l ON l.id = v.line_id WHERE v.grant_id = %(grant)s "
            "AND (v.paid_on >= %(from)s OR %(begins)s) AND (v.paid_on <= %(to)s OR %(ends)s) "
            "GROUP BY 1",
            {
                "grant": grant.pk,
                "first": grant.starts_on,
                "last": grant.ends_on,
                "from": days[0],
                "to": days[1],
                "begins": part != 1,
                "ends": part != 0,
            },
        )
        counted = {key: (amount, eligible or 0) for key, amount, eligible in cursor.fetchall()}
    by_vouchers = {
        f"{line.kind} {line.position}": (line.actual, line.actual_eligible)
        for line in document.finances
        if line.vouchers and not line.vouchers[0].voucher.startswith(("Mittelabruf", "Ergebnis"))
    }
    assert by_vouchers == counted
    for line in document.finances:
        if not line.made_of:
            assert line.actual == sum(row.amount for row in line.vouchers)
            assert line.actual_eligible == sum(row.eligible for row in line.vouchers)
            both = (*line.earlier, *line.vouchers)
            assert line.since_start == sum(row.amount for row in both)
            assert line.since_start_eligible == sum(row.eligible for row in both)


def test_the_result_agrees_with_the_lines(grant):
    document = frozen_of(grant)
    lines, result = document.finances, document.settlement

    spent = sum(line.since_start for line in lines if line.kind == "expense")
    eligible = sum(line.since_start_eligible for line in lines if line.kind == "expense")
    income = sum(line.since_start for line in lines if line.kind == "income")
    assert (result.spent, result.eligible) == (spent, eligible)
    assert result.balance == income - spent
    # 2,000.03 staff, 130.00 of 162.00 goods, 15 percent of the staff, a result of 500.00.
    assert result.eligible == D("2000.03") + D("130.00") + D("300.00") + D("500.00")
    assert result.due == result.eligible - D("300.00")
    assert (result.received, result.further) == (D("2000.00"), result.due - D("2000.00"))
    assert document.cover.paid_total == D("2000.00")
    goods = next(line for line in lines if line.label == "Sachausgaben")
    assert [row.note for row in goods.vouchers if not row.eligible] == [
        "außerhalb des Zeitraums bezahlt, nicht förderfähig"
    ] * 2
    assert goods.is_exceeded


def test_two_halves_are_the_whole(grant):
    parts = [frozen_of(grant, *days).finances for days in halves(grant)]
    whole = frozen_of(grant).finances

    for first, second, line in zip(*parts, whole, strict=True):
        assert first.actual + second.actual == line.actual == second.since_start
        assert len(first.vouchers) + len(second.vouchers) == len(line.vouchers)


def test_a_grant_without_books_says_that_they_are_not_kept_here():
    grant = make_grant(profile="senate")
    make_plan_line(grant=grant)

    document = frozen_of(grant)

    assert (document.settlement, document.cover.paid_total) == (None, None)
    assert [(line.actual, line.since_start) for line in document.finances] == [(None, None)]
    assert "in diesem Portal nicht erfasst" in paper.typeset(document).html


@pytest.mark.parametrize("form", ["senate", "esf", "efre"])
def test_the_paper_prints_every_sum_and_every_voucher(grant, form):
    document = frozen_of(grant)
    document = replace(document, cover=replace(document.cover, form=form))

    printed = paper.produce(document)

    text = text_of(printed.content)
    for words in ("2.000,03", "Pfand", "B-0", "B-6", "Mittelabruf1", "Gutachten", "2.930,03"):
        assert words in text, words
    assert "Pauschale:15%von2.000,03EURderdirektenPersonalkosten" in text
    reader = pypdf.PdfReader(io.BytesIO(printed.content))
    assert "belege.csv" in reader.attachments
    table = reader.attachments["belege.csv"][0].decode("utf-8-sig")
    assert table.count("\r\n") == 1 + sum(len(line.vouchers) for line in document.finances)
    assert Document.from_json(document.to_json()) == document


def test_what_is_frozen_stays_when_the_books_go_on(grant, by):
    document = frozen_of(grant)
    before = document.to_json()
    grant.vouchers.first().withdraw(by=by)

    assert Document.from_json(before).settlement == document.settlement


def test_an_amount_opens_its_vouchers_for_the_funder(grant, sign_in):
    officer = make_user(Role.FUNDER)
    grant.programme.officers.add(officer)
    document = frozen_of(grant, *halves(grant)[1])
    report = make_report(grant=grant, kind=ReportKind.FINAL)
    version = make_released(produced(frozen=json.loads(document.to_json())), report=report)
    client = sign_in(officer)
    number = next(
        line.number for line in MoneyReading(version.frozen).lines if line.label == "Sachausgaben"
    )

    page = client.get(reverse("reports:money_line", args=[version.pk, number]))
    since = client.get(reverse("reports:money_line_since", args=[version.pk, number]))
    file = client.get(reverse("reports:money_line_since_rows", args=[version.pk, number, "csv"]))

    assert page.context["opened"].total == page.context["opened"].value == D("87.00")
    assert since.context["opened"].total == since.context["opened"].value == D("162.00")
    assert "Muster Bürobedarf" in page.text
    assert b"".join(file.streaming_content).count(b"\r\n") == 5
    detail = client.get(report.get_absolute_url())
    assert reverse("reports:money_line", args=[version.pk, number]) in detail.text


def test_a_payment_request_is_printed_as_it_was_asked_for(grant, manager):
    grant.payment_requests.update(status="called_back", paid_on=None, paid_amount=None)
    asked = make_payment(
        grant=grant, amount=D("750.00"), requested_on=grant.starts_on + timedelta(30)
    )
    make_voucher(line=grant.plan_lines.get(label="Personal"), amount=D("9999.00"))

    answer = manager.get(reverse("reports:payment_paper", args=[grant.ref, asked.pk]))

    text = text_of(answer.content)
    # 1,000.01 staff, 70.00 and 5.00 goods, 150.00 flat.
    assert "AusgabenseitBeginn1.225,01" in text
    assert "750,00EUR" in text
    assert payment_request(asked) == payment_request(asked)


def test_hours_are_told_by_person_rate_and_month_up_to_their_yearly_limit():
    grant = make_grant(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    line = make_hour_line(grant=grant)
    # Numbers are those of the rates as they were entered, whoever has hours in the period.
    _first, second, third = (make_staff_rate(line=line).person_id for _ in range(3))

    def work(person, day, minutes, rate="34.00", year_minutes=10_000, line=line.pk):
        return Work(line, person, day, minutes, Decimal(rate), year_minutes)

    books = Books(
        work=(
            work(second, date(2025, 3, 3), 90),
            work(second, date(2025, 3, 4), 30),
            work(second, date(2025, 5, 5), 60),
            work(third, date(2025, 4, 1), 300, rate="40.00", year_minutes=120),
            work(second, date(2025, 7, 1), 60),  # after the period
            work(second, date(2025, 3, 3), 60, line=line.pk + 1),
        )
    )
    rows = Rows(grant, date(2025, 2, 1), date(2025, 6, 30))

    assert hours_of(PlanLine(line.pk, "expense", "1", "Personal", Decimal(0)), books, rows) == (
        "Nachgewiesene Stunden. "
        "Person 2: 3,00 Stunden zu 34,00\N{NO-BREAK SPACE}EUR (03/2025: 2,00; 05/2025: 1,00). "
        "Person 3: 2,00 Stunden zu 40,00\N{NO-BREAK SPACE}EUR (04/2025: 2,00)"
    )


@pytest.mark.parametrize(
    ("profile", "there", "not_there"),
    [
        (
            "senate",
            ["BedarfdernächstenzweiMonate", "innerhalbvonzweiMonaten", "Davonnochnichtverausgabt"],
            ["Erstattung"],
        ),
        (
            "esf",
            [
                "AntragaufErstattung",
                "Belege,bezahltvom01.01.2024bis29.02.20241.070,01EUR",
                "Davonzuwendungsfähig1.050,01EUR",
                "mitPauschalenundStunden1.200,01EUR",
            ],
            ["Bedarf", "innerhalbvon"],
        ),
    ],
)
def test_a_payment_request_says_whether_money_is_to_come_first(grant, profile, there, not_there):
    grant.payment_requests.update(status="called_back", paid_on=None, paid_amount=None)
    Grant.objects.update(
        profile=profile,
        account_holder="Musterverein e. V.",
        iban="DE89370400440532013000",
        bank="Musterbank",
    )
    grant.refresh_from_db()
    make_payment(grant=grant, amount=D("11.00"))
    asked = make_payment(
        grant=grant, starts_on=date(2024, 1, 1), ends_on=date(2024, 2, 29), amount=D("300.00")
    )
    Grant.objects.update(iban="", account_holder="")

    text = text_of(payment_request(asked))

    for words in [*there, "IBANDE89370400440532013000,Musterbank", "Nr.301.01.202411,00EUR"]:
        assert words in text
    for words in not_there:
        assert words not in text


def test_the_paper_says_that_the_project_is_over_financed(grant):
    third, less = grant.plan_lines.get(kind="income", origin="third"), frozen_of(grant)
    make_voucher(line=third, amount=D("5000.00"), number="E-9")

    document = frozen_of(grant, kind=ReportKind.FINAL)
    html = paper.typeset(document).html

    # 2,962.03 were spent; 2,000.00 of the grant and 5,300.00 besides have come.
    assert document.settlement.surplus == D("4337.97")
    assert document.settlement.further == 0
    assert "Überfinanzierung: mehr Einnahmen als Ausgaben" in html
    assert "4.337,97\xa0EUR" in html
    assert "Überfinanzierung" not in paper.typeset(less).html
    report = grant.reports.get(kind=ReportKind.FINAL)
    assert ["4.337,97" in each.text for each in found(report, "surplus")] == [True]


def test_a_flat_rate_that_is_a_difference_says_of_what():
    grant = make_grant(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    staff = make_plan_line(grant=grant, position="1", costing="staff")
    make_plan_line(grant=grant, position="2", costing="flat", method=make_cost_method())
    for month in (3, 9):
        make_voucher(line=staff, amount=D("1000.10"), paid_on=date(2025, month, 1))

    def told(first, last):
        lines = FrozenBooks.of(grant, first, last).lines
        return [(each.actual, each.made_of) for each in lines if each.position == "2"]

    # 15 percent of 1,000.10 are 150.015, of 2,000.20 they are 300.03.
    euro = "\N{NO-BREAK SPACE}EUR"
    [(first, of_first)] = told(date(2025, 1, 1), date(2025, 6, 30))
    assert first == D("150.02")
    assert f"von 1.000,10{euro}" in of_first
    [(second, of_second)] = told(date(2025, 7, 1), date(2025, 12, 31))
    assert second == D("150.01")
    assert f"von 2.000,20{euro}" in of_second
    assert of_second.endswith(f"= 300,03{euro}, abzüglich 150,02{euro} aus der Zeit davor")

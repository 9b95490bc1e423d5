"""Hours, flat rates and the settlement open what they are made of, and it re-adds to the cent."""

import json
from dataclasses import fields
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from reports.document import Document, FinancingLine, Settlement, plain
from reports.freezing import freeze
from reports.hour_rows import Hours
from reports.models import ReportKind
from reports.money_reading import MoneyReading
from reports.money_rows import PaymentRow, Terms
from reports.money_tables import money_tables
from reports.settlement import Bounds, account
from reports.settlement_reading import NAMES, SettlementReading
from tests.factories import (
    YEAR,
    make_closed_sheet,
    make_cost_method,
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
from tests.reports.pages import address, officer_of
from tests.reports.test_cells import lines_of
from tests.reports.test_settlement import FIRST, LAST, plainly, projects

D = Decimal
HALF = date(YEAR, 7, 1)
SUMMER, WINTER = date(YEAR, 8, 5), date(YEAR, 2, 5)


# --- random projects ---


@settings(max_examples=80, deadline=None)
@given(projects(), st.integers(0, 200), st.integers(0, 165))
def test_the_rows_of_hours_add_up_to_their_line_to_the_cent(project, start, length):
    agreed, plan, books = project
    days = FIRST + timedelta(start), FIRST + timedelta(start + length)
    hours = Hours.of(3, books.work, {1: 1, 2: 2}, Bounds.of(FIRST, LAST, *days))

    line = account(agreed, plan, books, *days).lines[2]

    within = sum((row.amount for row in hours.within), D(0))
    before = sum((row.amount for row in hours.before), D(0))
    assert within == line.in_period
    assert before + within == line.since_start
    for row in (*hours.before, *hours.within):
        exact = row.minutes * row.rate / 60
        assert abs(row.amount - exact) < D("0.01")


@settings(max_examples=120, deadline=None)
@given(projects(), st.integers(0, 365))
def test_the_steps_of_each_amount_come_to_it(project, days):
    agreed, plan, books = project
    until = FIRST + timedelta(days)
    is_all = until >= LAST
    found = account(agreed, plan, books, FIRST, until)
    reading = SettlementReading(frozen_as(agreed, found, books, None if is_all else until))

    for amount in reading.amounts:
        opened = reading.opened(amount.address)
        assert opened.total == opened.value == amount.value, amount.title
    _sums, kept = plainly(agreed, plan, books, None if is_all else until)
    assert reading.opened("zuwendung").total == kept


def frozen_as(agreed, found, books, until):
    """What a report freezes of an account."""
    lines = [
        FinancingLine(
            each.line.kind,
            each.line.position,
            each.line.label,
            each.line.planned,
            actual=each.in_period,
            actual_eligible=each.in_period_eligible,
            since_start=each.since_start,
            since_start_eligible=each.since_start_eligible,
            costing=each.line.costing,
            origin=each.line.origin,
        )
        for each in found.lines
    ]
    paid = [
        PaymentRow(number, each.on, each.on, each.amount)
        for number, each in enumerate(books.payments)
        if until is None or each.on <= until
    ]
    kept = Settlement(**{item.name: getattr(found, item.name) for item in fields(Settlement)})
    went_by = Terms(
        agreed.amount,
        agreed.financing,
        agreed.rate,
        agreed.first_day,
        agreed.pay_until,
        tuple(paid),
    )
    return {"finances": plain(lines), "settlement": plain(kept), "terms": plain(went_by)}


# --- a report ---


@pytest.fixture
def grant(db):
    """Two people by the hour, of whom one in both halves; goods, a flat rate, money from three."""
    grant = make_grant(profile="esf", financing="share", rate=D("40"), amount=D("90000.00"))
    hours = make_hour_line(grant=grant, position="1", label="Beratung")
    goods = make_plan_line(grant=grant, position="2", label="Sachausgaben")
    flat = make_cost_method(rate=D("15.00"), source="Art. 54: 15 Prozent")
    make_plan_line(grant=grant, position="3", label="Gemein", costing="flat", method=flat)
    make_plan_line(
        grant=grant, kind="income", position="1", label="Land", origin="grant", planned=D("90000")
    )
    own = make_plan_line(
        grant=grant, kind="income", position="2", label="Eigenes", origin="own", planned=D("50.00")
    )
    third = make_plan_line(
        grant=grant, kind="income", position="3", label="Spenden", origin="third", planned=D(0)
    )
    first, second = make_user(Role.ADVISOR), make_user(Role.ADVISOR)
    for person, gross in ((first, "34401.00"), (second, "40001.00")):
        make_staff_rate(line=hours, person=person, gross_year=D(gross))
    make_closed_sheet(first, grant.project, 61, 7, 13, day=WINTER)
    make_closed_sheet(first, grant.project, 59, 11, day=SUMMER)
    make_closed_sheet(second, grant.project, 47, 19, 1, day=SUMMER)
    for number, (line, day, amount) in enumerate(
        [
            (goods, WINTER, "70.00"),
            (goods, SUMMER, "30.33"),
            (own, WINTER, "50.00"),
            (third, SUMMER, "20.10"),
        ]
    ):
        make_voucher(
            line=line, number=f"B-{number}", paid_on=day, amount=D(amount), eligible=D(amount)
        )
    for day, amount in ((WINTER, "40.00"), (SUMMER, "12.00")):
        asked = make_payment(grant=grant, amount=D(amount))
        asked.note_paid(by=make_user(Role.MANAGER), paid_on=day, paid_amount=D(amount))
    return grant


@pytest.fixture
def version(grant):
    """The released report of the second half of the year."""
    report = make_report(grant=grant, kind=ReportKind.FINAL, starts_on=HALF)
    document = freeze(make_version(report=report), at=timezone.now())
    report.versions.all().delete()
    assert Document.from_json(document.to_json()) == document
    return make_released(produced(frozen=json.loads(document.to_json())), report=report)


def line_of(version, label):
    return next(line for line in MoneyReading(version.frozen).lines if line.label == label)


def english(sign_in, user):
    User.objects.filter(pk=user.pk).update(language="en")
    return sign_in(user)


def hours_in_sql(grant, since):
    """{(month, hourly rate): minutes} of the closed sheets, from a day on."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.month, round(r.gross_year / 1720, 2), sum((d ->> 'own')::int)
                 FROM consultations_monthsheet s
                 JOIN reports_staffrate r ON r.person_id = s.user_id
                CROSS JOIN jsonb_array_elements(s.rows -> 'days') d
                WHERE s.project_id = %s AND (d ->> 'day')::date >= %s GROUP BY 1, 2""",
            [grant.project_id, since],
        )
        return {(month, rate): minutes for month, rate, minutes in cursor.fetchall()}


@pytest.mark.parametrize("cumulated", [False, True])
def test_a_line_by_hours_opens_its_hours(sign_in, grant, version, cumulated):
    line = line_of(version, "Beratung")
    client = english(sign_in, officer_of(version))
    name = "money_line_since" if cumulated else "money_line"

    page = client.get(address(name, version.pk, line.number))

    opened = page.context["opened"]
    in_sql = hours_in_sql(grant, grant.starts_on if cumulated else HALF)
    assert {(row.month, row.rate): row.minutes for row in opened.hours} == in_sql
    exact = sum(minutes * rate / 60 for (_month, rate), minutes in in_sql.items())
    assert opened.total == opened.value == (line.since_start if cumulated else line.actual)
    if cumulated:
        assert opened.total == exact.quantize(D("0.01"), ROUND_HALF_UP)
    assert abs(opened.total - exact) <= D("0.01")
    assert "Person 2" in page.text
    for person in User.objects.filter(role=Role.ADVISOR):
        assert str(person) not in page.text
        assert person.email not in page.text
    rows = lines_of(client.get(address(f"{name}_rows", version.pk, line.number, "csv")))
    assert rows[0][0] == "Person"
    assert sum(D(row[-1].replace(",", ".")) for row in rows[1:]) == opened.total


@pytest.mark.parametrize("cumulated", [False, True])
def test_a_flat_rate_opens_the_lines_it_is_taken_of(sign_in, version, cumulated):
    hours, flat = line_of(version, "Beratung"), line_of(version, "Gemein")
    client = english(sign_in, officer_of(version))
    name = "money_line_since" if cumulated else "money_line"

    page = client.get(address(name, version.pk, flat.number))

    opened = page.context["opened"]
    assert [line.label for line in opened.base] == ["Beratung"]
    share = (hours.since_start * 15 / 100).quantize(D("0.01"), ROUND_HALF_UP)
    before = ((hours.since_start - hours.actual) * 15 / 100).quantize(D("0.01"), ROUND_HALF_UP)
    assert opened.total == opened.value == (share if cumulated else share - before)
    assert "Art. 54: 15 Prozent" in page.text
    for link in ("money_line", "money_line_since"):
        assert f'href="{address(link, version.pk, hours.number)}"' in page.text
    rows = lines_of(client.get(address(f"{name}_rows", version.pk, flat.number, "csv")))
    assert [row[1] for row in rows[1:]] == ["Beratung", "Base", "Gemein"]


def test_the_settlement_opens_step_by_step(sign_in, version):
    client = english(sign_in, officer_of(version))
    detail = client.get(address("detail", version.report_id))
    kept = {name: D(value) for name, value in version.frozen["settlement"].items()}

    # Rates of 34,401 and 40,001 EUR a year: 20.00 and 23.26 EUR an hour.
    hours = (151 * D("20.00") / 60 + 67 * D("23.26") / 60).quantize(D("0.01"), ROUND_HALF_UP)
    flat = (hours * 15 / 100).quantize(D("0.01"), ROUND_HALF_UP)
    spent = hours + flat + D("100.33")
    due = ((spent - D("20.10")) * 40 / 100).quantize(D("0.01"), ROUND_HALF_UP)
    by_hand = {
        "ausgaben": spent,
        "zuwendungsfaehig": spent,
        "eigenmittel": D("50.00"),
        "dritte": D("20.10"),
        "andere-zuwendungen": D(0),
        "ausgezahlt": D("52.00"),
        "saldo": D("122.10") - spent,
        "zuwendung": due,
        "abzurufen": min(due - D("52.00"), spent - D("122.10")),
        "ueberfinanzierung": D(0),
        "rueckzahlung": D(0),
        "zu-tragen": spent - due - D("20.10"),
    }
    assert set(by_hand) == set(NAMES)
    for amount, value in by_hand.items():
        link = address("settled", version.pk, amount)
        assert f'href="{link}"' in detail.text
        page = client.get(link)
        settled = page.context["settled"]
        assert (settled.value, settled.total) == (value, value), amount
        assert settled.value == kept.get(NAMES[amount], value)
        assert "share of the costs, 40 %" in " ".join(page.text.split())
        rows = lines_of(client.get(address("settled_rows", version.pk, amount, "csv")))
        assert D(rows[-1][-1].replace(",", ".")) == value
        sheet = client.get(address("settled_rows", version.pk, amount, "xlsx"))
        assert sheet.status_code == 200
    taken = Event.objects.about(version).filter(verb="report.rows_downloaded")
    assert "abrechnung-zuwendung" in {each.details["of"] for each in taken}


def test_the_steps_lead_on_to_lines_and_payments(sign_in, version):
    client = english(sign_in, officer_of(version))
    number = line_of(version, "Spenden").number

    third = client.get(address("settled", version.pk, "dritte"))
    due = client.get(address("settled", version.pk, "zuwendung"))
    received = client.get(address("settled", version.pk, "ausgezahlt"))

    assert f'href="{address("money_line_since", version.pk, number)}"' in third.text
    assert f'href="{address("settled", version.pk, "zuwendungsfaehig")}"' in due.text
    assert "Nr. 2 ANBest-P" in due.text
    assert "40 % of these" in due.text
    assert [(step.label, step.amount) for step in received.context["settled"].steps] == [
        ("Payment request 1", D("40.00")),
        ("Payment request 2", D("12.00")),
    ]


def test_the_sheets_of_the_report_say_what_the_pages_say(version):
    reading, money = SettlementReading(version.frozen), MoneyReading(version.frozen)
    tables = {table.key: table.rows for table in money_tables(version.frozen)}
    told = {row[0]: row[2] for row in tables["ergebnis"]}

    assert told["Zuwendungsfähige Ausgaben"] == reading.opened("zuwendungsfaehig").total
    assert told["Zuwendung nach Abrechnung"] == reading.opened("zuwendung").total
    assert told["Noch abzurufen"] == reading.opened("abzurufen").total
    assert told["Einnahmen abzüglich Ausgaben"] == reading.opened("saldo").total
    by_hours = line_of(version, "Beratung")
    worked = [row for row in tables["stunden"] if row[:2] == (by_hours.position, by_hours.label)]
    assert sum(row[-1] for row in worked) == by_hours.actual
    assert sum(row[4] for row in worked) == money.opened(by_hours.number, cumulated=False).minutes
    lines = {row[2]: (row[5], row[7]) for row in tables["finanzierungsplan"]}
    for line in money.lines:
        opened = [money.opened(line.number, cumulated=since).total for since in (False, True)]
        assert lines[line.label] == tuple(opened), line.label


def test_what_was_frozen_stays_when_rates_and_payments_go_on(grant, version):
    line = line_of(version, "Beratung")
    before = MoneyReading(version.frozen).opened(line.number, cumulated=True).total

    make_closed_sheet(make_user(Role.ADVISOR), grant.project, 400, day=date(YEAR, 9, 2))
    asked = make_payment(grant=grant, amount=D("5.00"))
    asked.note_paid(by=make_user(Role.MANAGER), paid_on=date(YEAR, 9, 1), paid_amount=D("5.00"))
    version.refresh_from_db()

    assert MoneyReading(version.frozen).opened(line.number, cumulated=True).total == before
    assert SettlementReading(version.frozen).opened("ausgezahlt").total == D("52.00")


def test_money_opens_for_whoever_may_read_its_report(sign_in, version):
    hours = line_of(version, "Beratung").number
    addresses = [
        address("money_line", version.pk, hours),
        address("money_line_since", version.pk, hours),
        address("money_line_rows", version.pk, hours, "xlsx"),
        address("settled", version.pk, "zuwendung"),
        address("settled_rows", version.pk, "zuwendung", "csv"),
    ]
    people = {
        200: [make_user(Role.MANAGER), officer_of(version)],
        403: [make_user(Role.FOUNDER), make_user(Role.EVALUATOR)],
        404: [make_user(Role.ADVISOR), officer_of(make_released())],
    }
    for status, users in people.items():
        for user in users:
            client = sign_in(user)
            assert {client.get(each).status_code for each in addresses} == {status}, user.role
    client = sign_in(people[200][0])
    assert client.get(address("settled", version.pk, "nichts")).status_code == 404
    file = client.get(address("settled_rows", version.pk, "zuwendung", "pdf"))
    assert file.status_code == 404


def test_a_version_of_before_shows_its_amounts_and_says_why_they_do_not_open(sign_in, version):
    frozen = json.loads(json.dumps(version.frozen))
    del frozen["terms"]
    for line in frozen["finances"]:
        for name in ("costing", "origin", "hours", "earlier_hours", "base", "rate", "method"):
            del line[name]
    old = make_released(produced(frozen=frozen))
    client = english(sign_in, officer_of(old))

    page = client.get(address("detail", old.report_id))

    assert "This version was made before every amount kept what it is made of" in page.text
    assert "Of the grant by what was spent so far" in page.text
    for link in (
        address("settled", old.pk, "zuwendung"),
        address("money_line", old.pk, line_of(old, "Beratung").number),
        address("money_line_since", old.pk, line_of(old, "Gemein").number),
    ):
        assert link not in page.text
        assert client.get(link).status_code == 404
    goods = line_of(old, "Sachausgaben").number
    assert client.get(address("money_line", old.pk, goods)).status_code == 200


def test_a_line_nothing_was_booked_at_says_so(sign_in, version):
    frozen = json.loads(json.dumps(version.frozen))
    number = line_of(version, "Sachausgaben").number
    line = frozen["finances"][number - 1]
    line |= {"vouchers": [], "earlier": [], "actual": "0.00", "actual_eligible": "0.00"}
    new = make_released(produced(frozen=frozen))
    client = english(sign_in, officer_of(new))

    page = client.get(address("money_line", new.pk, number))

    assert "Nothing was booked." in page.text
    assert page.context["opened"].total == page.context["opened"].value == 0

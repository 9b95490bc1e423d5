"""Bills paid beyond the days of a grant: its first and its last period account for them alike."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from best_portal.accounts.models import Role
from reports.frozen_books import Rows
from reports.models import Voucher
from reports.settlement import Bounds
from reports.voucher_filters import VoucherFilter
from tests.factories import (
    YEAR,
    checked_file,
    make_grant,
    make_payment,
    make_plan_line,
    make_report,
    make_user,
    make_voucher,
)
from tests.reports.checked import found

D = Decimal
FIRST, MID, LAST = date(YEAR, 1, 1), date(YEAR, 6, 30), date(YEAR, 12, 31)
DAY = timedelta(days=1)
HALVES = [(FIRST, MID, "before"), (MID + DAY, LAST, "after")]


@pytest.fixture
def line():
    """A line of a year's grant whose bills may be paid two months later."""
    grant = make_grant(starts_on=FIRST, ends_on=LAST, pay_until=LAST + 60 * DAY)
    return make_plan_line(grant=grant)


def paid_around(line, **fields):
    return {
        "before": make_voucher(line=line, number="vorher", paid_on=FIRST - DAY, **fields),
        "after": make_voucher(line=line, number="nachher", paid_on=LAST + DAY, **fields),
    }


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "first", "last"),
    [
        (FIRST, MID, None, MID),
        (FIRST + DAY, MID, FIRST + DAY, MID),
        (MID, LAST, MID, None),
        (FIRST - DAY, LAST + DAY, None, None),
        (None, None, None, None),
    ],
)
def test_only_the_first_and_the_last_period_are_open(starts_on, ends_on, first, last):
    bounds = Bounds.of(FIRST, LAST, starts_on, ends_on)

    assert bounds == Bounds(first, last)
    assert bounds.takes(FIRST - DAY) == (first is None)
    assert bounds.takes(LAST + DAY) == (last is None)
    assert bounds.takes(MID)


@pytest.mark.django_db
@pytest.mark.parametrize(("starts_on", "ends_on", "mine"), HALVES)
def test_a_bill_without_a_file_is_missed_in_the_report_that_lists_it(
    line, starts_on, ends_on, mine
):
    bill = paid_around(line)[mine]
    make_voucher(line=line, paid_on=None)
    report = make_report(grant=line.grant, starts_on=starts_on, ends_on=ends_on)

    [finding] = found(report, "bare")

    assert finding.text.startswith("1 Beleg ")
    asked = dict(part.split("=") for part in finding.href.partition("?")[2].split("&"))
    listed = VoucherFilter(asked, user=make_user(Role.MANAGER), grant=line.grant)
    assert list(listed.rows) == [bill]
    [row], _earlier = Rows(line.grant, starts_on, ends_on).of(line)
    assert row.voucher == bill.number


@pytest.mark.django_db
def test_bills_that_are_not_paid_yet_are_in_no_period(line):
    make_voucher(line=line, paid_on=None)
    report = make_report(grant=line.grant)

    assert not found(report, "bare")
    assert not Voucher.objects.paid_within(line.grant.bounds(FIRST, LAST)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("starts_on", "ends_on", "mine"), HALVES)
def test_one_bill_in_two_grants_is_found_where_it_is_accounted_for(line, starts_on, ends_on, mine):
    beside = make_plan_line(grant=make_grant(project=line.grant.project))
    paid_around(line, file=checked_file())
    paid_around(beside, file=checked_file())
    report = make_report(grant=line.grant, starts_on=starts_on, ends_on=ends_on)

    [finding] = found(report, f"double-funding-{beside.grant.ref}")

    assert {"before": "vorher", "after": "nachher"}[mine] in finding.text
    assert finding.text.startswith("1 Beleg ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "counted", "until"),
    [(FIRST, MID, D(0), MID), (MID + DAY, LAST, D("100.00"), LAST + 60 * DAY)],
)
def test_the_last_request_asks_for_bills_paid_after_the_end(
    line, starts_on, ends_on, counted, until
):
    paid_around(line)
    make_voucher(line=line, paid_on=LAST + 61 * DAY)

    asked = make_payment(grant=line.grant, starts_on=starts_on, ends_on=ends_on)

    for name in ("paid_vouchers", "eligible_vouchers", "eligible_in_period"):
        assert asked.state[name] == counted
    assert asked.bills_until == until
    del asked.frozen["paid_until"]
    assert asked.bills_until == ends_on


@pytest.mark.django_db
def test_money_that_came_after_the_end_is_looked_at_in_the_last_report(line):
    grant = line.grant
    grant.profile = "senate"
    grant.save()
    asked = make_payment(grant=grant, requested_on=LAST)
    asked.note_paid(by=make_user(Role.MANAGER), paid_on=LAST + DAY, paid_amount=asked.amount)

    assert not found(make_report(grant=grant, ends_on=MID), "unspent")
    assert found(make_report(grant=grant, starts_on=MID + DAY), "unspent")

"""The settlement against sums by hand, and against a plain one over random projects."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.settlement import (
    Books,
    Payment,
    PlanLine,
    Posting,
    Result,
    Terms,
    account,
    forecast,
)
from reports.worked import Work, hourly_rate, year_minutes

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
D = Decimal


def terms(financing="gap", rate=None, amount="1000.00", **fields):
    fields = {"first_day": FIRST, "last_day": LAST, "pay_until": LAST, "overrun": D(20)} | fields
    return Terms(amount=D(amount), financing=financing, rate=rate, **fields)


def expense(pk=1, planned="1000.00", **fields):
    fields = {"kind": "expense", "position": str(pk), "label": "Ausgabe"} | fields
    return PlanLine(id=pk, planned=D(planned), **fields)


def income(pk, origin, planned="0.00"):
    return PlanLine(pk, "income", str(pk), "Einnahme", D(planned), origin=origin)


def paid(line, amount, on=FIRST, eligible=None):
    return Posting(line, on, D(amount), D(amount if eligible is None else eligible), line)


@pytest.mark.parametrize(
    ("financing", "rate", "spent", "other", "kept"),
    [
        ("gap", None, "900.00", "0.00", "900.00"),
        ("gap", None, "1500.00", "0.00", "1000.00"),
        ("gap", None, "1200.00", "300.00", "900.00"),
        ("gap", None, "100.00", "300.00", "0.00"),
        ("full", None, "950.00", "0.00", "950.00"),
        ("share", D("40"), "1000.00", "0.00", "400.00"),
        # Half a cent goes up.
        ("share", D("50"), "0.01", "0.00", "0.01"),
        ("share", D("40"), "9999.00", "0.00", "1000.00"),
        # 100 more came in than planned: the share of them is not needed.
        ("share", D("40"), "1000.00", "100.00", "360.00"),
        ("fixed", None, "1500.00", "700.00", "1000.00"),
        ("fixed", None, "600.00", "0.00", "600.00"),
    ],
)
def test_what_of_the_grant_may_be_kept(financing, rate, spent, other, kept):
    books = Books((paid(1, spent), paid(2, other)))

    found = account(terms(financing, rate), [expense(), income(2, "third")], books)

    assert found.due == D(kept)


def test_what_is_left_to_ask_for_and_what_is_to_pay_back():
    plan = [expense(), income(2, "grant", "1000.00"), income(3, "own", "200.00")]

    def after(received):
        books = Books((paid(1, "800.00"), paid(3, "200.00")), payments=(received,))
        return account(terms(), plan, books)

    less = after(Payment(FIRST, D("500.00")))
    more = after(Payment(FIRST, D("700.00")))

    assert (less.due, less.further, less.repayment) == (D("600.00"), D("100.00"), 0)
    assert (more.further, more.repayment) == (0, D("100.00"))
    assert less.balance == D("500.00") + D("200.00") - D("800.00")
    assert less.own_share == D("200.00")
    assert [each.since_start for each in less.lines] == [D("800.00"), D("500.00"), D("200.00")]


@pytest.mark.parametrize(
    ("other", "further", "surplus"),
    [
        ("15000.00", "0.00", "6723.62"),  # more than was spent
        ("8276.38", "0.00", "0.00"),
        ("5000.00", "3276.38", "0.00"),  # what nobody has paid, less than the share
        ("4000.00", "3351.93", "0.00"),  # 40.5 percent of 8,276.38 are 3,351.9339
    ],
)
def test_nothing_is_asked_for_that_others_have_paid_already(other, further, surplus):
    plan = [expense(), income(2, "grant", "1000.00"), income(3, "third", "47600.00")]
    books = Books((paid(1, "8276.38"), paid(3, other)))
    agreed = terms("share", D("40.50"), "32400.00")

    found = account(agreed, plan, books)

    assert (found.further, found.surplus) == (D(further), D(surplus))
    assert found.due == D("3351.93")


@pytest.mark.parametrize(
    ("base", "rate", "flat"),
    [("staff", "15", "45.00"), ("direct", "7", "35.00"), ("staff", "40", "120.00")],
)
def test_flat_rates(base, rate, flat):
    plan = [
        expense(1, costing="staff"),
        expense(2),
        expense(3, costing="flat", base=base, rate=D(rate)),
    ]

    found = account(terms(), plan, Books((paid(1, "300.00"), paid(2, "200.00"))))

    assert found.lines[2].since_start == found.lines[2].since_start_eligible == D(flat)
    assert found.spent == D("500.00") + D(flat)


def test_hours_end_at_those_the_rate_was_made_of():
    rate = hourly_rate(D("51600.00"), D(1720), D(50))
    assert rate == D("60.00")  # 51,600 by 860 hours
    plan = [expense(1, costing="hours"), expense(2, costing="flat", base="staff", rate=D(15))]

    def work(day, minutes):
        return Work(1, person=7, on=day, minutes=minutes, rate=rate, year_minutes=600)

    books = Books(work=(work(FIRST, 570), work(FIRST + timedelta(1), 60)))
    found = account(terms(), plan, books)

    assert found.lines[0].since_start == D("600.00")  # ten hours of eleven
    assert found.lines[1].since_start == D("90.00")


def test_what_was_settled_counts_before_what_is_documented_later_of_days_before():
    def work(day, minutes, is_settled):
        return Work(1, 7, day, minutes, D("60.00"), 600, is_settled)

    books = Books(work=(work(FIRST, 500, False), work(date(2024, 7, 1), 400, True)))
    plan = [expense(1, costing="hours")]

    # 400 of 600 minutes are settled: 200 of 500 are left for the months before.
    assert account(terms(), plan, books, FIRST, date(2024, 6, 30)).spent == D("200.00")
    assert account(terms(), plan, books, date(2024, 7, 1), LAST).lines[0].in_period == D("400.00")


@pytest.mark.parametrize(
    ("contracts", "minutes"),
    [
        # 1,720 hours; half of them with half a contract, from whatever day on.
        ([(FIRST, None, 103_200)], 103_200),
        ([(date(2024, 7, 1), None, 51_600)], 51_600),
        ([(FIRST, date(2023, 12, 31), 103_200)], 0),
        # 182 days whole and 184 days half of 366: 1,287.65 hours.
        ([(FIRST, date(2024, 6, 30), 103_200), (date(2024, 7, 1), None, 51_600)], 77_259),
        ([(FIRST, date(2024, 6, 30), 51_600), (date(2024, 7, 1), None, 103_200)], 77_540),
    ],
)
def test_the_hours_of_a_year_go_by_the_contracts_of_its_days(contracts, minutes):
    assert year_minutes(contracts, 2024) == minutes


@pytest.mark.parametrize(("financing", "rate"), [("share", D(40)), ("gap", None), ("fixed", None)])
def test_money_that_came_back_too_late_shrinks_the_grant_all_the_same(financing, rate):
    late = LAST + timedelta(40)
    spent, back = paid(1, "1000.00", FIRST), paid(1, "-1000.00", late)
    agreed = terms(financing, rate)

    assert account(agreed, [expense()], Books((spent, back))).due == 0
    # What is spent too late counts for nothing, as before.
    assert account(agreed, [expense()], Books((paid(1, "1000.00", late),))).due == 0


def test_a_lump_sum_counts_from_the_day_it_is_proven():
    plan = [expense(1, costing="lump")]
    books = Books(results=(Result(1, date(2024, 7, 1), D("500.00")),))

    assert account(terms(), plan, books, FIRST, date(2024, 6, 30)).spent == 0
    assert account(terms(), plan, books, FIRST, date(2024, 7, 1)).spent == D("500.00")


def test_a_lump_sum_proven_after_the_last_day_of_payment_is_not_eligible():
    plan = [expense(1, costing="lump")]
    agreed = terms(pay_until=LAST + timedelta(60))

    for days, eligible in ((60, D("500.00")), (61, D(0))):
        books = Books(results=(Result(1, LAST + timedelta(days), D("500.00")),))
        [line] = account(agreed, plan, books).lines
        assert (line.since_start, line.since_start_eligible) == (D("500.00"), eligible)


def test_what_is_paid_on_other_days_is_listed_and_not_eligible():
    early, tail, late = FIRST - timedelta(1), LAST + timedelta(60), LAST + timedelta(61)
    postings = [paid(1, "10.00", on) for on in (early, FIRST, tail, late)]
    books = Books(tuple(Posting(1, p.on, p.amount, p.eligible, n) for n, p in enumerate(postings)))

    found = account(terms(pay_until=tail), [expense()], books, FIRST, LAST)
    first_half = account(terms(pay_until=tail), [expense()], books, FIRST, date(2024, 6, 30))

    assert (found.spent, found.eligible, found.not_eligible) == (D("40.00"), D("20.00"), (0, 3))
    assert (first_half.spent, first_half.eligible) == (D("20.00"), D("10.00"))


@pytest.mark.parametrize(
    ("spent", "financing", "is_exceeded"),
    [
        ("1200.00", "gap", False),
        ("1200.01", "gap", True),
        ("1210.00", "share", True),
        ("1210.00", "fixed", False),
    ],
)
def test_a_line_may_exceed_its_plan_by_twenty_percent(spent, financing, is_exceeded):
    found = account(terms(financing, D(50)), [expense()], Books((paid(1, spent),)))

    assert found.lines[0].is_exceeded is is_exceeded


def test_where_no_rule_says_so_nothing_is_over():
    found = account(terms(overrun=None), [expense()], Books((paid(1, "9000.00"),)))

    assert not found.lines[0].is_exceeded
    assert (found.lines[0].deviation_percent, found.lines[0].left) == (D("800.0"), D("-8000.00"))


def test_a_forecast_goes_on_as_it_has():
    assert forecast(D("100.00"), FIRST, date(2024, 1, 10), date(2024, 1, 5)) == D("200.00")
    assert forecast(D("100.00"), FIRST, LAST, LAST + timedelta(1)) == D("100.00")
    assert forecast(D("0.00"), FIRST, LAST, FIRST - timedelta(1)) is None


# --- random projects ---

CENTS = st.integers(0, 500_000).map(lambda cents: D(cents) / 100)
DAYS = st.integers(-40, 420).map(lambda days: FIRST + timedelta(days))
FLATS = [("staff", D("15")), ("direct", D("7")), ("staff", D("40")), ("staff", D("12.5"))]


@st.composite
def projects(draw):
    """(terms, plan, books): two lines by vouchers, one by hours, one flat, one lump, incomes."""
    financing = draw(st.sampled_from(["gap", "share", "fixed", "full"]))
    base, rate = draw(st.sampled_from(FLATS))
    tail = draw(st.integers(0, 90))
    plan = [
        expense(1, draw(CENTS), costing="staff"),
        expense(2, draw(CENTS)),
        expense(3, draw(CENTS), costing="hours"),
        expense(4, draw(CENTS), costing="flat", base=base, rate=rate),
        expense(5, draw(CENTS), costing="lump"),
        income(6, "grant", draw(CENTS)),
        income(7, "own", draw(CENTS)),
        income(8, "third", draw(CENTS)),
        income(9, "other_grant", draw(CENTS)),
    ]

    @st.composite
    def posting(draw):
        amount = draw(CENTS.filter(bool))
        # One of four is money that came back.
        sign = draw(st.sampled_from([1, 1, 1, -1]))
        part = sign * D(draw(st.integers(0, int(amount * 100)))) / 100
        amount = sign * amount
        line = draw(st.sampled_from([1, 2, 7, 8, 9]))
        return Posting(line, draw(DAYS), amount, part, draw(st.integers(1, 10**6)))

    work = st.builds(
        Work,
        line=st.just(3),
        person=st.integers(1, 2),
        on=DAYS,
        minutes=st.integers(0, 900),
        rate=st.just(D("23.37")),
        year_minutes=st.just(2400),
        is_settled=st.booleans(),
    )
    results = st.builds(Result, line=st.just(5), on=DAYS, amount=CENTS)
    payments = st.builds(Payment, on=DAYS, amount=CENTS)
    books = Books(
        tuple(draw(st.lists(posting(), max_size=12))),
        tuple(draw(st.lists(work, max_size=12))),
        tuple(draw(st.lists(results, max_size=3))),
        tuple(draw(st.lists(payments, max_size=4))),
    )
    given_rate = draw(st.integers(1, 10_000)) if financing == "share" else None
    agreed = terms(
        financing,
        D(given_rate) / 100 if given_rate else None,
        amount=draw(CENTS),
        pay_until=LAST + timedelta(tail),
    )
    return agreed, plan, books


def rounded(value):
    """A fraction half up to the cent."""
    return (D(value.numerator) / D(value.denominator)).quantize(D("0.01"), ROUND_HALF_UP)


def plainly(agreed, plan, books, until):
    """{line: (actual, eligible)} and what may be kept, once more and as simply as it can be."""
    sums = {line.id: [D(0), D(0)] for line in plan}
    until = until or date.max
    for each in books.postings:
        if each.on <= until:
            sums[each.line][0] += each.amount
            in_time = each.on <= agreed.pay_until or each.amount < 0
            if agreed.first_day <= each.on and in_time:
                sums[each.line][1] += each.eligible
    used, earned = {}, Fraction(0)
    in_order = sorted(books.work, key=lambda item: item.on)
    for each in [work for work in in_order if work.is_settled] + [
        work for work in in_order if not work.is_settled
    ]:
        before = used.get((each.person, each.on.year), 0)
        after = min(before + each.minutes, each.year_minutes)
        used[each.person, each.on.year] = after
        if each.on <= until:
            earned += Fraction(after - before, 60) * Fraction(each.rate)
    sums[3] = [rounded(earned)] * 2
    for each in books.results:
        if each.on <= until:
            sums[5][0] += each.amount
            if agreed.first_day <= each.on <= agreed.pay_until:
                sums[5][1] += each.amount
    received = sum((each.amount for each in books.payments if each.on <= until), D(0))
    sums[6] = [received, received]
    flat = plan[3]
    base = sums[1][1] + sums[3][1] + (sums[2][1] if flat.base == "direct" else 0)
    sums[4] = [rounded(Fraction(base) * Fraction(flat.rate) / 100)] * 2
    eligible = sum(sums[line][1] for line in range(1, 6))
    other = sums[7][0] + sums[8][0] + sums[9][0]
    planned = sum(plan[place].planned for place in (6, 7, 8))
    if agreed.financing == "share":
        base = eligible - max(other - planned, D(0))
        kept = rounded(Fraction(base) * Fraction(agreed.rate) / 100)
    elif agreed.financing == "fixed":
        kept = eligible
    else:
        kept = eligible - other
    return {line: tuple(both) for line, both in sums.items()}, max(min(kept, agreed.amount), D(0))


@settings(max_examples=120, deadline=None)
@given(projects(), st.integers(0, 365))
def test_it_agrees_with_a_plain_one(project, days):
    agreed, plan, books = project
    until = FIRST + timedelta(days)
    is_all = until >= LAST

    found = account(agreed, plan, books, FIRST, until)
    sums, kept = plainly(agreed, plan, books, None if is_all else until)

    assert {
        each.line.id: (each.since_start, each.since_start_eligible) for each in found.lines
    } == sums
    assert found.due == kept
    assert found.spent == sum(sums[line][0] for line in range(1, 6))
    assert found.balance == sum(sums[line][0] for line in range(6, 10)) - found.spent
    uncovered = found.spent - sum(sums[line][0] for line in range(6, 10))
    assert found.further == max(min(kept - found.received, uncovered), 0)
    assert found.repayment == max(found.received - kept, 0)
    assert found.surplus == max(-uncovered, 0)
    assert 0 <= found.due <= agreed.amount


@settings(max_examples=60, deadline=None)
@given(projects(), st.lists(st.integers(0, 364), max_size=4))
def test_the_periods_of_a_grant_add_up_to_the_whole(project, cuts):
    agreed, plan, books = project
    ends = sorted({FIRST + timedelta(days) for days in cuts} | {LAST})
    starts = [FIRST, *(end + timedelta(1) for end in ends[:-1])]

    parts = [
        account(agreed, plan, books, start, end) for start, end in zip(starts, ends, strict=True)
    ]
    whole = account(agreed, plan, books)

    for place, each in enumerate(whole.lines):
        assert sum(part.lines[place].in_period for part in parts) == each.since_start
        assert (
            sum(part.lines[place].in_period_eligible for part in parts) == each.since_start_eligible
        )

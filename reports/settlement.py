"""Settlement: from a grant's plan and books to what may be kept of it. No ORM, no clock.

The formulas are those of Regulation (EU) 2021/1060, Art. 54 to 56, and of Nr. 1.2 and 2 ANBest-P,
as the house's collection of rules states them (funding.md §1.1 and §7); rates, limits and shares
come in as data. Money is Decimal and rounded half up to the cent, each sum once.

A period is the difference of two states, "until its last day" and "until the day before it": so
the periods of a grant add up to the whole, flat rates and capped hours included.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from reports.cents import WHOLE, cents
from reports.worked import Work, earned_by_hours

ZERO = Decimal("0.00")


# --- what comes in ---


@dataclass(frozen=True)
class Terms:
    """What the notice says: amount, kind of financing, rate in percent, and the days that count.

    `overrun` is by how many percent one line may exceed its plan; None where no rule says so.
    """

    amount: Decimal
    financing: str
    rate: Decimal | None
    first_day: date
    last_day: date
    pay_until: date
    overrun: Decimal | None = None


@dataclass(frozen=True)
class PlanLine:
    """A position of the plan.

    `costing` says what makes its amount: vouchers ("real", "staff"), "hours", a "flat" rate in
    percent of a `base` ("staff" or "direct"), or proven results ("lump"). `origin` says of an
    income whose money it is: of this "grant", "other_grant", "third" or "own".
    """

    id: int
    kind: str
    position: str
    label: str
    planned: Decimal
    eligible: Decimal | None = None
    costing: str = "real"
    origin: str = ""
    base: str = ""
    rate: Decimal | None = None

    @property
    def is_expense(self):
        return self.kind == "expense"

    @property
    def planned_eligible(self):
        return self.planned if self.eligible is None else self.eligible


@dataclass(frozen=True)
class Posting:
    """A paid voucher: of an expense or of an income."""

    line: int
    on: date
    amount: Decimal
    eligible: Decimal
    id: int = 0


@dataclass(frozen=True)
class Result:
    """A deliverable and the day it was proven: its lump sum counts whole, or not at all."""

    line: int
    on: date
    amount: Decimal
    id: int = 0


@dataclass(frozen=True)
class Payment:
    """What the authority has paid."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Books:
    postings: tuple[Posting, ...] = ()
    work: tuple[Work, ...] = ()
    results: tuple[Result, ...] = ()
    payments: tuple[Payment, ...] = ()


# --- what comes out ---


@dataclass(frozen=True)
class LineAccount:
    """One position: its plan, what came of it in the period, and since the grant's first day."""

    line: PlanLine
    in_period: Decimal
    in_period_eligible: Decimal
    since_start: Decimal
    since_start_eligible: Decimal
    is_exceeded: bool = False

    @property
    def left(self):
        """What of the plan is not used yet; below zero where there is more than planned."""
        return self.line.planned - self.since_start

    @property
    def deviation(self):
        return self.since_start - self.line.planned

    @property
    def deviation_percent(self):
        """None where nothing was planned."""
        if not self.line.planned:
            return None
        percent = WHOLE * self.deviation / self.line.planned
        return percent.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Account:
    """The whole: the lines in the plan's order, and what follows for the grant."""

    lines: tuple[LineAccount, ...]
    # Of the grant's first day until the last of the period.
    spent: Decimal
    eligible: Decimal
    own: Decimal
    third: Decimal
    other_grants: Decimal
    received: Decimal
    due: Decimal
    not_eligible: tuple[int, ...] = field(default=())

    @property
    def other_income(self):
        return self.own + self.third + self.other_grants

    @property
    def income(self):
        return self.other_income + self.received

    @property
    def balance(self):
        """Income less expenses: Σ Einnahmen − Σ Ausgaben (funding.md §1.6)."""
        return self.income - self.spent

    @property
    def further(self):
        """What may still be asked for: never more than the expenses nobody has paid yet.

        Other income that already pays for them leaves nothing to ask for (funding.md §1.1, Nr. 2).
        """
        return max(min(self.due - self.received, -self.balance), ZERO)

    @property
    def surplus(self):
        """Überfinanzierung: by how much more has come in than was spent."""
        return max(self.balance, ZERO)

    @property
    def repayment(self):
        """What was received and may not be kept."""
        return max(self.received - self.due, ZERO)

    @property
    def own_share(self):
        """What the recipient has to bear: expenses nobody else pays for."""
        return max(self.spent - self.due - self.third - self.other_grants, ZERO)

    def of_kind(self, kind):
        return [each for each in self.lines if each.line.kind == kind]


# --- how it is counted ---


@dataclass(frozen=True)
class Bounds:
    """The days whose payments a period accounts for; None where it is open to that side.

    A period that ends with the grant takes in everything paid later: within `pay_until` it is
    eligible, after it the paper lists it as not eligible. So it is with what was paid before the
    first day, in the period that begins with it.
    """

    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, first_day, last_day, starts_on=None, ends_on=None):
        return cls(
            first=starts_on if starts_on is not None and starts_on > first_day else None,
            last=ends_on if ends_on is not None and ends_on < last_day else None,
        )

    def takes(self, day):
        return not self.is_before(day) and (self.last is None or day <= self.last)

    def is_before(self, day):
        return self.first is not None and day < self.first


def account(terms, plan, books, starts_on=None, ends_on=None):
    """Account for a period, by its `Bounds`; without days for the whole time."""
    bounds = Bounds.of(terms.first_day, terms.last_day, starts_on, ends_on)
    until = bounds.last
    before = bounds.first and bounds.first - timedelta(days=1)
    now = amounts(terms, plan, books, until)
    then = amounts(terms, plan, books, before) if before else {}
    lines = tuple(line_account(terms, line, now[line.id], then.get(line.id)) for line in plan)
    sums = defaultdict(lambda: ZERO)
    for each in lines:
        if each.line.is_expense:
            sums["spent"] += each.since_start
            sums["eligible"] += each.since_start_eligible
        else:
            sums[each.line.origin] += each.since_start
    received = sum((each.amount for each in up_to(books.payments, until)), ZERO)
    planned_income = sum(
        (line.planned for line in plan if not line.is_expense and line.origin != "grant"), ZERO
    )
    other_income = sums["own"] + sums["third"] + sums["other_grant"]
    return Account(
        lines=lines,
        spent=sums["spent"],
        eligible=sums["eligible"],
        own=sums["own"],
        third=sums["third"],
        other_grants=sums["other_grant"],
        received=received,
        due=due(terms, sums["eligible"], other_income, planned_income),
        not_eligible=tuple(
            each.id
            for each in up_to(books.postings, until)
            if not counts(terms, each.on, each.amount)
        ),
    )


def line_account(terms, line, now, then):
    then = then or (ZERO, ZERO)
    actual, eligible = now
    limit = line.planned * (1 + terms.overrun / WHOLE) if terms.overrun is not None else None
    return LineAccount(
        line,
        in_period=actual - then[0],
        in_period_eligible=eligible - then[1],
        since_start=actual,
        since_start_eligible=eligible,
        # Not for a fixed amount (funding.md §1.1, Nr. 1.2).
        is_exceeded=line.is_expense
        and limit is not None
        and terms.financing != "fixed"
        and actual > limit,
    )


def due(terms, eligible, other_income, planned_income):
    """What of the grant may be kept, never more than was granted (funding.md §1.1, Nr. 2, and §7).

    A gap, and full costs, shrink by the full amount of what was saved or came in besides; a share
    shrinks in proportion, also by income beyond the plan; a fixed amount stays while the eligible
    expenses reach it.
    """
    match terms.financing:
        case "share":
            further = max(other_income - planned_income, ZERO)
            kept = cents(terms.rate * (eligible - further) / WHOLE)
        case "gap" | "full":
            kept = eligible - other_income
        case _:
            kept = eligible
    return max(min(terms.amount, kept), ZERO)


def amounts(terms, plan, books, until):
    """Line → (actual, eligible) of everything until a day; None is everything."""
    found = {line.id: (ZERO, ZERO) for line in plan}

    def add(line, actual, eligible):
        found[line] = (found[line][0] + actual, found[line][1] + eligible)

    for each in up_to(books.postings, until):
        is_eligible = counts(terms, each.on, each.amount)
        add(each.line, each.amount, each.eligible if is_eligible else ZERO)
    for line, earned in earned_by_hours(books.work, until).items():
        add(line, earned, earned)
    for each in up_to(books.results, until):
        add(each.line, each.amount, each.amount if is_in_time(terms, each.on) else ZERO)
    own = next((line.id for line in plan if line.origin == "grant"), None)
    if own is not None:
        received = sum((each.amount for each in up_to(books.payments, until)), ZERO)
        add(own, received, received)
    for line in plan:
        if line.costing == "flat":
            base = sum((found[each.id][1] for each in plan if is_base(line, each)), ZERO)
            flat = cents(line.rate * base / WHOLE)
            found[line.id] = (flat, flat)
    return found


def is_base(flat, line):
    """Whether a flat rate is taken of this line: direct staff costs, or all direct costs."""
    if not line.is_expense or line.costing in ("flat", "lump"):
        return False
    return flat.base == "direct" or line.costing in ("staff", "hours")


def is_in_time(terms, day):
    return terms.first_day <= day <= terms.pay_until


def counts(terms, day, amount):
    """Whether a payment changes what is eligible: in time, or money that came back, however late.

    What was not spent after all shrinks the grant (Nr. 2 ANBest-P, funding.md §1.1).
    """
    return is_in_time(terms, day) or (amount < 0 and day > terms.pay_until)


def up_to(things, until):
    return [each for each in things if until is None or each.on <= until]


def forecast(used, first_day, last_day, today):
    """What a line comes to by the grant's last day if it goes on so; None before it began."""
    if today < first_day:
        return None
    if today >= last_day:
        return used
    elapsed, whole = (today - first_day).days + 1, (last_day - first_day).days + 1
    return cents(used * whole / elapsed)

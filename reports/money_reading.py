"""Reading the money of a frozen report: its lines, and what adds up to each amount.

It takes what an older version has frozen, too: there a line without vouchers cannot be opened.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from reports.cells import decimal_or_none
from reports.cents import WHOLE, cents
from reports.document import typed as typed_as
from reports.money_rows import HourRow
from reports.said import line_part

OF_PLAN = ("planned", "eligible")
OF_BOOKS = ("actual", "actual_eligible", "since_start", "since_start_eligible")
AMOUNTS = (*OF_PLAN, *OF_BOOKS)
DAYS = ("invoiced_on", "paid_on")


@dataclass(frozen=True)
class Line:
    """One position as the report has it; `number` is its place, from 1."""

    number: int
    kind: str
    position: str
    label: str
    planned: Decimal | None
    eligible: Decimal | None
    actual: Decimal | None
    actual_eligible: Decimal | None
    since_start: Decimal | None
    since_start_eligible: Decimal | None
    is_exceeded: bool
    made_of: str
    rows: list
    earlier: list
    # Empty where the layout of that time did not say; so are those below.
    costing: str = ""
    origin: str = ""
    hours: tuple[HourRow, ...] = ()
    earlier_hours: tuple[HourRow, ...] = ()
    base: tuple[int, ...] = ()
    rate: Decimal | None = None
    method: dict | None = None

    @property
    def part(self):
        """How a query names it."""
        return line_part({"kind": self.kind, "position": self.position})

    @property
    def deviation(self):
        return None if None in (self.since_start, self.planned) else self.since_start - self.planned

    @property
    def deviation_percent(self):
        """With one decimal, as it is printed; None where nothing was planned."""
        if self.deviation is None or not self.planned:
            return None
        return (100 * self.deviation / self.planned).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def can_be_opened(self):
        return self.actual is not None and bool(self.costing or self.rows)

    @property
    def can_be_opened_since_start(self):
        return self.can_be_opened or bool(self.earlier)

    @property
    def is_flat(self):
        return self.costing == "flat"

    @property
    def before(self):
        """What of it was spent before the period, and what of that was eligible."""
        return self.since_start - self.actual, self.since_start_eligible - self.actual_eligible


@dataclass(frozen=True)
class Opened:
    """An amount and what it is made of: vouchers, hours, or the lines a flat rate is taken of."""

    line: Line
    value: Decimal
    eligible: Decimal
    rows: list
    is_cumulated: bool
    hours: tuple[HourRow, ...] = ()
    base: tuple[Line, ...] = ()

    @property
    def total(self):
        if self.line.is_flat:
            return self.flat
        return sum((row["amount"] for row in self.rows), self.earned)

    @property
    def eligible_total(self):
        if self.line.is_flat:
            return self.flat
        return sum((row["eligible"] for row in self.rows), self.earned)

    @property
    def earned(self):
        return sum((row.amount for row in self.hours), Decimal(0))

    @property
    def minutes(self):
        return sum(row.minutes for row in self.hours)

    # --- a flat rate: of the whole time, of what was before the period, and the difference ---

    @property
    def base_since_start(self):
        return sum((line.since_start_eligible for line in self.base), Decimal(0))

    @property
    def base_before(self):
        return sum((line.before[1] for line in self.base), Decimal(0))

    @property
    def base_in_period(self):
        return self.base_since_start - self.base_before

    @property
    def flat_since_start(self):
        return cents(self.line.rate * self.base_since_start / WHOLE)

    @property
    def flat_before(self):
        return cents(self.line.rate * self.base_before / WHOLE)

    @property
    def flat_in_period(self):
        return self.flat_since_start - self.flat_before

    @property
    def flat(self):
        return self.flat_since_start if self.is_cumulated else self.flat_in_period


class MoneyReading:
    """What a page shows of the money of one frozen document."""

    def __init__(self, frozen):
        self.frozen = frozen or {}

    @property
    def lines(self):
        return [
            Line(
                number=number,
                **{name: item.get(name, "") for name in ("kind", "position", "label", "made_of")},
                **{name: decimal_or_none(item.get(name)) for name in AMOUNTS},
                is_exceeded=item.get("is_exceeded", False),
                rows=[typed(row) for row in item.get("vouchers", [])],
                earlier=[typed(row) for row in item.get("earlier", [])],
                **{name: item.get(name, "") for name in ("costing", "origin")},
                **{name: hour_rows(item.get(name, ())) for name in ("hours", "earlier_hours")},
                base=tuple(item.get("base", ())),
                rate=decimal_or_none(item.get("rate")),
                method=item.get("method"),
            )
            for number, item in enumerate(self.frozen.get("finances", []), start=1)
        ]

    @property
    def settlement(self):
        """Name → amount, or None where no books were kept."""
        found = self.frozen.get("settlement")
        return found and {name: Decimal(value) for name, value in found.items()}

    @property
    def lacks_rows(self):
        """Whether something of it was not kept with what it is made of, in the time of this."""
        return bool(self.settlement and not self.frozen.get("terms")) or any(
            line.actual is not None and not line.can_be_opened for line in self.lines
        )

    def opened(self, number, *, cumulated=False):
        """What a line is made of, in the period or since the start; None where nobody kept it."""
        lines = self.lines
        line = next((line for line in lines if line.number == number), None)
        if line is None or line.actual is None:
            return None
        rows = [*line.earlier, *line.rows] if cumulated else line.rows
        if not (rows or line.costing):
            return None
        values = (
            (line.since_start, line.since_start_eligible)
            if cumulated
            else (line.actual, line.actual_eligible)
        )
        return Opened(
            line,
            *values,
            rows,
            cumulated,
            hours=(*line.earlier_hours, *line.hours) if cumulated else line.hours,
            base=tuple(lines[place - 1] for place in line.base),
        )


def hour_rows(items):
    return tuple(typed_as(HourRow, item) for item in items)


def typed(row):
    days = {name: row[name] and date.fromisoformat(row[name]) for name in DAYS}
    return row | days | {name: Decimal(row[name]) for name in ("amount", "eligible")}

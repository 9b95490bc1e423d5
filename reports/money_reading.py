"""Reading the money of a frozen report: its lines, and the vouchers behind each amount.

It takes what an older version has frozen, too: a line without vouchers cannot be opened.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from best_portal.templatetags.figures import euro
from reports.cells import decimal_or_none
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
        return bool(self.rows)

    @property
    def can_be_opened_since_start(self):
        return bool(self.rows or self.earlier)


@dataclass(frozen=True)
class Opened:
    """An amount and the rows that add up to it."""

    line: Line
    value: Decimal
    eligible: Decimal
    rows: list
    is_cumulated: bool

    @property
    def total(self):
        return sum((row["amount"] for row in self.rows), Decimal(0))

    @property
    def eligible_total(self):
        return sum((row["eligible"] for row in self.rows), Decimal(0))


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
            )
            for number, item in enumerate(self.frozen.get("finances", []), start=1)
        ]

    @property
    def settlement(self):
        """Name → amount, or None where no books were kept."""
        found = self.frozen.get("settlement")
        return found and {name: Decimal(value) for name, value in found.items()}

    @property
    def concerns(self):
        """What the funder would ask back about the money: sentences."""
        found = [
            _("%(position)s %(label)s: more is spent than the plan and its margin allow.")
            % {"position": line.position, "label": line.label}
            for line in self.lines
            if line.is_exceeded
        ]
        cut = [row for line in self.lines for row in line.rows if row["eligible"] != row["amount"]]
        if cut:
            found.append(
                ngettext(
                    "%(count)d voucher of the period is not eligible in full.",
                    "%(count)d vouchers of the period are not eligible in full.",
                    len(cut),
                )
                % {"count": len(cut)}
            )
        if self.settlement and self.settlement.get("balance", 0) > 0:
            found.append(
                _("More has come in than was spent: %(amount)s. The project is over-financed.")
                % {"amount": euro(self.settlement["balance"])}
            )
        if self.settlement and self.settlement["repayment"]:
            found.append(
                _("By these books %(amount)s EUR of the grant are to be paid back.")
                % {"amount": number_format(self.settlement["repayment"], 2, force_grouping=True)}
            )
        return found

    def opened(self, number, *, cumulated=False):
        """The rows behind a line, in the period or since the start; None where there are none."""
        line = next((line for line in self.lines if line.number == number), None)
        if line is None or line.actual is None:
            return None
        rows = [*line.earlier, *line.rows] if cumulated else line.rows
        if not rows:
            return None
        values = (
            (line.since_start, line.since_start_eligible)
            if cumulated
            else (line.actual, line.actual_eligible)
        )
        return Opened(line, *values, rows, cumulated)


def typed(row):
    days = {name: row[name] and date.fromisoformat(row[name]) for name in DAYS}
    return row | days | {name: Decimal(row[name]) for name in ("amount", "eligible")}

"""From documented hours to the rows of a line of the plan: who, in which month, at which rate."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from reports.cents import cents
from reports.money_rows import HourRow
from reports.worked import counted_work


@dataclass(frozen=True)
class Hours:
    """The rows of a line within a period, and those before it."""

    within: tuple[HourRow, ...] = ()
    before: tuple[HourRow, ...] = ()

    @classmethod
    def of(cls, line, work, numbers, bounds):
        """Take the counted hours of one line; `numbers` are those that stand for the people.

        The sum until the day before the period is rounded, and so is the one until its last day:
        each row is what its hours add to the sum so far, those before the period first.
        """
        before, within = defaultdict(int), defaultdict(int)
        for each, minutes in counted_work(work):
            if each.line == line and minutes:
                key = (each.on.replace(day=1), numbers[each.person], each.rate)
                if bounds.is_before(each.on):
                    before[key] += minutes
                elif bounds.takes(each.on):
                    within[key] += minutes
        earlier, exact = rows_of(before, Decimal(0))
        return cls(rows_of(within, exact)[0], earlier)


def rows_of(months, exact):
    """Turn minutes by month, person and rate into rows that go on from a sum; also the sum then."""
    rows = []
    for (month, person, rate), minutes in sorted(months.items()):
        so_far, exact = exact, exact + minutes * rate
        rows.append(HourRow(person, month, minutes, rate, cents(exact / 60) - cents(so_far / 60)))
    return tuple(rows), exact


def numbers_of(people):
    """Person → the number that stands for them: in each report of a grant the same, by the place
    of their first rate."""
    return {person: number for number, person in enumerate(dict.fromkeys(people), start=1)}

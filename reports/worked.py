"""Hours that a grant pays for: at which rate, and how many of a year count. No ORM, no clock.

By Regulation (EU) 2021/1060, Art. 55 (funding.md §7); the hours of a year come in as data.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.cents import WHOLE, cents


@dataclass(frozen=True)
class Work:
    """Documented minutes of one person on one day, at an hourly rate; no more than `year_minutes`
    of a person count in a calendar year.

    `is_settled` are those of a report that was accepted: they count before any others.
    """

    line: int
    person: int
    on: date
    minutes: int
    rate: Decimal
    year_minutes: int
    is_settled: bool = False


def hourly_rate(gross_year, year_hours, contract_percent):
    """Latest documented annual gross employment cost by the hours of a year, pro rata for part
    time (Art. 55(2)(a): 1,720 hours, which come in as data)."""
    return cents(gross_year / (year_hours * contract_percent / WHOLE))


def earned_by_hours(work, until):
    """Line → hours until a day at their rates, rounded once; None is all of them."""
    earned = defaultdict(lambda: Decimal(0))
    for each, counted in counted_work(work):
        if until is None or each.on <= until:
            earned[each.line] += counted * each.rate
    return {line: cents(total / 60) for line, total in earned.items()}


def year_minutes(contracts, year):
    """The minutes of a calendar year that may be declared of a person, in whole minutes.

    `contracts` are (first day, last day or None, minutes of a whole year), one at a time; where
    they change within a year, each has its share by its days (Art. 55(2)(a) and (4): no more than
    the hours a rate is made of, pro rata for part time; funding.md §7).
    """
    total, days = 0, 0
    for since, until, minutes in contracts:
        first, last = max(since, date(year, 1, 1)), min(until or date.max, date(year, 12, 31))
        if first <= last:
            part = (last - first).days + 1
            total, days = total + part * minutes, days + part
    return total // days if days else 0


def counted_work(work):
    """Yield (Work, its minutes that count): a person's minutes of a year end at their limit.

    What was settled comes first, whatever is documented later of days before it.
    """
    used = defaultdict(int)
    for each in sorted(work, key=lambda item: (not item.is_settled, item.on, item.line)):
        year = each.person, each.on.year
        counted = max(min(each.minutes, each.year_minutes - used[year]), 0)
        used[year] += counted
        yield each, counted

"""The account of a single undertaking: which aid counts on a day, what is left, what falls out.

Nothing here asks the database: an account is the aid that is known, looked at from a day.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import holidays
from django.conf import settings

from reports.cents import cents

NOTHING = Decimal("0.00")
FRIDAY = 5


@dataclass(frozen=True)
class Entry:
    """One aid: ours (then with its award), as declared, or advice that waits to be granted."""

    on: date
    amount: Decimal
    giver: str
    reference: str
    organisation: Any
    counts_no_more_from: date
    award: Any = None
    is_waiting: bool = False


@dataclass(frozen=True)
class Account:
    """All known aid of those who count as one, under the rule of a day."""

    organisation: Any
    members: tuple
    on: date
    rule: Any
    entries: tuple[Entry, ...]
    declared_on: date | None = None

    @cached_property
    def counted(self):
        """Those of the days that end on this one: (three years before, this day]."""
        return tuple(entry for entry in self.entries if self._counts(entry, self.on))

    @cached_property
    def used(self):
        return sum((entry.amount for entry in self.counted), NOTHING)

    @cached_property
    def remaining(self):
        """The most that may still be granted on this day; never below nothing.

        Aid granted later is looked at, too: the ceiling holds in any three years.
        """
        later = (entry.on for entry in self.entries if entry.on > self.on)
        ends = [self.on, *(day for day in later if self.rule.counts_after(day) < self.on)]
        most = max(self._sum_until(day) for day in ends)
        return max(self.rule.ceiling - most, NOTHING)

    @cached_property
    def waiting(self):
        """What of it is advice that was given and is not granted yet."""
        return sum((entry.amount for entry in self.counted if entry.is_waiting), NOTHING)

    @property
    def is_near(self):
        """Whether so much of the ceiling is used that new aid needs a look at the account."""
        return self.is_near_with(NOTHING)

    def is_near_with(self, amount):
        percent = settings.DE_MINIMIS_NEAR_PERCENT
        return 100 * (self.used + amount) >= percent * self.rule.ceiling

    @property
    def is_passed(self):
        """Whether more is counted than there may be."""
        return self.used > self.rule.ceiling

    def with_more(self, entries):
        together = sorted((*self.entries, *entries), key=lambda entry: entry.on)
        return replace(self, entries=tuple(together))

    @cached_property
    def falls_out(self):
        """(day, amount) on which aid stops counting, the next first."""
        days = {}
        for entry in self.counted:
            day = entry.counts_no_more_from
            days[day] = days.get(day, NOTHING) + entry.amount
        return sorted(days.items())

    def _sum_until(self, day):
        return sum((each.amount for each in self.entries if self._counts(each, day)), NOTHING)

    def _counts(self, entry, day):
        return self.rule.counts_after(day) < entry.on <= day


def declared(declarations, years):
    """What the declarations of one undertaking name, as entries, nothing twice.

    Each declaration speaks for the three years before it is signed; where several of one
    organisation speak for a day, the newest counts. Linked organisations often name the same aid:
    of equal lines with a reference number one counts.
    """
    said, entries, named_by = {}, [], {}
    for declaration in sorted(declarations, key=lambda each: (each.signed_on, each.pk))[::-1]:
        newer = said.get(declaration.organisation_id)
        said[declaration.organisation_id] = declaration.speaks_from
        for aid in declaration.aids.all():
            if aid.granted_on is None or (newer and aid.granted_on > newer):
                continue
            line = (aid.granted_on, aid.giver.casefold(), aid.reference.casefold(), aid.value)
            own = declaration.organisation_id
            if aid.reference and named_by.setdefault(line, own) != own:
                continue
            entries.append(
                Entry(
                    aid.granted_on,
                    aid.value,
                    aid.giver,
                    aid.reference,
                    declaration.organisation,
                    years_after(aid.granted_on, years),
                )
            )
    return entries


def years_after(day, years):
    """The first day on which aid of this day counts no more."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def working_days_after(day, number):
    """So many working days later: Monday to Friday, but for holidays of the whole country.

    Holidays of single states, such as Berlin's 8 March, are working days here.
    """
    while number:
        day += timedelta(days=1)
        if day.isoweekday() <= FRIDAY and day not in nationwide_holidays(day.year):
            number -= 1
    return day


def nationwide_holidays(year):
    return holidays.country_holidays("DE", years=year)


def value_of(minutes, rate, fee):
    """Hours × rate − fee, half up to the cent."""
    return cents(Decimal(minutes) * rate / 60) - fee

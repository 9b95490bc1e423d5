"""Free times: what of the office hours can still be booked, computed anew for every question.

Nothing here is stored, so nothing can grow stale. The same function shows the times and, when
somebody books, confirms the one they chose.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

BERLIN = ZoneInfo("Europe/Berlin")
LONGEST_SPAN = timedelta(days=366)


@dataclass(frozen=True, order=True)
class FreeTime:
    """One bookable time: when, and in whose office hours."""

    starts_at: datetime
    ends_at: datetime
    office_hours: Any = field(compare=False)

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(BERLIN).date()

    @property
    def advisor(self):
        return self.office_hours.advisor


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Berlin's public holidays of a year, those of its own such as 8 March included."""
    return frozenset(holidays.country_holidays("DE", subdiv="BE", years=year))


def moment(day: date, wall_clock) -> datetime | None:
    """Return when Berlin's clocks show this time, in UTC; None in the hour that spring leaves out.

    Of the hour that autumn shows twice, it is the first.
    """
    shown = datetime.combine(day, wall_clock, BERLIN)
    at = shown.astimezone(UTC)
    return at if at.astimezone(BERLIN).time() == wall_clock else None


def days_between(start: date, end: date):
    """Each day from one to another, both included; refuses to count for ever."""
    for number in range(min(end - start, LONGEST_SPAN).days + 1):
        yield start + timedelta(days=number)


def slots_on(day: date, office_hours):
    """Yield (start, end) of every appointment that fits into the office hours on that day.

    An appointment takes its full minutes whatever the clocks do; none overlaps another.
    """
    last = datetime.combine(day, office_hours.ends_at, BERLIN).astimezone(UTC)
    length = timedelta(minutes=office_hours.slot_minutes)
    shown = datetime.combine(day, office_hours.starts_at)
    closing = datetime.combine(day, office_hours.ends_at)
    before = None
    while shown + length <= closing:
        start = moment(day, shown.time())
        if start and start + length <= last and (before is None or start >= before):
            yield start, start + length
            before = start + length
        shown += length


def is_open_on(day: date, office_hours) -> bool:
    return (
        day.isoweekday() == office_hours.weekday
        and office_hours.starts_on <= day
        and (office_hours.ends_on is None or day <= office_hours.ends_on)
        and office_hours.project.covers(day)
        and day not in public_holidays(day.year)
    )


def free_times_of(office_hours, taken, start_day: date, end_day: date, now: datetime):
    """Return the free times of several office hours from a day to a day, earliest first.

    `taken` holds (start, end) per advisor: whatever keeps an advisor busy comes in here.
    """
    free = []
    for hours in office_hours:
        earliest = now + timedelta(hours=hours.lead_hours)
        for day in days_between(start_day, end_day):
            slots = list(slots_on(day, hours)) if is_open_on(day, hours) else []
            if not slots:
                continue
            opening, closing = slots[0][0], slots[-1][1]
            busy = [p for p in taken.get(hours.advisor_id, ()) if p[0] < closing and opening < p[1]]
            free += [
                FreeTime(start, end, hours)
                for start, end in slots
                if start >= earliest and not any(s < end and start < e for s, e in busy)
            ]
    return sorted(free, key=lambda time: (time.starts_at, time.office_hours.pk))


def by_day(times):
    """Shape free times for a page: [(day, [(office hours, [times])])], in order."""
    days = {}
    for time in times:
        days.setdefault(time.day, {}).setdefault(time.office_hours, []).append(time)
    return [(day, list(hours.items())) for day, hours in days.items()]

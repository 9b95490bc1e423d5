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


@dataclass(frozen=True, order=True)
class Opening:
    """One day's block of office hours, in Berlin's wall-clock times."""

    day: date
    starts_at: Any
    ends_at: Any


def slots_on(opening, office_hours):
    """Yield (start, end) of every appointment that fits into the office hours on that day.

    An appointment takes its full minutes whatever the clocks do; none overlaps another, and
    between two lies the pause.
    """
    day = opening.day
    last = datetime.combine(day, opening.ends_at, BERLIN).astimezone(UTC)
    length = timedelta(minutes=office_hours.slot_minutes)
    pause = timedelta(minutes=office_hours.pause_minutes)
    shown = datetime.combine(day, opening.starts_at)
    closing = datetime.combine(day, opening.ends_at)
    before = None
    while shown + length <= closing:
        start = moment(day, shown.time())
        if start and start + length <= last and (before is None or start >= before):
            yield start, start + length
            before = start + length + pause
        shown += length + pause


def first_day(office_hours) -> date:
    """The first day on which the office hours are held: the weeks are counted from it."""
    return office_hours.starts_on + timedelta(
        days=(office_hours.weekday - office_hours.starts_on.isoweekday()) % 7
    )


def may_open_on(day: date, office_hours) -> bool:
    """Whether people may be met on a day at all: valid, in the project's period, no holiday."""
    return (
        office_hours.starts_on <= day
        and (office_hours.ends_on is None or day <= office_hours.ends_on)
        and office_hours.project.covers(day)
        and day not in public_holidays(day.year)
    )


def is_due_on(day: date, office_hours) -> bool:
    """Whether the rhythm of the office hours hits a day, every n weeks from the first one."""
    passed = (day - first_day(office_hours)).days
    return passed % (7 * office_hours.every_weeks) == 0 and may_open_on(day, office_hours)


def openings(office_hours, start_day: date, end_day: date):
    """Return when office hours are held from a day to a day, each date's own changes included."""
    changed = {change.day: change for change in office_hours.changed_days.all()}
    usual = [
        Opening(day, office_hours.starts_at, office_hours.ends_at)
        for day in days_between(start_day, end_day)
        if day not in changed and is_due_on(day, office_hours)
    ]
    moved = [
        Opening(change.new_day, change.starts_at, change.ends_at)
        for change in changed.values()
        if change.new_day
        and start_day <= change.new_day <= end_day
        and may_open_on(change.new_day, office_hours)
    ]
    return sorted(usual + moved)


def bookable_times(office_hours, taken, start_day: date, end_day: date):
    """Yield what of several office hours is not taken, however soon it begins.

    `taken` holds (start, end) per advisor: whatever keeps an advisor busy comes in here.
    """
    for hours in office_hours:
        for opening in openings(hours, start_day, end_day):
            slots = list(slots_on(opening, hours))
            if not slots:
                continue
            first, last = slots[0][0], slots[-1][1]
            busy = [p for p in taken.get(hours.advisor_id, ()) if p[0] < last and first < p[1]]
            for start, end in slots:
                if not any(s < end and start < e for s, e in busy):
                    yield FreeTime(start, end, hours)


def free_times_of(office_hours, taken, start_day: date, end_day: date, now: datetime):
    """Return the free times of several office hours from a day to a day, earliest first.

    Left out is what begins sooner than each one's lead time allows.
    """
    free = [
        time
        for time in bookable_times(office_hours, taken, start_day, end_day)
        if time.starts_at >= now + timedelta(hours=time.office_hours.lead_hours)
    ]
    return sorted(free, key=lambda time: (time.starts_at, time.office_hours.pk))


def by_day(times):
    """Shape free times for a page: [(day, [(office hours, [times])])], in order."""
    days = {}
    for time in times:
        days.setdefault(time.day, {}).setdefault(time.office_hours, []).append(time)
    return [(day, list(hours.items())) for day, hours in days.items()]

"""Free times: what of the office hours can still be booked, computed anew for every question.

Nothing here is stored, so nothing can grow stale. The same function shows the times and, when
somebody books, confirms the one they chose.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

BERLIN = ZoneInfo("Europe/Berlin")
LONGEST_SPAN = timedelta(days=366)
FRIDAY = 5


@dataclass(frozen=True, order=True)
class FreeTime:
    """One bookable time: when, in whose office hours, and who of those on duty is free then."""

    starts_at: datetime
    ends_at: datetime
    office_hours: Any = field(compare=False)
    advisors: tuple = field(compare=False)

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(BERLIN).date()

    @property
    def advisor(self):
        """Whom it is with; None where one of a team is found at booking."""
        return self.office_hours.advisor


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Berlin's public holidays of a year, those of its own such as 8 March included."""
    return frozenset(holidays.country_holidays("DE", subdiv="BE", years=year))


@cache
def _holiday_names(year: int, language: str) -> dict[date, str]:
    spoken = {"de": "de"}.get(language, "en_US")
    return dict(holidays.country_holidays("DE", subdiv="BE", years=year, language=spoken))


def holiday_on(day: date, language: str) -> str:
    """Return what Berlin's public holiday on a day is called, or nothing."""
    return _holiday_names(day.year, language).get(day, "")


def moment(day: date, wall_clock) -> datetime | None:
    """Return when Berlin's clocks show this time, in UTC; None in the hour that spring leaves out.

    Of the hour that autumn shows twice, it is the first.
    """
    shown = datetime.combine(day, wall_clock, BERLIN)
    at = shown.astimezone(UTC)
    return at if at.astimezone(BERLIN).time() == wall_clock else None


def is_working_day(day: date) -> bool:
    return day.isoweekday() <= FRIDAY and day not in public_holidays(day.year)


@dataclass(frozen=True, order=True)
class Opening:
    """One day's block of office hours, in Berlin's wall-clock times."""

    day: date
    starts_at: Any
    ends_at: Any


@lru_cache(maxsize=4_000)
def slots_between(day: date, opens, closes, length: timedelta, pause: timedelta):
    """Return (start, end) of every appointment that fits between two times of a day.

    An appointment takes its full minutes whatever the clocks do; none overlaps another, and
    between two lies the pause. Remembered: many advisors have the same hours, for many who ask.
    """
    last = datetime.combine(day, closes, BERLIN).astimezone(UTC)
    shown = datetime.combine(day, opens)
    closing = datetime.combine(day, closes)
    slots, before = [], None
    while shown + length <= closing:
        start = moment(day, shown.time())
        if start and start + length <= last and (before is None or start >= before):
            slots.append((start, start + length))
            before = start + length + pause
        shown += length + pause
    return tuple(slots)


def slots_on(opening, office_hours):
    """Return (start, end) of every appointment that fits into the office hours on that day."""
    pause = timedelta(minutes=office_hours.pause_minutes)
    return slots_between(
        opening.day, opening.starts_at, opening.ends_at, office_hours.length, pause
    )


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


def due_days(office_hours, start_day: date, end_day: date):
    """Yield the days the rhythm of the office hours hits, from a day to a day; not for ever."""
    first, step = first_day(office_hours), timedelta(weeks=office_hours.every_weeks)
    rounds = -((first - start_day) // step)
    end_day = min(end_day, start_day + LONGEST_SPAN)
    day = first + rounds * step
    while day <= end_day:
        if may_open_on(day, office_hours):
            yield day
        day += step


def openings(office_hours, start_day: date, end_day: date):
    """Return when office hours are held from a day to a day, each date's own changes included."""
    changed = {change.day: change for change in office_hours.changed_days.all()}
    usual = [
        Opening(day, office_hours.starts_at, office_hours.ends_at)
        for day in due_days(office_hours, start_day, end_day)
        if day not in changed
    ]
    moved = [
        Opening(change.new_day, change.starts_at, change.ends_at)
        for change in changed.values()
        if change.new_day
        and start_day <= change.new_day <= end_day
        and may_open_on(change.new_day, office_hours)
    ]
    return sorted(usual + moved)


class Taken:
    """What keeps advisors from meeting people: their periods, put together where they touch."""

    def __init__(self, periods):
        self.periods = periods
        self.merged = {}

    def _of(self, advisor):
        if advisor not in self.merged:
            starts, ends = [], []
            for start, end in sorted(self.periods.get(advisor, ())):
                if ends and start <= ends[-1]:
                    ends[-1] = max(ends[-1], end)
                else:
                    starts.append(start)
                    ends.append(end)
            self.merged[advisor] = starts, ends
        return self.merged[advisor]

    def has(self, advisor, start, end):
        """Whether an advisor (by their key) has anything from one moment to another."""
        starts, ends = self._of(advisor)
        following = bisect_right(ends, start)
        return following < len(starts) and starts[following] < end

    def free(self, advisors, start, end):
        """Return those of the advisors who have nothing then."""
        return tuple(each for each in advisors if not self.has(each.pk, start, end))


def bookable_times(office_hours, periods, start_day: date, end_day: date):
    """Yield what of several office hours is not taken, however soon it begins.

    `periods` holds (start, end) per advisor: whatever keeps an advisor busy comes in here. A team's
    time is there as long as one of those on duty is free.
    """
    taken = Taken(periods)
    for hours in office_hours:
        on_duty = hours.on_duty
        for opening in openings(hours, start_day, end_day):
            for start, end in slots_on(opening, hours):
                if free := taken.free(on_duty, start, end):
                    yield FreeTime(start, end, hours, free)


def free_times_of(office_hours, periods, start_day: date, end_day: date, now: datetime):
    """Return the free times of several office hours from a day to a day, earliest first.

    Left out is what begins sooner than each one's lead time allows.
    """
    free = [
        time
        for time in bookable_times(office_hours, periods, start_day, end_day)
        if time.starts_at >= now + timedelta(hours=time.office_hours.lead_hours)
    ]
    return sorted(free, key=lambda time: (time.starts_at, time.office_hours.pk))


def by_day(times):
    """Shape free times for a page: [(day, [(office hours, [times])])], in order."""
    days = {}
    for time in times:
        days.setdefault(time.day, {}).setdefault(time.office_hours, []).append(time)
    return [(day, list(hours.items())) for day, hours in days.items()]

"""Capacity: what can be booked, is booked, was declined and is waited for, by area and week."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from consultations.models import (
    Appointment,
    AppointmentStatus,
    DeclinedRequest,
    OfficeHours,
    WaitingEntry,
)
from consultations.models.free_times import bookable_times, free_times_of
from consultations.models.office_hours import busy_periods, on_duty_in, periods_away
from districts.models import District

# This week and the next ones: what can still be promised.
WEEKS = 8
# The weeks before it: what was asked for.
WEEKS_BACK = 4
# The first free time may be one somebody has just given back; the third is what callers get.
LEAD_TIMES = 3
MINUTE = timedelta(minutes=1)


@dataclass
class Week:
    """Minutes and requests of one area in the week that begins on this Monday."""

    monday: date
    bookable: int = 0
    booked: int = 0
    free: int = 0
    declined: int = 0
    waiting: int = 0
    is_over: bool = False

    @property
    def sunday(self):
        return self.monday + timedelta(days=6)


@dataclass
class Area:
    """One area, or none: its weeks, and the times somebody could come.

    `total` adds up the hours of this week and the next ones and the requests declined in all
    weeks shown; it waits with all who wait, also those who joined earlier.
    """

    district: Any
    weeks: list[Week]
    next_free: Any = None
    wait: int | None = None
    lead: int | None = None
    free_times: int = 0
    total: Week = field(default=None)

    def week_of(self, day):
        number = (day - self.weeks[0].monday).days // 7
        return self.weeks[number] if 0 <= number < len(self.weeks) else None

    def count(self, what, day, start, end, *, people=1):
        """Add the minutes of one time to its week, and to the sum unless the week is over."""
        week = self.week_of(day)
        for line in (week,) if week.is_over else (week, self.total):
            setattr(line, what, getattr(line, what) + people * ((end - start) // MINUTE))

    def count_time(self, what, time):
        """Add a free time once for each who is free then."""
        self.count(what, time.day, time.starts_at, time.ends_at, people=len(time.advisors))

    def offer(self, time, today):
        """Note the first time somebody could come, and how far off the third is."""
        days = (time.day - today).days
        self.free_times += 1
        if self.free_times == 1:
            self.next_free, self.wait = time.starts_at, days
        if self.free_times == LEAD_TIMES:
            self.lead = days


class Areas(dict):
    """Each area by its key, made when it is first counted; None is what belongs to no area."""

    def __init__(self, start, today):
        super().__init__()
        self.start = start
        self.this_week = today - timedelta(days=today.weekday())

    def of(self, district):
        return self.at(district and district.pk, district)

    def at(self, key, district=None):
        if key not in self:
            mondays = [self.start + timedelta(weeks=week) for week in range(WEEKS_BACK + WEEKS)]
            weeks = [Week(monday, is_over=monday < self.this_week) for monday in mondays]
            self[key] = Area(district, weeks, total=Week(self.this_week))
        return self[key]

    def in_order(self):
        """By name, those without an area last."""
        unnamed = [key for key, area in self.items() if key and area.district is None]
        names = District.objects.defer("outline").in_bulk(unnamed)
        for key, district in names.items():
            self[key].district = district
        return sorted(self.values(), key=lambda area: (area.district is None, str(area.district)))


def capacity(*, now=None):
    """Return each area with the weeks before, this one and the next; ten queries at most.

    Bookable is what the office hours offer less holidays, absences and busy times; free is what
    of it can still be booked now. A team's time counts for each who is free then. Appointments
    made by hand belong to no area, nor do requests from elsewhere.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    this_week = today - timedelta(days=today.weekday())
    start = this_week - timedelta(weeks=WEEKS_BACK)
    end = this_week + timedelta(weeks=WEEKS, days=-1)
    areas = Areas(start, today)
    count_hours(areas, start, end, today, now)
    count_booked(areas, start, end)
    count_demand(areas, start, end)
    return areas.in_order()


def count_hours(areas, start, end, today, now):
    rows = list(OfficeHours.objects.held_between(start, end))
    advisors = on_duty_in(rows)
    away = periods_away(advisors, start, end)
    busy = busy_periods(advisors, areas.this_week, end)
    for row in rows:
        areas.of(row.district)
    for time in bookable_times(rows, away, start, end):
        areas.of(time.office_hours.district).count_time("bookable", time)
    for time in free_times_of(rows, busy, areas.this_week, end, now):
        area = areas.of(time.office_hours.district)
        area.count_time("free", time)
        area.offer(time, today)


def count_booked(areas, start, end):
    for appointment in booked_between(start, end):
        hours = appointment.office_hours
        area = areas.of(hours.district if hours else None)
        day = max(timezone.localdate(appointment.starts_at), start)
        area.count("booked", day, appointment.starts_at, appointment.ends_at)


def booked_between(start, end):
    return (
        Appointment.objects.not_cancelled()
        .exclude(status=AppointmentStatus.HELD)
        .between(start, end)
        .select_related("office_hours__district")
    )


def count_demand(areas, start, end):
    for row in DeclinedRequest.objects.between(start, end).by_area_and_week():
        area = areas.at(row["district"])
        area.week_of(row["week"]).declined += row["number"]
        area.total.declined += row["number"]
    for row in WaitingEntry.objects.waiting().by_area_and_week():
        area = areas.at(row["district"])
        area.total.waiting += row["number"]
        if week := area.week_of(row["week"]):
            week.waiting += row["number"]


def total_of(areas):
    """The sums of all areas, as one line below them."""
    lines = [area.total for area in areas]
    names = ("bookable", "booked", "free", "declined", "waiting")
    return {name: sum(getattr(line, name) for line in lines) for name in names}

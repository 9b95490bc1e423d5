"""Capacity: how many hours can be booked, are booked and are free, by area and week."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from consultations.models import Appointment, AppointmentStatus, OfficeHours
from consultations.models.free_times import bookable_times, free_times_of
from consultations.models.office_hours import busy_periods, periods_away

WEEKS = 8
MINUTE = timedelta(minutes=1)


@dataclass
class Week:
    """Minutes of one area in the week that begins on this Monday."""

    monday: date
    bookable: int = 0
    booked: int = 0
    free: int = 0


@dataclass
class Area:
    """One area, or none: its weeks, and the first time somebody could come."""

    district: Any
    weeks: list[Week]
    next_free: Any = None
    wait: int | None = None
    total: Week = field(default=None)

    def count(self, what, day, start, end):
        """Add the minutes of one time to its week and to the sum."""
        week = self.weeks[(day - self.weeks[0].monday).days // 7]
        for line in (week, self.total):
            setattr(line, what, getattr(line, what) + (end - start) // MINUTE)


def capacity(*, now=None):
    """Return each area with its next weeks, this one included; six queries however many.

    Bookable is what the office hours offer less holidays, absences and busy times; free is what
    of it can still be booked now. Appointments made by hand belong to no area.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    start = today - timedelta(days=today.weekday())
    end = start + timedelta(days=7 * WEEKS - 1)
    rows = list(OfficeHours.objects.held_between(start, end))
    advisors = {row.advisor_id for row in rows}
    away = periods_away(advisors, start, end)
    free = free_times_of(rows, busy_periods(advisors, start, end), start, end, now)

    areas = {}
    for row in rows:
        area_in(areas, row.district, start)
    for time in bookable_times(rows, away, start, end):
        area = area_in(areas, time.office_hours.district, start)
        area.count("bookable", time.day, time.starts_at, time.ends_at)
    for appointment in booked_between(start, end):
        hours = appointment.office_hours
        area = area_in(areas, hours.district if hours else None, start)
        day = max(timezone.localdate(appointment.starts_at), start)
        area.count("booked", day, appointment.starts_at, appointment.ends_at)
    for time in free:
        area = area_in(areas, time.office_hours.district, start)
        area.count("free", time.day, time.starts_at, time.ends_at)
        if area.next_free is None:
            area.next_free, area.wait = time.starts_at, (time.day - today).days
    return sorted(areas.values(), key=lambda area: (area.district is None, str(area.district)))


def area_in(areas, district, start):
    if district not in areas:
        mondays = [start + timedelta(days=7 * number) for number in range(WEEKS)]
        areas[district] = Area(district, [Week(day) for day in mondays], total=Week(start))
    return areas[district]


def booked_between(start, end):
    return (
        Appointment.objects.not_cancelled()
        .exclude(status=AppointmentStatus.HELD)
        .between(start, end)
        .select_related("office_hours__district")
    )

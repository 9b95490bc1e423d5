"""The team's calendar: who is where on each day, from office hours, appointments and absences."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation

from consultations.models import Absence, Appointment, GroupSessionDate, OfficeHours
from consultations.models.absences import midnight
from consultations.models.free_times import BERLIN, holiday_on, openings

DAY = timedelta(days=1)
# What comes first of things that begin together.
ABSENCE, HOURS, GROUP, APPOINTMENT = range(4)
KINDS = {ABSENCE: "absence", HOURS: "hours", GROUP: "group", APPOINTMENT: "appointment"}


@dataclass(frozen=True, order=True)
class Entry:
    """Something on one day in somebody's calendar; an absence of the whole day has no times."""

    starts_at: datetime
    rank: int
    ends_at: datetime
    what: Any = field(compare=False)
    is_whole_day: bool = field(compare=False, default=False)

    @property
    def kind(self):
        return KINDS[self.rank]


@dataclass
class Day:
    """One day with its entries by the name of who they belong to, an advisor or a team."""

    day: date
    holiday: str
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    @property
    def groups(self):
        """[(name, [entries])], by name, each person's day in its order."""
        return [(name, sorted(self.entries[name])) for name in sorted(self.entries)]

    @property
    def is_weekend(self):
        return self.day.isoweekday() in (6, 7)

    @property
    def is_today(self):
        return self.day == timezone.localdate()

    @property
    def appointments(self):
        """How many appointments the day has."""
        return sum(e.rank == APPOINTMENT for entries in self.entries.values() for e in entries)

    def add(self, name, *entry, **options):
        self.entries.setdefault(name, []).append(Entry(*entry, **options))


@dataclass
class TeamCalendar:
    """The days of a span as one person of staff may see them, of one advisor, area or place."""

    user: Any
    start: date
    end: date
    advisor: Any = None
    district: Any = None
    place: str = ""

    def days(self):
        """Return each day of the span in order; the number of queries is always the same."""
        language = translation.get_language()
        span = [self.start + number * DAY for number in range((self.end - self.start).days + 1)]
        days = {day: Day(day, holiday_on(day, language)) for day in span}
        hours = list(self.office_hours())
        self.add_office_hours(days, hours)
        self.add_appointments(days)
        self.add_group_dates(days)
        self.add_absences(days, hours)
        return list(days.values())

    # --- what there is ---

    def here(self, at=""):
        """The condition of the area and place chosen; `at` is the way to them."""
        wanted = {f"{at}district": self.district, f"{at}place": self.place}
        return Q(**{name: value for name, value in wanted.items() if value})

    def office_hours(self):
        rows = OfficeHours.objects.with_days(self.start, self.end).filter(self.here())
        return rows.with_on_duty([self.advisor]) if self.advisor else rows

    def appointments(self):
        """Those of an area by their office hours: what was made by hand lies in none."""
        rows = Appointment.objects.visible_to(self.user).not_cancelled().for_agenda()
        if self.district:
            rows = rows.filter(office_hours__district=self.district)
        if self.place:
            rows = rows.filter(place=self.place)
        return self.of_advisor(rows).between(self.start, self.end)

    def group_dates(self):
        rows = GroupSessionDate.objects.announced().filter(self.here("session__")).for_agenda()
        rows = rows.between(midnight(self.start), midnight(self.end + DAY))
        return rows.prefetch_related("session__leaders")

    def absences(self, hours):
        """Of everybody, or of those on duty in the area and place chosen."""
        rows = self.of_advisor(Absence.objects.between(self.start, self.end).for_list())
        if self.district or self.place:
            rows = rows.filter(advisor__in={each.pk for row in hours for each in row.on_duty})
        return rows

    def of_advisor(self, rows):
        return rows.filter(advisor=self.advisor) if self.advisor else rows

    # --- on which day it is ---

    def add_office_hours(self, days, hours):
        for row in hours:
            for opening in openings(row, self.start, self.end):
                times = (opening.starts_at, opening.ends_at)
                start, end = (datetime.combine(opening.day, clock, BERLIN) for clock in times)
                days[opening.day].add(row.who, start, HOURS, end, row)

    def add_appointments(self, days):
        for row in self.appointments():
            day = max(timezone.localdate(row.starts_at, BERLIN), self.start)
            days[day].add(row.advisor.name, row.starts_at, APPOINTMENT, row.ends_at, row)

    def add_group_dates(self, days):
        for row in self.group_dates():
            day = max(row.day, self.start)
            for leader in row.session.leaders.all():
                if self.advisor in (None, leader):
                    days[day].add(leader.name, row.starts_at, GROUP, row.ends_at, row)

    def add_absences(self, days, hours):
        """Each day of an absence; why somebody is away is not for all, and stands nowhere here."""
        for row in self.absences(hours):
            for day, shown in days.items():
                begins, is_over = midnight(day), midnight(day + DAY)
                start, end = max(row.starts_at, begins), min(row.ends_at, is_over)
                if start < end:
                    whole = (start, end) == (begins, is_over)
                    shown.add(row.advisor.name, start, ABSENCE, end, row, is_whole_day=whole)

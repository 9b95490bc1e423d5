"""The agenda: which days a page of appointments shows, and the ways to the next and the last."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

WEEK = 7
WEEKEND = timedelta(days=2)


@dataclass(frozen=True)
class Span:
    """A week from its Monday, or one day."""

    start: date
    length: int = WEEK

    @classmethod
    def asked_for(cls, query):
        """Read `?tag=2026-11-24` or `?woche=2026-W48`; anything else means this week.

        At the weekend that is the week to come.
        """
        try:
            if query.get("tag"):
                return cls(_near(date.fromisoformat(query["tag"])), 1)
            year, _separator, week = query.get("woche", "").partition("-W")
            return cls(_near(date.fromisocalendar(int(year), int(week), 1)))
        except ValueError:
            ahead = timezone.localdate() + WEEKEND
            return cls(ahead - timedelta(days=ahead.weekday()))

    @property
    def end(self):
        return self.start + timedelta(days=self.length - 1)

    @property
    def is_day(self):
        return self.length == 1

    @property
    def number(self):
        return self.start.isocalendar().week

    def around(self, day):
        """Return the span of the same length that holds a day."""
        start = day if self.is_day else day - timedelta(days=day.weekday())
        return Span(start, self.length)

    @property
    def is_today(self):
        """Whether today is one of its days."""
        return self.start <= timezone.localdate() <= self.end

    @property
    def today(self):
        """The query of the span that holds today."""
        return self.around(timezone.localdate()).moved(0)

    def moved(self, steps):
        """Return the query of the span so many steps on."""
        return query_for(self.start + timedelta(days=steps * self.length), self.length)

    @property
    def previous(self):
        return self.moved(-1)

    @property
    def next(self):
        return self.moved(1)

    @property
    def as_day(self):
        today = timezone.localdate()
        return query_for(today if self.start <= today <= self.end else self.start, 1)

    @property
    def as_week(self):
        return query_for(self.start, WEEK)

    def days(self, appointments):
        """Return [(day, [appointments])], the days without any included from today on."""
        days = {self.start + timedelta(days=number): [] for number in range(self.length)}
        for appointment in appointments:
            day = timezone.localdate(appointment.starts_at)
            days.setdefault(day, []).append(appointment)
        return sorted(days.items())


def query_for(day, length):
    if length == 1:
        return f"tag={day.isoformat()}"
    year, week, _weekday = day.isocalendar()
    return f"woche={year}-W{week:02d}"


def _near(day):
    """Refuse days that cannot be counted on from."""
    if not 2000 <= day.year <= 2100:
        raise ValueError(day)
    return day

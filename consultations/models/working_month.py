"""What a person worked in a month: counted anew from consultations and entries, never stored.

A closed sheet keeps what was counted then. Public holidays are no working days; vacation and
illness count towards the hours of the contract, because the funders' form adds them to the sum.
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consultations.models.absences import Absence
from consultations.models.assignments import Assignment
from consultations.models.consultation import Consultation
from consultations.models.employment import Employment
from consultations.models.free_times import holiday_on, public_holidays
from consultations.models.project import Project
from consultations.models.time_entries import FULL_DAY, TimeEntry, TimeKind

FRIDAY = 5
FIVE_DAYS = 5
PERCENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One piece of a day: a consultation or an entry."""

    day: date
    kind: str
    project: Project | None
    activity: str
    minutes: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    consultation: Any = None
    entry: Any = None

    @classmethod
    def of_consultation(cls, row):
        return cls(
            row.held_on,
            TimeKind.PROJECT,
            row.project,
            activity_of(row),
            row.working_minutes,
            row.starts_at,
            row.ends_at,
            consultation=row,
        )

    @classmethod
    def of_entry(cls, row):
        activity = row.activity or row.get_kind_display()
        return cls(
            row.day,
            row.kind,
            row.project,
            activity,
            row.minutes,
            row.starts_at,
            row.ends_at,
            entry=row,
        )

    @property
    def times(self):
        if not (self.starts_at and self.ends_at):
            return ""
        starts, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{starts:%H:%M}–{ends:%H:%M}"


def activity_of(consultation):
    """What was done, with preparation and travel; nobody's name, for funders read the sheet."""
    parts = [str(consultation.get_kind_display())]
    if consultation.preparation_minutes:
        parts.append(
            _("preparation %(minutes)d min") % {"minutes": consultation.preparation_minutes}
        )
    if consultation.travel_minutes:
        parts.append(_("travel %(minutes)d min") % {"minutes": consultation.travel_minutes})
    return ", ".join(parts)


@dataclass(frozen=True)
class WorkingDay:
    """A day with its lines, the shortest way to read what it adds up to."""

    day: date
    holiday: str
    lines: tuple
    # By the calendar; what somebody is away for does not stand there, so no hours come of it.
    is_away: bool = False

    @property
    def minutes(self):
        return sum(line.minutes for line in self.lines)

    @property
    def is_free(self):
        return bool(self.holiday) or self.day.isoweekday() > FRIDAY


@dataclass(frozen=True)
class WorkingMonth:
    """A person's month, over all projects."""

    user: Any
    month: date
    lines: tuple
    employments: tuple
    away: frozenset = frozenset()
    assignments: tuple = ()

    @classmethod
    def of(cls, user, month):
        """Count a month, `month` being its first day, in five queries."""
        span = (month, last_day_of(month))
        held = Consultation.objects.valid().held_by(user).between(*span).with_working_minutes()
        entered = TimeEntry.objects.of(user).between(*span).for_month()
        lines = [Line.of_consultation(row) for row in held.for_hours()]
        lines += [Line.of_entry(row) for row in entered]
        # On a day, what has a start comes in its order, all else after it.
        lines.sort(key=lambda line: (line.day, line.starts_at is None, line.starts_at or 0))
        employments = Employment.objects.of(user).between(*span).order_by("starts_on")
        assignments = Assignment.objects.of(user).between(*span).for_list()
        away = Absence.objects.of(user).whole_days_between(*span)
        return cls(user, month, tuple(lines), tuple(employments), away, tuple(assignments))

    @cached_property
    def days(self):
        """Every day of the month, with what was worked on it."""
        by_day = defaultdict(list)
        for line in self.lines:
            by_day[line.day].append(line)
        language = translation.get_language() or "en"
        return [
            WorkingDay(day, holiday_on(day, language), tuple(by_day[day]), day in self.away)
            for day in days_of(self.month)
        ]

    @property
    def minutes(self):
        """All of it, days off included."""
        return sum(line.minutes for line in self.lines)

    @cached_property
    def contract_minutes(self):
        return contract_minutes(self.month, self.employments)

    @property
    def excess(self):
        """How many minutes are more than the contract says; none below."""
        return max(0, self.minutes - self.contract_minutes)

    @property
    def overfull(self):
        """The days that add up to more than 24 hours."""
        return [day.day for day in self.days if day.minutes > FULL_DAY]

    @cached_property
    def projects(self):
        """The projects worked for, by name."""
        found = {line.project.pk: line.project for line in self.lines if line.project}
        return sorted(found.values(), key=lambda project: (project.name, project.pk))

    @cached_property
    def projects_to_prove(self):
        """Those that need a sheet: without those that have a fixed share of the whole month."""
        last = last_day_of(self.month)
        fixed = {
            each.project_id
            for each in self.assignments
            if each.starts_on <= self.month and (each.ends_on is None or each.ends_on >= last)
        }
        return [project for project in self.projects if project.pk not in fixed]

    def minutes_of(self, project):
        return sum(line.minutes for line in self.lines if line.project == project)

    @property
    def worked(self):
        """All of it without days off."""
        return sum(line.minutes for line in self.lines if line.kind not in OFF)

    def share_of(self, project):
        """The project's part of the time worked, in per cent; days off are no part of it."""
        if not self.worked:
            return Decimal(0)
        share = Decimal(100 * self.minutes_of(project)) / self.worked
        return share.quantize(PERCENT, rounding=ROUND_HALF_UP)

    def rows_for(self, project):
        """The sheet of one project as plain data, in German: it is an official paper."""
        with translation.override("de"):
            return {
                "project": project.name,
                "person": self.user.name,
                "month": self.month.isoformat(),
                "functions": [each.function for each in self.employments],
                "weekly_hours": [str(each.weekly_hours) for each in self.employments],
                "contract": self.contract_minutes,
                "days": [
                    row_of(day, project)
                    for day in self.days
                    if day.lines or (day.is_away and not day.is_free)
                ],
                "own": self.minutes_of(project),
                "other": self.worked - self.minutes_of(project),
                "leave": self.off(TimeKind.LEAVE),
                "sick": self.off(TimeKind.SICK),
                "total": self.minutes,
                "share": str(self.share_of(project)),
            }

    def off(self, kind):
        return sum(line.minutes for line in self.lines if line.kind == kind)


OFF = (TimeKind.LEAVE, TimeKind.SICK)


def row_of(day, project):
    """A day of a sheet: what was done for the project, and the sums of all else."""
    own = [line for line in day.lines if line.project == project]
    rest = [line for line in day.lines if line.project != project]

    def sum_of(*kinds):
        return sum(line.minutes for line in rest if line.kind in kinds)

    return {
        "day": day.day.isoformat(),
        "times": [line.times for line in own if line.times],
        # The page may have been read in English; the paper is German.
        "activities": list(dict.fromkeys(words_of(line) for line in own)),
        "own": sum(line.minutes for line in own),
        "other": sum_of(TimeKind.PROJECT, TimeKind.OTHER),
        "leave": sum_of(TimeKind.LEAVE),
        "sick": sum_of(TimeKind.SICK),
        "total": day.minutes,
    } | ({"away": True} if day.is_away else {})


def words_of(line):
    return activity_of(line.consultation) if line.consultation else line.activity


def last_day_of(month):
    return month.replace(day=monthrange(month.year, month.month)[1])


def days_of(month):
    return [month + timedelta(days=number) for number in range(last_day_of(month).day)]


def contract_minutes(month, employments):
    """The hours of the contracts in a month: a fifth of the week for each of its working days."""
    total = Decimal(0)
    for day in days_of(month):
        if day.isoweekday() <= FRIDAY and day not in public_holidays(day.year):
            total += sum(each.weekly_hours for each in employments if each.covers(day))
    return int((total * 60 / FIVE_DAYS).to_integral_value(rounding=ROUND_HALF_UP))

"""The team's months at a glance, and months as files."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from best_portal.accounts.models import User
from consultations.models import Consultation, Employment, MonthSheet, TimeEntry, WorkingMonth
from consultations.models.working_month import contract_minutes, last_day_of

# From this day on, last month's sheet is asked for.
REMIND_FROM = 6


@dataclass(frozen=True)
class TeamLine:
    """One person's month: what was worked, what the contract says, and the sheets."""

    user: Any
    month: date
    minutes: int
    contract: int
    sheets: tuple

    @property
    def is_missing(self):
        """Whether nothing was written down although there is a contract."""
        return not self.minutes and not self.sheets

    @property
    def is_unclosed(self):
        """Whether there are hours without any sheet."""
        return bool(self.minutes) and not self.sheets


def month_before(month):
    return (month - timedelta(days=1)).replace(day=1)


def month_after(month):
    return last_day_of(month) + timedelta(days=1)


def this_month():
    return timezone.localdate().replace(day=1)


def team_months(user, month):
    """A line for everybody with a contract, hours or a sheet in a month; in six queries."""
    span = (month, last_day_of(month))
    minutes = TimeEntry.objects.visible_to(user).between(*span).minutes_by_user()
    held = Consultation.objects.visible_to(user).valid().between(*span).working_by_advisor()
    contracts, sheets = {}, {}
    for each in Employment.objects.visible_to(user).between(*span):
        contracts.setdefault(each.user_id, []).append(each)
    for sheet in MonthSheet.objects.visible_to(user).of_month(month).for_list():
        sheets.setdefault(sheet.user_id, []).append(sheet)
    people = User.objects.employed().having(minutes | held | contracts | sheets)
    return [
        TeamLine(
            each,
            month,
            minutes.get(each.pk, 0) + held.get(each.pk, 0),
            contract_minutes(month, contracts.get(each.pk, ())),
            tuple(sheets.get(each.pk, ())),
        )
        for each in people
    ]


def to_close(user):
    """Last month after the fifth, while a contract covers it and work for a project is unclosed."""
    today = timezone.localdate()
    month = month_before(today.replace(day=1))
    if today.day < REMIND_FROM or not Employment.objects.of(user).between(
        month, last_day_of(month)
    ):
        return None
    closed = set(
        MonthSheet.objects.of(user).of_month(month).closed().values_list("project", flat=True)
    )
    worked = {project.pk for project in WorkingMonth.of(user, month).projects_to_prove}
    return month if worked - closed else None


def kind_of(line):
    return line.entry.get_kind_display() if line.entry else line.consultation.get_kind_display()


def sheet_by_sheet(lines):
    """(somebody's month, sheet) for each sheet, and once without for whoever has none."""
    return [(line, sheet) for line in lines for sheet in line.sheets or (None,)]

"""The demo's contracts and hours: three months closed and confirmed, the present one open."""

from datetime import date, timedelta
from decimal import Decimal

from consultations.models import Employment, MonthSheet, TimeEntry, TimeKind
from consultations.models.free_times import public_holidays
from enterprises.models import UnpaidWorkRate

ACTIVITIES = ("Teambesprechung", "Netzwerktreffen im Quartier", "Dokumentation und Ablage")
MONTHS = 3
# What an unpaid hour is valued at: from when until when.
RATES = (
    (date(2002, 1, 1), date(2023, 12, 31), Decimal("8.50")),
    (date(2024, 1, 1), None, Decimal("12.50")),
)


def keep_hours(project, people, today):
    """Contracts for all staff; the team of today's project writes its hours."""
    for number, user in enumerate((people.manager, *people.advisors)):
        Employment.objects.engage(
            by=people.manager,
            user=user,
            function="Geschäftsführung" if user == people.manager else "Beratung",
            weekly_hours=Decimal("39.40") if number < 3 else Decimal("19.70"),
            starts_on=date(2002, 12, 1),
        )
    for starts_on, ends_on, rate in RATES:
        UnpaidWorkRate.objects.create(
            starts_on=starts_on,
            ends_on=ends_on,
            euros_per_hour=rate,
            source="Beschluss des Vorstands (erfunden)",
        )
    for user in people.team:
        month = today.replace(day=1)
        write_down(user, project, month, today)
        for _back in range(MONTHS):
            last = month - timedelta(days=1)
            month = last.replace(day=1)
            write_down(user, project, month, last)
            close(user, month, people)


def write_down(user, project, month, until):
    """One entry for every second working day, and an hour of other work a week."""
    day = month
    while day <= until:
        if day.isoweekday() < 6 and day not in public_holidays(day.year) and day.day % 2:
            TimeEntry.objects.enter(
                by=user,
                kind=TimeKind.PROJECT,
                project=project,
                day=day,
                minutes=90,
                activity=ACTIVITIES[day.day % len(ACTIVITIES)],
            )
        if day.isoweekday() == 5 and day not in public_holidays(day.year):
            TimeEntry.objects.enter(
                by=user, kind=TimeKind.OTHER, day=day, minutes=60, activity="Fortbildung"
            )
        day += timedelta(days=1)


def close(user, month, people):
    for sheet in MonthSheet.objects.close(
        by=user, month=month, explanation="Der Antrag musste fertig werden."
    ):
        sheet.confirm(by=people.manager)

"""Whatever happens in whatever order: nobody is booked twice, and nothing outside office hours."""

import os
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations.models import Absence, Appointment, AppointmentStatus, BusyPeriod
from consultations.models.booking import TAKEN
from tests.factories import (
    BERLIN,
    make_busy_calendar,
    make_busy_period,
    make_office_hours,
    make_person,
    make_project,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# BOOKING_SEQUENCES=2000 takes minutes; every run of the tests tries some.
SEQUENCES = int(os.environ.get("BOOKING_SEQUENCES", "100"))
HOUR = timedelta(hours=1)
# Around the last Sunday of March: 28 March 2032 is Easter Sunday and the day the clocks change.
FIRST = date(2032, 3, 26)
DAYS, STARTS = range(5), range(0, 24)
WHEN = st.tuples(st.sampled_from(DAYS), st.sampled_from(STARTS), st.sampled_from([0, 30]))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "book",
                "book",
                "hold",
                "move",
                "cancel",
                "away",
                "back",
                "busy",
                "drop",
                "shift",
                "restore",
            ]
        ),
        WHEN,
        st.integers(0, 7),
    ),
    min_size=4,
    max_size=12,
)


def moment(when):
    day, hour, minute = when
    shown = datetime.combine(FIRST + timedelta(days=day), time(hour, minute), BERLIN)
    return shown.astimezone(UTC)


class Office:
    """Two advisors with overlapping office hours on each day, and what may happen there."""

    def __init__(self):
        self.person = make_person()
        team = [make_user(), make_user()]
        project = make_project(team=team, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))
        self.hours = [
            make_office_hours(
                advisor=advisor,
                project=project,
                weekday=(FIRST + timedelta(days=day)).isoweekday(),
                starts_at=starts_at,
                ends_at=ends_at,
                slot_minutes=slot,
                pause_minutes=pause,
                lead_hours=0,
                cancel_hours=0,
            )
            for advisor in team
            for day in DAYS
            for starts_at, ends_at, slot, pause in (
                ("01:00", "05:00", 60, 0),
                ("03:30", "08:00", 30, 15),
            )
        ]
        self.calendars = [make_busy_calendar(advisor=advisor) for advisor in team]

    def chosen(self, rows, number):
        rows = list(rows)
        return rows[number % len(rows)] if rows else None

    def some_hours(self, number, at):
        weekday = timezone.localdate(at, BERLIN).isoweekday()
        return self.chosen([row for row in self.hours if row.weekday == weekday], number)

    def some_time(self, number, at):
        """Office hours and a time that may fit them: mostly one of their slots, or the given."""
        hours, shown = self.some_hours(number, at), at.astimezone(BERLIN)
        if shown.minute:
            return hours, at
        opens = time(6) if shown.hour > 18 else hours.starts_at
        step = timedelta(minutes=hours.slot_minutes + hours.pause_minutes)
        fits = datetime.combine(shown.date(), opens) + shown.hour % 6 * step
        return hours, fits.replace(tzinfo=BERLIN).astimezone(UTC)

    def step(self, what, when, number):
        """Let one thing happen; what is refused leaves everything as it was."""
        at = moment(when)
        before = self.taken()
        with suppress(ValidationError), transaction.atomic():
            getattr(self, what)(at, number)
        self.check(before)

    def book(self, at, number):
        hours, at = self.some_time(number, at)
        Appointment.objects.book_free_time(
            by=hours.advisor, office_hours=hours, starts_at=at, person=self.person
        )

    def hold(self, at, number):
        hours, at = self.some_time(number, at)
        Appointment.objects.hold(office_hours=hours, starts_at=at, form_key=uuid.uuid4())

    def move(self, at, number):
        booked = Appointment.objects.filter(status=AppointmentStatus.BOOKED)
        if appointment := self.chosen(booked, number):
            hours, at = self.some_time(number, at)
            appointment.move(by=appointment.advisor, office_hours=hours, starts_at=at)

    def cancel(self, at, number):
        booked = Appointment.objects.filter(status=AppointmentStatus.BOOKED)
        if appointment := self.chosen(booked, number):
            appointment.cancel(by=appointment.advisor)

    def away(self, at, number):
        advisor = self.hours[0 if number % 2 else -1].advisor
        Absence.objects.note(
            by=advisor, advisor=advisor, starts_at=at, ends_at=at + (number + 1) * HOUR
        )

    def back(self, at, number):
        if absence := self.chosen(Absence.objects.all(), number):
            absence.withdraw(by=absence.advisor)

    def busy(self, at, number):
        make_busy_period(calendar=self.calendars[number % 2], starts_at=at)

    def drop(self, at, number):
        hours = self.some_hours(number, at)
        hours.cancel_day(by=hours.advisor, day=timezone.localdate(at, BERLIN))

    def shift(self, at, number):
        hours = self.some_hours(number, at)
        day = timezone.localdate(at, BERLIN)
        hours.move_day(
            by=hours.advisor,
            day=day,
            new_day=day + timedelta(days=number % 3),
            starts_at=time(6),
            ends_at=time(9),
        )

    def restore(self, at, number):
        for hours in self.hours:
            if change := hours.changed_days.first():
                change.undo(by=hours.advisor)
                return

    # --- what must hold after each step, reckoned without the code that is tested ---

    def taken(self):
        rows = Appointment.objects.filter(status__in=TAKEN).select_related("office_hours")
        return {(row.pk, row.starts_at): row for row in rows}

    def check(self, before):
        after = self.taken()
        rows = sorted(after.values(), key=lambda row: (row.advisor_id, row.starts_at))
        for one, other in zip(rows, rows[1:], strict=False):
            assert one.advisor_id != other.advisor_id or one.ends_at <= other.starts_at
        for key in after.keys() - before.keys():
            self.check_new(after[key])

    def check_new(self, row):
        hours, start, end = row.office_hours, row.starts_at, row.ends_at
        shown, closes = start.astimezone(BERLIN), end.astimezone(BERLIN)
        day = shown.date()
        assert end - start == timedelta(minutes=hours.slot_minutes)
        assert day not in (date(2032, 3, 26), date(2032, 3, 29)), "Good Friday, Easter Monday"
        opens, shuts = hours.starts_at, hours.ends_at
        if change := hours.changed_days.filter(new_day=day).first():
            opens, shuts = change.starts_at, change.ends_at
        else:
            assert not hours.changed_days.filter(day=day).exists()
            assert day.isoweekday() == hours.weekday
        assert opens <= shown.time()
        assert closes.time() <= shuts
        assert closes.date() == day
        for model, advisor in ((Absence, "advisor"), (BusyPeriod, "calendar__advisor")):
            inside = model.objects.filter(starts_at__lt=end, ends_at__gt=start)
            assert not inside.filter(**{advisor: row.advisor_id}).exists()


def test_no_sequence_books_anybody_twice_or_outside_office_hours():
    office = Office()
    booked = []

    @settings(
        max_examples=SEQUENCES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS)
    def run(steps):
        with transaction.atomic():
            for step in steps:
                office.step(*step)
            booked.append(Appointment.objects.filter(status__in=TAKEN).count())
            transaction.set_rollback(True)

    run()

    assert len(booked) >= SEQUENCES
    # So that nothing being booked does not pass for nothing being booked twice.
    assert sum(booked) > SEQUENCES / 4

"""Whatever happens in whatever order: nobody is booked twice, and nothing outside office hours."""

import os
import uuid
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from consultations.models import (
    Absence,
    Appointment,
    AppointmentStatus,
    BusyPeriod,
    ChangedDay,
    GuestBooking,
)
from consultations.models.booking import TAKEN, AppointmentQuerySet
from tests.factories import (
    BERLIN,
    make_busy_calendar,
    make_busy_period,
    make_office_hours,
    make_person,
    make_project,
    make_team_hours,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# BOOKING_SEQUENCES=2000 takes minutes; every run of the tests tries some.
SEQUENCES = int(os.environ.get("BOOKING_SEQUENCES", "60"))
HOUR = timedelta(hours=1)
# Around the last Sunday of March: 28 March 2032 is Easter Sunday and the day the clocks change.
FIRST = date(2032, 3, 26)
DAYS, STARTS = range(5), range(0, 24)
# Mostly days on which somebody can be met, and mostly the times that are offered.
WHEN = st.tuples(
    st.sampled_from([1, 2, 4, 2, 1, 4, 0, 3]),
    st.sampled_from(STARTS),
    st.sampled_from([0, 0, 0, 30]),
)
KINDS = {
    # What happens, and how much more often than the rest.
    "book": 3,
    "hold": 3,
    "confirm": 2,
    "run_out": 1,
    "move": 3,
    "cancel": 2,
    "away": 1,
    "back": 1,
    "busy": 1,
    "drop": 1,
    "shift": 1,
    "restore": 1,
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from([kind for kind, times in KINDS.items() for _time in range(times)]),
        WHEN,
        st.integers(0, 7),
    ),
    min_size=8,
    max_size=30,
)
CONSTRAINT = next(
    constraint
    for constraint in Appointment._meta.constraints
    if constraint.name == "consultations_appointment_no_double_booking"
)


def moment(when):
    day, hour, minute = when
    shown = datetime.combine(FIRST + timedelta(days=day), time(hour, minute), BERLIN)
    return shown.astimezone(UTC)


class Office:
    """Two advisors with overlapping office hours and their team's, and what may happen there."""

    def __init__(self):
        self.person = make_person()
        team = [make_user(), make_user()]
        project = make_project(team=team, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))
        self.team = team
        self.hours = [
            make_team_hours(
                members=team,
                project=project,
                weekday=(FIRST + timedelta(days=day)).isoweekday(),
                starts_at="02:00",
                ends_at="06:00",
                slot_minutes=45,
                lead_hours=0,
                cancel_hours=0,
            )
            for day in DAYS
        ]
        self.hours += [
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
        # The links people have in their mails, those of times long free again included.
        self.links = []
        self.accepted = Counter()

    def chosen(self, rows, number):
        rows = list(rows)
        if not rows:
            raise ValidationError("There is none yet.")
        return rows[number % len(rows)]

    def some_hours(self, number, at, advisor=None):
        weekday = timezone.localdate(at, BERLIN).isoweekday()
        held = [row for row in self.hours if row.weekday == weekday]
        theirs = [row for row in held if advisor in row.on_duty]
        return self.chosen(theirs or held, number)

    def some_time(self, number, at, advisor=None):
        """Office hours and a time that may fit them: mostly one of their slots, or the given."""
        hours, shown = self.some_hours(number, at, advisor), at.astimezone(BERLIN)
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
            self.accepted[what] += 1
        self.check(before)

    def book(self, at, number):
        hours, at = self.some_time(number, at)
        Appointment.objects.book_free_time(
            by=self.team[0], office_hours=hours, starts_at=at, person=self.person
        )

    def hold(self, at, number):
        hours, at = self.some_time(number, at)
        held = Appointment.objects.hold(office_hours=hours, starts_at=at, form_key=uuid.uuid4())
        answers = {"district_id": None, "topic_id": None, "stage": "idea", "language": "de"}
        contact = {"name": "Rosa Beispiel", "email": f"rosa{len(self.links)}@beispiel.example"}
        self.links.append(
            GuestBooking.objects.ask(appointment=held, answers=answers | {"needs": []}, **contact)
        )

    def confirm(self, at, number):
        self.chosen(self.links, number).confirm()

    def run_out(self, at, number):
        held = self.chosen(Appointment.objects.held(), number)
        Appointment.objects.filter(pk=held.pk).update(held_until=timezone.now() - HOUR)

    def move(self, at, number):
        booked = Appointment.objects.filter(status=AppointmentStatus.BOOKED)
        appointment = self.chosen(booked, number)
        hours, at = self.some_time(number, at, appointment.advisor if number % 4 else None)
        appointment.move(by=appointment.advisor, office_hours=hours, starts_at=at)

    def cancel(self, at, number):
        booked = Appointment.objects.filter(status=AppointmentStatus.BOOKED)
        appointment = self.chosen(booked, number)
        appointment.cancel(by=appointment.advisor)

    def away(self, at, number):
        advisor = self.team[number % 2]
        if number < 4:  # mostly in a time somebody has
            taken = self.chosen(self.taken().values(), number)
            advisor, at = taken.advisor, taken.starts_at
        Absence.objects.note(
            by=advisor, advisor=advisor, starts_at=at, ends_at=at + (number + 1) * HOUR
        )

    def back(self, at, number):
        absence = self.chosen(Absence.objects.all(), number)
        absence.withdraw(by=absence.advisor)

    def busy(self, at, number):
        make_busy_period(calendar=self.calendars[number % 2], starts_at=at)

    def drop(self, at, number):
        hours = self.some_hours(number, at)
        hours.cancel_day(by=self.team[0], day=timezone.localdate(at, BERLIN))

    def shift(self, at, number):
        hours = self.some_hours(number, at)
        day = timezone.localdate(at, BERLIN)
        hours.move_day(
            by=self.team[0],
            day=day,
            new_day=day + timedelta(days=number % 3),
            starts_at=time(6),
            ends_at=time(9),
        )

    def restore(self, at, number):
        self.chosen(ChangedDay.objects.all(), number).undo(by=self.team[0])

    # --- what must hold after each step, reckoned without the code that is tested ---

    def taken(self):
        rows = Appointment.objects.filter(status__in=TAKEN).select_related("office_hours")
        return {(row.pk, row.advisor_id, row.starts_at, row.status): row for row in rows}

    def check(self, before):
        after = self.taken()
        rows = sorted(after.values(), key=lambda row: (row.advisor_id, row.starts_at))
        for one, other in zip(rows, rows[1:], strict=False):
            fits = one.advisor_id != other.advisor_id or one.ends_at <= other.starts_at
            assert fits, f"booked twice: {one} and {other}"
        for key in after.keys() - before.keys():
            self.check_new(after[key])

    def check_new(self, row):
        hours, start, end = row.office_hours, row.starts_at, row.ends_at
        shown, closes = start.astimezone(BERLIN), end.astimezone(BERLIN)
        day = shown.date()
        assert row.advisor == hours.advisor or (hours.team and row.advisor in self.team)
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


def whatever_happens(sequences, **options):
    """Try so many sequences; return how often each step was accepted."""
    office = Office()

    @settings(
        max_examples=sequences,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **options,
    )
    @given(STEPS)
    def run(steps):
        with transaction.atomic():
            office.links.clear()
            for step in steps:
                office.step(*step)
            transaction.set_rollback(True)

    run()
    return office.accepted


def test_no_sequence_books_anybody_twice_or_outside_office_hours():
    accepted = whatever_happens(SEQUENCES)

    # So that nothing being booked does not pass for nothing being booked twice.
    assert accepted["book"] + accepted["hold"] > SEQUENCES / 4
    if SEQUENCES >= 1000:  # what is rare may be missing among a few
        assert accepted.keys() == set(KINDS)


@pytest.fixture
def _pages_that_do_not_look(monkeypatch):
    """Every time of the office hours is offered, whoever has it: as on a page hours old."""
    monkeypatch.setattr(AppointmentQuerySet, "periods_taken", lambda *args: {})


@pytest.mark.usefixtures("_pages_that_do_not_look")
def test_where_no_page_looks_the_database_alone_lets_nobody_be_booked_twice():
    assert whatever_happens(SEQUENCES // 3)["book"]


@pytest.mark.usefixtures("_pages_that_do_not_look")
def test_without_the_database_the_same_sequences_book_twice():
    with connection.schema_editor() as editor:
        editor.remove_constraint(Appointment, CONSTRAINT)

    with pytest.raises(AssertionError, match="booked twice"):
        whatever_happens(2000, phases=[Phase.generate])

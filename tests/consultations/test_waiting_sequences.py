"""Whatever happens in whatever order: the list is fair, asks by day, and nobody is booked twice."""

import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from consultations.models import Absence, Appointment, OfficeHours, WaitingEntry, WaitingOffer
from consultations.models.booking import TAKEN
from consultations.tasks import serve_waiting_list, sweep_appointments
from tests.factories import (
    BERLIN,
    make_office_hours,
    make_person,
    make_project,
    make_user,
    make_waiting_entry,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# WAITING_SEQUENCES=2000 takes long; every run of the tests tries some.
SEQUENCES = int(os.environ.get("WAITING_SEQUENCES", "25"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# The Tuesday before Easter; on Easter Sunday the clocks are put forward.
START = datetime(2032, 3, 23, 10, tzinfo=BERLIN).astimezone(UTC)
# Few times for many.
LAST = date(2032, 4, 8)
HOLIDAYS = (date(2032, 3, 26), date(2032, 3, 29))
WORDS = ["join", "join", "sweep", "sweep", "wait", "wait", "book", "book", "cancel", "cancel"]
WORDS += ["accept", "decline", "stop", "away", "back", "move"]
STEPS = st.lists(st.tuples(st.sampled_from(WORDS), st.integers(0, 30)), min_size=10, max_size=30)


class Agency:
    """Two advisors with few times, and whoever books, cancels, waits and answers."""

    def __init__(self, clock):
        self.clock = clock
        clock.at = START
        self.made = 0
        self.team = [make_user(), make_user()]
        project = make_project(
            team=self.team, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31)
        )
        self.hours = [
            make_office_hours(
                advisor=advisor, project=project, weekday=day, ends_at="10:00", ends_on=LAST
            )
            for advisor, days in zip(self.team, ([1, 4], [1, 3]), strict=True)
            for day in days
        ]
        for number in range(4):
            self.join(number)

    def step(self, what, number):
        if what == "sweep":
            self.sweep()
        else:
            with suppress(ValidationError), transaction.atomic():
                getattr(self, what)(number)
        self.check()

    def chosen(self, rows, number):
        rows = list(rows)
        if not rows:
            raise ValidationError("There is none yet.")
        return rows[number % len(rows)]

    def free(self):
        today = timezone.localdate()
        return OfficeHours.objects.free_times(today, today + 14 * DAY)

    def join(self, number):
        wishes = [[], [1], [3], [4], [1, 3]][number % 5]
        make_waiting_entry(weekdays=wishes)
        self.clock.forward(minutes=1)

    def wait(self, number):
        self.clock.forward(hours=number)
        sweep_appointments()

    def book(self, number):
        free = self.chosen(self.free(), number)
        Appointment.objects.book_free_time(
            by=self.team[0],
            office_hours=free.office_hours,
            starts_at=free.starts_at,
            person=make_person(),
        )

    def booked(self, number):
        return self.chosen(Appointment.objects.upcoming(), number)

    def cancel(self, number):
        appointment = self.booked(number)
        appointment.cancel(by=appointment.advisor)

    def move(self, number):
        appointment = self.booked(number)
        times = [time for time in self.free() if appointment.advisor in time.advisors]
        free = self.chosen(times, number)
        appointment.move(
            by=appointment.advisor, office_hours=free.office_hours, starts_at=free.starts_at
        )

    def open_offer(self, number):
        return self.chosen(WaitingOffer.objects.open().order_by("pk"), number)

    def accept(self, number):
        self.open_offer(number).accept(by=None)

    def decline(self, number):
        self.open_offer(number).decline(by=None)

    def stop(self, number):
        self.chosen(WaitingEntry.objects.waiting(), number).stop(by=None)

    def away(self, number):
        starts_at = self.chosen(self.hours, number).due_days(1)[0]
        start = datetime.combine(starts_at, datetime.min.time(), BERLIN)
        advisor = self.team[number % 2]
        Absence.objects.note(by=advisor, advisor=advisor, starts_at=start, ends_at=start + DAY)

    def back(self, number):
        absence = self.chosen(Absence.objects.all(), number)
        absence.withdraw(by=absence.advisor)

    def sweep(self):
        """Let the sweep run, and reckon without its rule whether anybody was passed over."""
        now = self.clock.at
        before = set(WaitingOffer.objects.values_list("pk", flat=True))
        line = [
            entry
            for entry in WaitingEntry.objects.waiting()
            if not entry.offers.filter(offered_at__gt=now - DAY).exists()
        ]
        serve_waiting_list()
        made = list(WaitingOffer.objects.exclude(pk__in=before).select_related("entry"))
        self.made += len(made)
        got = {offer.entry_id: offer.starts_at for offer in made}
        for offer in made:
            self.check_offer(offer)
            for earlier in line[: line.index(offer.entry)]:
                passed_over = (
                    got.get(earlier.pk, offer.starts_at + DAY) > offer.starts_at
                    and (not earlier.weekdays or self.weekday(offer) in earlier.weekdays)
                    and not earlier.offers.filter(starts_at=offer.starts_at).exists()
                    and WaitingEntry.objects.waiting().filter(pk=earlier.pk).exists()
                )
                assert not passed_over, f"{earlier} waits longer than {offer.entry}"

    def weekday(self, offer):
        return offer.starts_at.astimezone(BERLIN).isoweekday()

    # --- what must hold after each step ---

    def check_offer(self, offer):
        shown, until = (at.astimezone(BERLIN) for at in (offer.offered_at, offer.until))
        assert offer.until - offer.offered_at == 4 * HOUR
        assert shown.isoweekday() <= 5
        assert shown.date() not in HOLIDAYS
        assert shown.hour >= 8
        assert (until.hour, until.minute) <= (20, 0)
        assert offer.starts_at - offer.until >= 24 * HOUR
        assert self.weekday(offer) in (offer.entry.weekdays or range(1, 8))
        assert offer.starts_at.astimezone(BERLIN).date() not in HOLIDAYS

    def check(self):
        rows = list(Appointment.objects.filter(status__in=TAKEN).order_by("advisor", "starts_at"))
        for one, other in zip(rows, rows[1:], strict=False):
            assert one.advisor_id != other.advisor_id or one.ends_at <= other.starts_at
        for offer in WaitingOffer.objects.open().select_related("appointment", "entry"):
            assert offer.entry.is_waiting
            assert offer.appointment.status == "held"
            assert offer.appointment.held_until == offer.until
        for entry in WaitingEntry.objects.all():
            asked = sorted(offer.offered_at for offer in entry.offers.all())
            for sooner, later in zip(asked, asked[1:], strict=False):
                assert later - sooner >= DAY
            assert entry.offers.filter(status="accepted").count() <= 1


def test_no_sequence_passes_anybody_over_asks_at_night_or_books_twice(clock):
    made = []

    @settings(
        max_examples=SEQUENCES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS)
    def run(steps):
        with transaction.atomic():
            agency = Agency(clock)
            for step in steps:
                agency.step(*step)
            made.append(agency.made)
            transaction.set_rollback(True)

    run()

    # So that nobody being asked does not pass for nobody being passed over.
    assert sum(made) > SEQUENCES

"""Sweeps at once, sweeps that are killed, and everybody at one time: one offer, one booking."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from best_portal.outbox.models import Letter
from consultations.models import Appointment, OfficeHours, WaitingEntry, WaitingOffer
from tests.factories import (
    BERLIN,
    make_appointment,
    make_office_hours,
    make_person,
    make_user,
    make_waiting_entry,
)

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
FIRST_MONDAY = datetime(2030, 5, 20, 9, tzinfo=BERLIN)
SWEEPER = """
import django
django.setup()
from datetime import datetime
from django.db import connections
from django.utils import timezone
from consultations.models import WaitingOffer
timezone.now = lambda: datetime.fromisoformat({now!r})
connections.settings["default"]["NAME"] = {name!r}
print("ready", flush=True)
WaitingOffer.objects.offer_free_times()
"""


def closing(call):
    try:
        return call()
    except ValidationError as refusal:
        return refusal
    finally:
        connection.close()


def at_once(*calls):
    """Run the calls in threads that start together; return what each gave, or its refusal."""
    gate = Barrier(len(calls))

    def run(call):
        gate.wait()
        return closing(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def sweep():
    return WaitingOffer.objects.offer_free_times()


def wait(number, clock, **fields):
    """So many people, a minute between each and the next, the first first."""
    return [
        make_waiting_entry(joined_at=clock.at - timedelta(minutes=number - n), **fields)
        for n in range(number)
    ]


def in_order():
    """The entries as they were offered times, the earliest time first."""
    return [offer.entry for offer in WaitingOffer.objects.order_by("starts_at")]


def double_bookings():
    taken = list(Appointment.objects.filter(status__in=("held", "booked")).order_by("starts_at"))
    return sum(a.ends_at > b.starts_at for a, b in zip(taken, taken[1:], strict=False))


def test_four_sweeps_at_once_offer_each_time_once_and_in_order(clock):
    make_office_hours()
    entries = wait(8, clock)

    made = at_once(*[sweep] * 4)

    assert sum(made) == len(entries)
    assert in_order() == entries
    assert Letter.objects.count() == len(entries)
    assert double_bookings() == 0


def test_of_two_sweeps_at_once_with_one_time_one_makes_one_offer(clock):
    office = make_office_hours(ends_at="10:00")
    for week in range(1, 9):
        make_appointment(advisor=office.advisor, starts_at=FIRST_MONDAY + timedelta(weeks=week))
    first, _second = wait(2, clock)

    made = at_once(sweep, sweep)

    assert sorted(made) == [0, 1]
    assert in_order() == [first]
    assert Letter.objects.count() == 1


def test_guests_who_book_while_the_sweep_runs_and_the_list_never_get_the_same_time(clock):
    office = make_office_hours()
    wait(6, clock)
    staff, person = make_user(), make_person()
    today = clock.at.date()
    times = OfficeHours.objects.free_times(today, today + timedelta(weeks=3))

    at_once(
        sweep,
        sweep,
        *(
            partial(
                Appointment.objects.book_free_time,
                by=staff,
                office_hours=office,
                starts_at=each.starts_at,
                person=person,
            )
            for each in times[:6]
        ),
    )
    sweep()

    assert double_bookings() == 0
    assert WaitingOffer.objects.open().count() == 6
    assert Letter.objects.filter(key__endswith=":made").count() == 6


def test_sweeps_killed_in_the_middle_leave_whole_offers_or_none(clock):
    make_office_hours(ends_at="17:00", slot_minutes=10)
    entries = wait(60, clock)
    program = SWEEPER.format(name=connection.settings_dict["NAME"], now=clock.at.isoformat())

    for _kill in range(3):
        before = WaitingOffer.objects.count()
        sweeper = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.outbox.settings"},
            stdout=subprocess.PIPE,
        )
        assert sweeper.stdout.readline() == b"ready\n"
        while WaitingOffer.objects.count() == before:
            assert sweeper.poll() is None
        sweeper.send_signal(signal.SIGKILL)
        sweeper.wait()
        sweeper.stdout.close()
        assert whole_offers()
    assert before < len(entries)
    sweep()

    assert in_order() == entries
    assert whole_offers()
    assert Appointment.objects.held().count() == len(entries)


def whole_offers():
    """Whether each offer has its held time and its letter, and no time is held for nobody."""
    offers = set(WaitingOffer.objects.values_list("pk", flat=True))
    keys = Letter.objects.values_list("key", flat=True)
    assert {int(key.split(":")[3]) for key in keys} == offers
    assert Appointment.objects.held().count() == len(offers)
    return True


def test_one_button_pressed_many_times_at_once_books_once(clock):
    make_office_hours()
    wait(1, clock)
    sweep()
    offer = WaitingOffer.objects.get()

    answers = at_once(*[lambda: WaitingOffer.objects.get(pk=offer.pk).accept(by=None)] * 8)

    assert len({answer.pk for answer in answers}) == 1
    assert Appointment.objects.get().status == "booked"
    assert Letter.objects.filter(key__contains=":booked:").count() == 2


def test_whoever_answers_at_the_last_moment_either_has_the_time_or_is_told(clock):
    office = make_office_hours(ends_at="10:00")
    for week in range(1, 9):
        make_appointment(advisor=office.advisor, starts_at=FIRST_MONDAY + timedelta(weeks=week))
    first, second = wait(2, clock)
    sweep()
    offer = first.offers.get()
    clock.forward(hours=4)

    answer, *_rest = at_once(
        lambda: WaitingOffer.objects.get(pk=offer.pk).accept(by=None),
        sweep,
        Appointment.objects.free_run_out,
    )
    sweep()

    offer.refresh_from_db()
    assert double_bookings() == 0
    if isinstance(answer, ValidationError):
        assert offer.status == "expired"
        assert second.offers.open().get().starts_at == FIRST_MONDAY
    else:
        assert offer.status == "accepted"
        assert not second.offers.exists()


def test_all_verbs_at_once_end_with_one_state(clock):
    make_office_hours(ends_at="10:00")
    wait(3, clock)
    sweep()
    entry = WaitingEntry.objects.first()
    offer = entry.offers.get()

    def fresh():
        return WaitingOffer.objects.get(pk=offer.pk)

    at_once(
        lambda: fresh().accept(by=None),
        lambda: fresh().decline(by=None),
        lambda: WaitingEntry.objects.get(pk=entry.pk).stop(by=None),
        sweep,
    )

    offer.refresh_from_db()
    entry.refresh_from_db()
    assert (offer.status, entry.status) in {
        ("accepted", "booked"),
        ("declined", "stopped"),
        ("withdrawn", "stopped"),
    }
    assert (offer.appointment is None) == (offer.status != "accepted")
    assert double_bookings() == 0


def test_a_time_cancelled_by_many_at_once_is_kept_once(clock):
    office = make_office_hours(ends_at="10:00")
    booked = make_appointment(
        advisor=office.advisor,
        office_hours=office,
        project=office.project,
        starts_at=FIRST_MONDAY,
    )
    wait(1, clock)

    at_once(*[lambda: Appointment.objects.get(pk=booked.pk).cancel(by=office.advisor)] * 6)

    assert Appointment.objects.kept().get().starts_at == FIRST_MONDAY
    assert sweep() == 1

"""Booking by many at once, over real HTTP: one time, one booking, one answer per form.

BOOKING_CLIENTS=100 BOOKING_ROUNDS=10 is what is promised; every run of the tests tries fewer.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import Appointment, OfficeHours
from enterprises.models import Person
from tests.consultations.guests import ROSA, first_time, questions, value_of
from tests.factories import make_founder, make_office_hours, make_user
from tests.server import Visitor, at_once, founder_at, served

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

CLIENTS = int(os.environ.get("BOOKING_CLIENTS", "20"))
ROUNDS = int(os.environ.get("BOOKING_ROUNDS", "3"))
TIMES_SENT = 20
CONCERN = "Wir gründen ein Muster-Café."
CONSTRAINT = next(
    constraint
    for constraint in Appointment._meta.constraints
    if constraint.name == "consultations_appointment_no_double_booking"
)


@pytest.fixture(autouse=True)
def _no_limits_from_earlier(transactional_db):
    cache.clear()


def office_of_every_day():
    """Office hours of one advisor on every working day; returns the addresses of free times."""
    advisor = make_user()
    hours = make_office_hours(advisor=advisor, ends_at="17:00")
    for weekday in range(2, 6):
        make_office_hours(advisor=advisor, project=hours.project, weekday=weekday, ends_at="17:00")
    today = timezone.localdate()
    return [
        reverse("consultations:book_time", args=[time.office_hours.pk, time.starts_at])
        for time in OfficeHours.objects.free_times(today, today + timedelta(days=28))
    ]


def form_of(visitor, address):
    return {"form_key": visitor.form_key(address), "concern": CONCERN, "book": "1"}


def race(server, address):
    """Let a new crowd of founders open one time and press the button in the same moment."""
    crowd = [founder_at(server, make_founder()) for _number in range(CLIENTS)]
    with ThreadPoolExecutor(8) as pool:
        forms = list(pool.map(lambda visitor: form_of(visitor, address), crowd))
    return at_once(
        *(
            lambda visitor=visitor, form=form: visitor.ask(address, form)
            for visitor, form in zip(crowd, forms, strict=True)
        )
    )


def double_bookings():
    taken = list(Appointment.objects.taken().order_by("starts_at"))
    return sum(a.ends_at > b.starts_at for a, b in zip(taken, taken[1:], strict=False))


def test_of_many_who_book_one_time_at_once_one_gets_it_and_the_others_are_offered_more(portal):
    addresses = office_of_every_day()
    for number in range(ROUNDS):
        address = addresses[5 * number]

        answers = race(portal, address)

        assert sorted(status for status, _address, _page in answers) == [302] + [409] * (
            CLIENTS - 1
        )
        for status, _address, page in answers:
            if status == 409:
                assert len(set(re.findall(r'href="(/termine/buchen/\d+/\w+/)"', page))) == 3
                assert f'href="{address}"' not in page
    assert Appointment.objects.taken().count() == ROUNDS
    assert double_bookings() == 0
    assert Letter.objects.count() == 2 * ROUNDS


def test_without_the_constraint_the_same_race_books_twice():
    address = office_of_every_day()[0]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Appointment, CONSTRAINT)
    try:
        # Taking turns per advisor keeps the order; here it must not stand in for the referee.
        with served("tests.server.unguarded") as unguarded:
            answers = race(unguarded, address)

        assert double_bookings() > 0
        assert [status for status, _address, _page in answers].count(302) > 1
    finally:
        Letter.objects.all().delete()
        Appointment.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Appointment, CONSTRAINT)


# --- the same form, many times ---


def test_the_same_form_of_a_founder_is_one_booking_one_mail_one_answer(portal):
    address = office_of_every_day()[0]
    founder = make_founder()
    visitor = founder_at(portal, founder)
    form = form_of(visitor, address)

    answers = at_once(*[lambda: visitor.ask(address, form)] * TIMES_SENT)

    booked = reverse("consultations:booked", args=[Appointment.objects.get().pk])
    assert {(status, where) for status, where, _page in answers} == {(302, booked)}
    assert Letter.objects.filter(recipient=founder.email).count() == 1


@pytest.mark.parametrize("told_by", ["mail", "letter"])
def test_the_same_form_for_a_caller_is_one_booking_one_person_one_answer(portal, sign_in, told_by):
    office_of_every_day()
    time = first_time()
    address = reverse("consultations:book_for_time", args=[time.office_hours.pk, time.starts_at])
    advisor = Visitor(portal, sign_in(time.office_hours.advisor, Client()))
    advisor.ask(address)
    form = ROSA | {"form_key": advisor.form_key(address), "told_by": told_by, "language": "de"}

    answers = at_once(*[lambda: advisor.ask(address, form)] * TIMES_SENT)

    appointment = Appointment.objects.get()
    after = {"mail": "appointment", "letter": "appointment_letter"}[told_by]
    booked = reverse(f"consultations:{after}", args=[appointment.pk])
    assert {(status, where) for status, where, _page in answers} == {(302, booked)}
    assert appointment.person == Person.objects.get(email=ROSA["email"])
    assert Letter.objects.filter(recipient=ROSA["email"]).count() == (told_by == "mail")


def test_every_button_of_a_guest_is_one_hold_one_booking_and_one_mail_each(portal):
    office_of_every_day()
    guest = guest_at_the_times(portal)
    times, who = reverse("consultations:guest_times"), reverse("consultations:guest_who")
    chosen = {"time": value_of(first_time())}

    held = at_once(*[lambda: guest.ask(times, chosen)] * TIMES_SENT)
    asked = at_once(*[lambda: guest.ask(who, ROSA)] * TIMES_SENT)
    link = re.search(r"/termin/[0-9a-f]{64}/", Letter.objects.get().text).group()
    booked = at_once(*[lambda: guest.ask(f"{link}bestaetigen/", {})] * TIMES_SENT)

    for answers, where in ((held, who), (asked, reverse("consultations:guest_sent"))):
        assert {answer[:2] for answer in answers} == {(302, where)}
    assert {answer[:2] for answer in booked} == {(302, link)}
    assert Appointment.objects.get().status == "booked"
    kinds = Letter.objects.filter(recipient=ROSA["email"]).values_list("key", flat=True)
    assert sorted(key.split(":")[2] for key in kinds) == ["booked", "confirm"]


def test_many_who_cancel_at_once_cancel_once(portal):
    address = office_of_every_day()[0]
    founder = make_founder()
    visitor = founder_at(portal, founder)
    visitor.ask(address, form_of(visitor, address))
    cancel = reverse("consultations:cancel", args=[Appointment.objects.get().pk])

    answers = at_once(*[lambda: visitor.ask(cancel, {})] * TIMES_SENT)

    assert {status for status, _address, _page in answers} == {302}
    appointment = Appointment.objects.get()
    assert (appointment.status, appointment.sequence) == ("cancelled", 1)
    waiting = Letter.objects.filter(recipient=founder.email, status=LetterStatus.QUEUED)
    assert waiting.count() == 1


# --- guests ---


def test_of_many_guests_who_choose_one_time_at_once_one_holds_it(portal):
    office_of_every_day()
    chosen = {"time": value_of(first_time())}
    with ThreadPoolExecutor(8) as pool:
        guests = list(pool.map(guest_at_the_times, [portal] * CLIENTS))
    times = reverse("consultations:guest_times")

    answers = at_once(*[lambda guest=guest: guest.ask(times, chosen) for guest in guests])

    assert sorted(status for status, _where, _page in answers) == [302] + [409] * (CLIENTS - 1)
    for status, _where, page in answers:
        if status == 409:
            assert page.count('name="time"') >= 3
            assert chosen["time"] not in page
    assert Appointment.objects.held().count() == 1


def guest_at_the_times(server):
    """Somebody without an account who has answered the questions."""
    guest = Visitor(server)
    about = reverse("consultations:guest_about")
    guest.ask(about)
    assert guest.ask(about, questions())[0] == 302
    return guest

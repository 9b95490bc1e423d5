"""Booking by many at once, over real HTTP: one time, one booking, one answer per form."""

import re
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from best_portal.outbox.models import Letter
from consultations.models import Appointment, OfficeHours
from tests.factories import make_founder, make_office_hours, make_user

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

CLIENTS = 20
ROUNDS = 3
CONSTRAINT = next(
    constraint
    for constraint in Appointment._meta.constraints
    if constraint.name == "consultations_appointment_no_double_booking"
)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Visitor:
    """One founder, signed in, or one guest, with a browser of their own."""

    def __init__(self, server, founder=None):
        self.server = server
        self.cookies = {}
        if founder:
            client = Client()
            client.force_login(founder)
            self.cookies[settings.SESSION_COOKIE_NAME] = client.cookies["sid"].value
        self.opener = urllib.request.build_opener(NoRedirect)

    def ask(self, path, data=None):
        """Return (status, address led to, page)."""
        if data is not None:
            token = self.cookies[settings.CSRF_COOKIE_NAME]
            data = urlencode(data | {"csrfmiddlewaretoken": token}).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        request = urllib.request.Request(
            self.server + path, data, {"Cookie": cookies, "Referer": self.server}
        )
        try:
            with self.opener.open(request, timeout=60) as response:
                return self._read(response)
        except urllib.error.HTTPError as response:
            with response:
                return self._read(response)

    def _read(self, response):
        for header in response.headers.get_all("Set-Cookie", []):
            name, _equals, value = header.partition("=")
            self.cookies[name] = value.partition(";")[0]
        return response.status, response.headers.get("Location"), response.read().decode()

    def fill_in(self, path):
        """Open the form, as everybody does before they press the button."""
        status, _address, page = self.ask(path)
        assert status == 200
        key = re.search(r'name="form_key" value="([^"]+)"', page).group(1)
        return {"form_key": key, "concern": "Wir gründen ein Muster-Café.", "book": "1"}


def at_once(*calls):
    """Run the calls in threads that start together; return what each gave."""
    gate = threading.Barrier(len(calls))

    def run(call):
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def visitors(live_server):
    return [Visitor(live_server.url, make_founder()) for _number in range(CLIENTS)]


def free_addresses():
    """The addresses of the next times that are free, of advisors met every day but holidays."""
    advisor = make_user()
    hours = make_office_hours(advisor=advisor, ends_at="17:00")
    for weekday in range(2, 6):
        make_office_hours(advisor=advisor, project=hours.project, weekday=weekday, ends_at="17:00")
    assert hours.starts_at == time(9)
    today = timezone.localdate()
    times = OfficeHours.objects.free_times(today, today + timedelta(days=14))
    return [
        reverse("consultations:book_time", args=[time.office_hours.pk, time.starts_at])
        for time in times
    ]


def race(visitors, address):
    forms = [visitor.fill_in(address) for visitor in visitors]
    return at_once(
        *(
            lambda visitor=visitor, form=form: visitor.ask(address, form)
            for visitor, form in zip(visitors, forms, strict=True)
        )
    )


def double_bookings():
    taken = list(Appointment.objects.taken().order_by("starts_at"))
    return sum(a.ends_at > b.starts_at for a, b in zip(taken, taken[1:], strict=False))


def test_of_many_who_book_one_time_at_once_one_gets_it_and_the_others_are_offered_more(visitors):
    addresses = free_addresses()
    for number in range(ROUNDS):
        address = addresses[5 * number]

        answers = race(visitors, address)

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


def test_without_the_constraint_the_same_race_books_twice(visitors, monkeypatch):
    address = free_addresses()[0]
    # Taking turns per advisor keeps the order; here it must not stand in for the referee.
    for module in ("booking", "office_hours"):
        monkeypatch.setattr(f"consultations.models.{module}.take_turns", lambda key: None)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Appointment, CONSTRAINT)
    try:
        answers = race(visitors, address)

        assert double_bookings() > 0
        assert [status for status, _address, _page in answers].count(302) > 1
    finally:
        Letter.objects.all().delete()
        Appointment.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Appointment, CONSTRAINT)


def test_the_same_form_sent_twenty_times_at_once_is_one_booking_one_mail_one_answer(live_server):
    founder = make_founder()
    visitor = Visitor(live_server.url, founder)
    address = free_addresses()[0]
    form = visitor.fill_in(address)

    answers = at_once(*[lambda: visitor.ask(address, form)] * CLIENTS)

    appointment = Appointment.objects.get()
    booked = reverse("consultations:booked", args=[appointment.pk])
    assert {(status, where) for status, where, _page in answers} == {(302, booked)}
    assert Letter.objects.filter(recipient=founder.email).count() == 1


def test_many_who_cancel_at_once_cancel_once(live_server):
    founder = make_founder()
    visitor = Visitor(live_server.url, founder)
    address = free_addresses()[0]
    visitor.ask(address, visitor.fill_in(address))
    cancel = reverse("consultations:cancel", args=[Appointment.objects.get().pk])

    answers = at_once(*[lambda: visitor.ask(cancel, {})] * CLIENTS)

    assert {status for status, _address, _page in answers} == {302}
    appointment = Appointment.objects.get()
    assert (appointment.status, appointment.sequence) == ("cancelled", 1)
    assert Letter.objects.filter(recipient=founder.email, status="queued").count() == 1


def test_of_many_guests_who_choose_one_time_at_once_one_holds_it(live_server):
    free_addresses()
    time = OfficeHours.objects.next_free_times(1)[0]
    chosen = {"time": f"{time.office_hours.pk}/{time.starts_at:%Y%m%dT%H%MZ}"}
    guests = [guest_at_the_times(live_server) for _number in range(CLIENTS)]
    times = reverse("consultations:guest_times")

    answers = at_once(*[lambda guest=guest: guest.ask(times, chosen) for guest in guests])

    assert sorted(status for status, _where, _page in answers) == [302] + [409] * (CLIENTS - 1)
    for status, _where, page in answers:
        if status == 409:
            assert page.count('name="time"') >= 3
            assert chosen["time"] not in page
    assert Appointment.objects.held().count() == 1


def test_one_guest_pressing_every_button_many_times_books_once_and_gets_one_mail(live_server):
    free_addresses()
    time = OfficeHours.objects.next_free_times(1)[0]
    chosen = {"time": f"{time.office_hours.pk}/{time.starts_at:%Y%m%dT%H%MZ}"}
    guest = guest_at_the_times(live_server)
    contact = {"name": "Rosa Beispiel", "email": "rosa@beispiel.example"}
    times, who = reverse("consultations:guest_times"), reverse("consultations:guest_who")

    held = at_once(*[lambda: guest.ask(times, chosen)] * 10)
    asked = at_once(*[lambda: guest.ask(who, contact)] * 10)
    link = re.search(r"/termin/[0-9a-f]{64}/", Letter.objects.get().text).group()
    booked = at_once(*[lambda: guest.ask(f"{link}bestaetigen/", {})] * 10)

    for answers, where in ((held, who), (asked, reverse("consultations:guest_sent"))):
        assert {answer[:2] for answer in answers} == {(302, where)}
    assert {answer[:2] for answer in booked} == {(302, link)}
    assert Appointment.objects.get().status == "booked"
    assert Letter.objects.filter(recipient=contact["email"]).count() == 2


def guest_at_the_times(live_server):
    """Somebody without an account who has answered the questions."""
    guest = Visitor(live_server.url)
    about = reverse("consultations:guest_about")
    guest.ask(about)
    questions = {"place": "unknown", "stage": "idea", "language": "de"}
    assert guest.ask(about, questions)[0] == 302
    return guest

"""Booking without an account: three pages, a held time, a mail, a link that waits for a button."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from best_portal.audit.models import Event
from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import Appointment, GuestBooking
from enterprises.models import Person
from tests.consultations.guests import (
    ABOUT,
    ROSA,
    SENT,
    TIMES,
    WHO,
    ask,
    book,
    first_time,
    link,
    questions,
    value_of,
)
from tests.factories import (
    BERLIN,
    make_office_hours,
    make_person,
    make_topic,
)

pytestmark = pytest.mark.django_db


# --- the way ---


def test_a_stranger_books_in_three_pages_and_one_mail(client, hours):
    topic = make_topic()
    district = hours.project.districts.get()
    time = first_time()

    about = client.post(
        ABOUT,
        questions(place=district.pk, topic=topic.pk, needs=["step_free"], language="en"),
    )
    assert about.url == TIMES
    assert value_of(time) in client.get(TIMES).text
    assert client.post(TIMES, {"time": value_of(time)}).url == WHO
    held = Appointment.objects.get()
    assert (held.status, held.person) == ("held", None)
    assert client.post(WHO, ROSA).url == SENT
    assert client.get(SENT).status_code == 200
    page = client.post(link() + "bestaetigen/", follow=True)

    booked = Appointment.objects.get()
    assert (booked.pk, booked.status, booked.held_until) == (held.pk, "booked", None)
    assert (booked.person.name, booked.person.language) == ("Rosa Beispiel", "en")
    guest = booked.guest
    assert (guest.district, guest.topic, guest.needs) == (district, topic, ["step_free"])
    assert booked.reference in page.text
    letters = Letter.objects.filter(recipient=ROSA["email"]).order_by("pk")
    assert [letter.language for letter in letters] == ["en", "en"]
    assert link() in letters[1].text
    assert {event.verb for event in Event.objects.about(booked)} == {
        "appointment.held",
        "appointment.booked",
    }


def test_the_advisor_sees_what_the_person_needs_but_no_held_time(client, sign_in, hours):
    ask(client, needs=["step_free"])
    advisor = sign_in(hours.advisor, Client())
    held = Appointment.objects.get()

    assert advisor.get(held.get_absolute_url()).status_code == 404
    client.post(link() + "bestaetigen/")

    assert "Rosa Beispiel" in advisor.get(held.get_absolute_url()).text


def test_without_email_it_is_booked_at_once_and_nobody_is_written_to(client, hours):
    response = ask(client, email="", phone="030 1234567")

    booked = Appointment.objects.get()
    assert booked.status == "booked"
    assert booked.person.phone == "030 1234567"
    assert client.get(response.url).context["appointment"] == booked
    assert {letter.recipient for letter in Letter.objects.all()} == {hours.advisor.email}


def test_the_same_forms_sent_twice_hold_once_ask_once_and_book_once(client, hours):
    client.post(ABOUT, questions())
    chosen = {"time": value_of(first_time())}

    assert {client.post(TIMES, chosen).url for _number in range(3)} == {WHO}
    assert {client.post(WHO, ROSA).url for _number in range(3)} == {SENT}
    assert {client.post(link() + "bestaetigen/").url for _number in range(3)} == {link()}

    assert Appointment.objects.get().status == "booked"
    assert Letter.objects.filter(recipient=ROSA["email"]).count() == 2
    assert Person.objects.count() == 1


def test_scanners_that_open_everything_change_nothing(client, hours):
    ask(client)
    scanner = Client()

    for path in ("", "absagen/", "verschieben/"):
        assert scanner.head(link() + path).status_code == 200
        for _number in range(3):
            assert scanner.get(link() + path).status_code == 200
    assert scanner.get(link() + "bestaetigen/").status_code == 405

    assert Appointment.objects.get().status == "held"
    client.post(link() + "bestaetigen/")
    assert Appointment.objects.get().status == "booked"


def test_the_link_moves_and_cancels_without_an_account(client, hours):
    booked = book(client)
    address, new = link(), first_time()

    client.post(address + "verschieben/", {"time": value_of(new)})
    booked.refresh_from_db()
    assert booked.starts_at == new.starts_at
    client.post(address + "absagen/")

    booked.refresh_from_db()
    assert booked.status == "cancelled"
    assert "abgesagt" in client.get(address).text
    letters = Letter.objects.filter(recipient=ROSA["email"])
    assert len(letters.filter(key__contains=":moved:")) == 1
    assert len(letters.filter(key__contains=":cancelled:")) == 1


def test_the_reminder_leads_to_the_link(client, hours):
    booked = book(client)

    Appointment.objects.update(agreed_at=timezone.now() - timedelta(days=100))
    Appointment.objects.remind(now=booked.starts_at - timedelta(hours=24))

    assert link() in Letter.objects.get(key__contains="reminder").text


def test_the_calendar_file_leads_each_side_to_where_they_may_look(client, hours):
    booked = book(client)

    files = {
        letter.recipient: letter.calendar for letter in Letter.objects.all() if letter.calendar
    }

    # Lines of a calendar file are folded (RFC 5545).
    found = {who: file.replace("\r\n ", "") for who, file in files.items()}
    assert f"{booked.guest.get_absolute_url()}\r\n" in found[ROSA["email"]]
    assert f"{booked.get_absolute_url()}\r\n" in found[hours.advisor.email]
    assert booked.guest.token not in found[hours.advisor.email]


def test_the_link_holds_until_the_appointment_is_over(client, hours):
    booked = book(client)
    now = timezone.now()
    Appointment.objects.update(starts_at=now - timedelta(hours=1), ends_at=now)

    page = client.get(link())

    assert page.status_code == 404
    assert reverse("consultations:guest_about") in page.text
    assert booked.reference not in page.text


def test_a_secret_is_long_and_stored_only_as_its_digest(client, hours):
    ask(client)

    token = link().split("/")[2]
    guest = GuestBooking.objects.get()

    assert len(bytes.fromhex(token)) == 32
    assert guest.token == token
    assert token not in str(guest.__dict__)


def test_letters_go_out_in_time_or_not_at_all(client, hours):
    ask(client)
    Letter.objects.deliver_due()
    assert len(mail.outbox) == 1
    Letter.objects.update(status=LetterStatus.QUEUED, sent_at=None, not_after=timezone.now())

    Letter.objects.deliver_due()

    assert len(mail.outbox) == 1


# --- limits ---


def test_one_address_has_three_bookings_open_at_most(hours):
    for _number in range(3):
        ask(Client())

    page = ask(Client(), email=ROSA["email"].upper())

    assert page.status_code == 200
    assert "3" in str(page.context["form"].non_field_errors())
    assert GuestBooking.objects.count() == 3


def test_a_robot_is_thanked_and_nothing_happens(client, hours):
    assert ask(client, website="https://beispiel.example").url == SENT

    assert not GuestBooking.objects.exists()
    assert not Letter.objects.exists()


def test_very_many_from_one_connection_are_asked_to_call(client, hours, settings):
    settings.ACCOUNT_RATE_LIMITS = {"guest_contact": "1/h/ip"}
    ask(client)

    assert ask(Client()).status_code == 429


def test_pages_out_of_order_lead_to_the_start(client, hours):
    assert client.get(TIMES).url == ABOUT
    assert client.get(WHO).url == TIMES
    assert client.get(SENT).status_code == 200
    assert client.get("/termin/0/").status_code == 404
    assert client.post("/termin/0/absagen/").status_code == 404


@pytest.mark.parametrize("day", [date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 31)])
def test_nine_stays_nine_for_guests_when_the_clocks_change(client, day):
    hours = make_office_hours(weekday=day.isoweekday())
    nine = datetime.combine(day, hours.starts_at, BERLIN)
    client.post(ABOUT, questions())
    client.post(TIMES, {"time": f"{hours.pk}/{nine.astimezone(UTC):%Y%m%dT%H%MZ}"})

    page = client.post(WHO, ROSA, follow=True)

    assert page.status_code == 200
    assert Appointment.objects.get().starts_at == nine
    assert "09:00–10:00" in Letter.objects.get().text
    assert "09:00" in client.get(link()).text


def test_a_person_on_file_is_recognised_only_by_name_and_address_together(client, hours):
    known = make_person(name="Rosa Beispiel", email="ROSA@beispiel.example")
    make_person(name="Rosa Anders", email=ROSA["email"])

    assert book(client).person == known

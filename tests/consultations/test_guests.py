"""Booking without an account: three pages, a held time, a mail, a link that waits for a button."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import Appointment, DeclinedRequest, GuestBooking, OfficeHours
from consultations.tasks import sweep_appointments
from enterprises.models import Person
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import (
    BERLIN,
    make_appointment,
    make_district,
    make_office_hours,
    make_person,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

ABOUT, TIMES = reverse("consultations:guest_about"), reverse("consultations:guest_times")
WHO, SENT = reverse("consultations:guest_who"), reverse("consultations:guest_sent")
ROSA = {"name": "Rosa Beispiel", "email": "rosa@beispiel.example", "phone": ""}


@pytest.fixture
def hours():
    hours = make_office_hours(place="Stadtteilbüro", cancel_hours=1)
    hours.project.districts.add(make_district(name="Musterkiez"))
    return hours


def questions(**fields):
    return {"place": "unknown", "stage": "idea", "language": "de", "channel": ""} | fields


def first_time():
    return OfficeHours.objects.next_free_times(1)[0]


def value_of(time):
    return f"{time.office_hours.pk}/{time.starts_at:%Y%m%dT%H%MZ}"


def hold(client, time=None, **fields):
    client.post(ABOUT, questions(**fields))
    return client.post(TIMES, {"time": value_of(time or first_time())})


def ask(client, **fields):
    hold(client)
    return client.post(WHO, ROSA | fields)


def link():
    text = Letter.objects.filter(key__contains=":confirm:").latest("pk").text
    return re.search(r"/termin/[0-9a-f]{64}/", text).group()


def book(client):
    ask(client)
    client.post(link() + "bestaetigen/")
    return Appointment.objects.get()


def run_out():
    Appointment.objects.update(held_until=timezone.now() - timedelta(seconds=1))


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


# --- held times ---


def test_a_held_time_is_not_offered_to_others(client, hours):
    time = first_time()
    hold(client, time)

    page = hold(Client(), time)

    assert page.status_code == 409
    assert value_of(time) not in page.text
    assert value_of(first_time()) in page.text


def test_choosing_another_time_gives_the_first_one_back(client, hours):
    first = first_time()
    hold(client, first)

    client.post(TIMES, {"time": value_of(first_time())})

    assert first_time() == first
    assert Appointment.objects.count() == 1


def test_what_was_held_too_long_is_free_for_the_next(client, hours):
    time = first_time()
    hold(client, time)
    run_out()

    assert first_time() == time
    assert hold(Client(), time).url == WHO
    assert Appointment.objects.count() == 1


def test_the_sweep_frees_what_was_held_too_long_and_forgets_the_name(client, hours):
    ask(client)
    address = link()
    run_out()

    sweep_appointments()

    assert not Appointment.objects.exists()
    assert not GuestBooking.objects.exists()
    assert client.get(address).status_code == 404
    assert client.post(address + "bestaetigen/").status_code == 404


def test_a_confirmation_a_little_late_holds_while_nobody_else_took_the_time(client, hours):
    ask(client)
    run_out()

    client.post(link() + "bestaetigen/")

    assert Appointment.objects.get().status == "booked"


def test_who_waits_too_long_is_led_back_to_the_times(client, hours):
    hold(client)
    run_out()
    sweep_appointments()

    response = client.post(WHO, ROSA)

    assert response.url == TIMES


def test_a_corrected_address_gets_its_own_link_and_the_first_is_void(client, hours):
    ask(client, email="falsch@beispiel.example")
    wrong = link()
    client.post(WHO, ROSA)

    assert link() != wrong
    assert client.get(wrong).status_code == 404
    client.post(link() + "bestaetigen/")
    assert Appointment.objects.get().person.email == ROSA["email"]


def test_after_booking_another_time_needs_a_new_start(client, hours):
    book(client)

    page = client.post(TIMES, {"time": value_of(first_time())})

    assert page.status_code == 409
    assert Appointment.objects.count() == 1


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


# --- answers ---


def test_from_outside_the_areas_the_request_is_noted_and_another_place_named(client, hours):
    topic = make_topic()

    page = client.post(
        ABOUT, questions(place="elsewhere", place_text="Potsdam  West", topic=topic.pk)
    )

    request = DeclinedRequest.objects.get()
    assert (request.place, request.topic, request.channel) == ("Potsdam West", topic, "web")
    assert request.on == timezone.localdate()
    assert "115" in page.text


def test_the_answers_lead_to_the_advisors_of_the_area(client, hours):
    other = make_office_hours()
    other.project.districts.add(make_district(name="Beispielkiez"))
    hold(client, place=other.project.districts.get().pk)

    page = client.get(TIMES)

    offers = [hours for _day, offers in page.context["page"].object_list for hours, _ in offers]
    assert set(offers) == {other}


def test_a_way_to_meet_nobody_offers_shows_every_way(client, hours):
    hold(client, channel="video")

    assert client.get(TIMES).context["page"].object_list


def test_the_calendar_is_never_empty(client, hours):
    far = make_office_hours(starts_on=date(2090, 1, 1))
    far.project.districts.add(make_district(name="Beispielkiez"))
    client.post(ABOUT, questions(place=far.project.districts.get().pk))

    page = client.get(TIMES)

    assert not page.context["page"].object_list
    assert value_of(first_time()) in page.text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"place": "elsewhere"}, "place_text"),
        ({"place": ""}, "place"),
        ({"place": "99999"}, "place"),
        ({"stage": "given_up"}, "stage"),
        ({"topic": "99999"}, "topic"),
        ({"needs": ["pony"]}, "needs"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_a_slip_in_the_answers_is_explained(client, hours, fields, wrong):
    page = client.post(ABOUT, questions(**fields))

    assert page.status_code == 200
    assert wrong in page.context["form"].errors


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"email": ""}, "email"),
        ({"email": "rosa@"}, "email"),
        ({"phone": "anrufen!"}, "phone"),
    ],
)
def test_a_slip_in_the_contact_is_explained(client, hours, fields, wrong):
    page = ask(client, **fields)

    assert page.status_code == 200
    assert wrong in page.context["form"].errors


@pytest.mark.parametrize("value", ["", "x/y", "1/20300603T0701Z", "9" * 30 + "/20300603T0700Z"])
def test_no_time_of_ours_is_refused_with_others_offered(client, hours, value):
    client.post(ABOUT, questions())

    page = client.post(TIMES, {"time": value})

    assert page.status_code == 409
    assert value_of(first_time()) in page.text


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


# --- what the database refuses ---


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"status": "held"}, "consultations_appointment_held_until_a_time"),
        ({"held_until": timezone.now()}, "consultations_appointment_held_until_a_time"),
        ({"person": None}, "consultations_appointment_is_with_somebody"),
    ],
)
def test_a_hold_has_an_end_and_a_booking_a_person(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_appointment(**fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"email": "", "phone": ""}, "consultations_guestbooking_can_be_reached"),
        ({"stage": "dream"}, "consultations_guestbooking_stage_is_known"),
    ],
)
def test_a_guest_can_be_reached_and_is_somewhere_on_the_way(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        GuestBooking.objects.create(
            appointment=make_appointment(), token_digest="0", **ROSA | fields
        )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"place": ""}, "consultations_declinedrequest_has_a_place"),
        ({"place": "Potsdam", "channel": "owl"}, "consultations_declinedrequest_channel_is_known"),
    ],
)
def test_a_declined_request_says_where_and_how(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        DeclinedRequest.objects.create(**fields)


def test_a_hold_cannot_be_cancelled_or_moved(hours, english):
    held = Appointment.objects.hold(
        office_hours=hours,
        starts_at=first_time().starts_at,
        form_key="00000000-0000-4000-8000-000000000001",
    )

    with pytest.raises(ValidationError):
        held.cancel(by=make_user(Role.MANAGER))
    with pytest.raises(ValidationError):
        held.move(by=hours.advisor, office_hours=hours, starts_at=first_time().starts_at)


def test_a_person_on_file_is_recognised_only_by_name_and_address_together(client, hours):
    known = make_person(name="Rosa Beispiel", email="ROSA@beispiel.example")
    make_person(name="Rosa Anders", email=ROSA["email"])

    assert book(client).person == known


# --- in the browser ---


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@widths
@themes
def test_the_way_is_sound_by_keyboard(browser, live_server, hours, theme, width):
    def press(page, selector):
        page.locator(selector).first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")

    with visit(browser, live_server, theme=theme, width=width) as (page, seen):
        page.goto(live_server.url + ABOUT)
        assert_sound(page, seen)
        page.select_option("[name=place]", "unknown")
        press(page, "[name=go_on]")
        assert_sound(page, seen)
        press(page, "[name=time]")
        assert_sound(page, seen)
        page.locator("[name=name]").focus()
        page.keyboard.type(ROSA["name"])
        page.locator("[name=email]").focus()
        page.keyboard.type(ROSA["email"])
        press(page, "[name=book]")
        assert_sound(page, seen)
        page.goto(live_server.url + link())
        assert_sound(page, seen)
        press(page, "main form button[type=submit]")
        assert_sound(page, seen)
        for path in ("verschieben/", "absagen/"):
            page.goto(live_server.url + link() + path)
            assert_sound(page, seen)

    assert Appointment.objects.get().status == "booked"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_way_needs_no_javascript(browser, live_server, hours):
    with visit(browser, live_server, width=320, java_script_enabled=False) as (page, _seen):
        page.goto(live_server.url + ABOUT)
        page.select_option("[name=place]", "unknown")
        page.click("[name=go_on]")
        page.locator("[name=time]").first.click()
        page.fill("[name=name]", ROSA["name"])
        page.fill("[name=email]", ROSA["email"])
        page.click("[name=book]")
        page.goto(live_server.url + link())
        page.click("main form button[type=submit]")

        assert Appointment.objects.get().reference in page.inner_text("main")

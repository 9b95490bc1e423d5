"""Booking for somebody who called: on file or new, told by mail, on paper or not at all."""

import uuid
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from consultations.models import Appointment, OfficeHours
from enterprises.models import Person
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import (
    BERLIN,
    make_appointment,
    make_office_hours,
    make_organisation,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def free():
    make_office_hours(place="Stadtteilbüro")
    return OfficeHours.objects.next_free_times(1)[0]


def address_of(time):
    return reverse("consultations:book_for_time", args=[time.office_hours.pk, time.starts_at])


def answers(**fields):
    return {"form_key": str(uuid.uuid4()), "told_by": "nobody", "language": "de"} | fields


def test_the_agenda_leads_to_the_free_times_and_on(sign_in, free):
    client = sign_in(free.advisor)

    assert reverse("consultations:book_for") in client.get("/termine/").text
    assert address_of(free) in client.get(reverse("consultations:book_for")).text
    assert client.get(address_of(free)).status_code == 200


def test_a_caller_without_email_is_booked_and_nobody_writes_to_them(sign_in, free):
    sent = answers(name="Rosa  Beispiel", phone="030 1234567", concern="Nähstube")

    response = sign_in(free.advisor).post(address_of(free), sent)

    booked = Appointment.objects.get()
    assert response.url == booked.get_absolute_url()
    assert (booked.person.name, booked.person.phone) == ("Rosa Beispiel", "030 1234567")
    assert (booked.booked_by, booked.told_by) == (free.advisor, "nobody")
    assert {letter.recipient for letter in Letter.objects.all()} == {free.advisor.email}


def test_a_caller_with_email_gets_a_mail_in_their_language(sign_in, free):
    sent = answers(
        name="Rosa Beispiel", email="rosa@beispiel.example", language="en", told_by="mail"
    )

    sign_in(free.advisor).post(address_of(free), sent)

    letter = Letter.objects.get(recipient="rosa@beispiel.example")
    assert (letter.language, letter.subject) == ("en", "Your appointment is booked")


def test_somebody_on_file_is_found_and_not_made_twice(sign_in, free):
    person = make_person(name="Rosa Beispiel", email="rosa@beispiel.example")
    organisation = make_organisation(name="Muster-Nähstube")
    sent = answers(person_text="rosa beispil", organisation_text="Nähstube", told_by="mail")

    sign_in(make_user(Role.MANAGER)).post(address_of(free), sent)

    booked = Appointment.objects.get()
    assert (booked.person, booked.organisation) == (person, organisation)
    assert Person.objects.count() == 1


def test_a_letter_on_paper_is_in_the_language_of_who_reads_it(sign_in, free):
    sent = answers(name="Rosa Beispiel", language="en", told_by="letter")

    page = sign_in(free.advisor).post(address_of(free), sent, follow=True)

    booked = Appointment.objects.get()
    assert page.redirect_chain[0][0] == f"/termine/{booked.pk}/brief/"
    assert "your appointment is booked:" in page.text
    assert booked.reference in page.text
    assert timezone.localtime(booked.starts_at).strftime("%H:%M") in page.text


def test_the_same_form_sent_twice_books_once(sign_in, free):
    client, sent = sign_in(free.advisor), answers(name="Rosa Beispiel")

    responses = [client.post(address_of(free), sent) for _number in range(2)]

    assert {response.url for response in responses} == {
        Appointment.objects.get().get_absolute_url()
    }
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "person"),
        ({"name": "Rosa", "told_by": "mail"}, "told_by"),
        ({"name": "Rosa", "told_by": "pigeon"}, "told_by"),
        ({"name": "Rosa", "email": "rosa@", "told_by": "mail"}, "email"),
        ({"person_text": "Niemand Bekanntes"}, "person"),
        ({"name": "Rosa", "language": "tlh"}, "language"),
    ],
)
def test_a_slip_is_explained_and_nothing_typed_is_lost(sign_in, free, fields, wrong):
    page = sign_in(free.advisor).post(address_of(free), answers(concern="Nähstube") | fields)

    assert page.status_code == 200
    assert wrong in page.context["form"].errors
    assert "Nähstube" in page.text
    assert not Appointment.objects.exists()
    assert not Person.objects.filter(name="Rosa").exists()


def test_a_time_taken_in_the_meantime_offers_others(sign_in, free):
    make_appointment(advisor=free.advisor, starts_at=free.starts_at)

    page = sign_in(free.advisor).post(address_of(free), answers(name="Rosa Beispiel"))

    assert page.status_code == 409
    assert len(page.context["times"]) == 3
    assert "/termine/fuer-andere/" in page.text
    assert not Person.objects.filter(name="Rosa Beispiel").exists()


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_nine_stays_nine_on_paper_when_the_clocks_change(sign_in, day):
    hours = make_office_hours(weekday=7)
    nine = datetime.combine(day, hours.starts_at, BERLIN)
    address = reverse("consultations:book_for_time", args=[hours.pk, nine])

    page = sign_in(hours.advisor).post(
        address, answers(name="Rosa Beispiel", told_by="letter"), follow=True
    )

    assert "09:00" in page.text.partition("<article")[2]
    assert Appointment.objects.get().starts_at == nine


@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_only_staff_book_for_others(sign_in, free, role):
    client = sign_in(make_user(role))
    pk = make_appointment().pk

    for address in (
        reverse("consultations:book_for"),
        address_of(free),
        reverse("consultations:appointment_letter", args=[pk]),
        reverse("consultations:person_search"),
    ):
        assert client.get(address).status_code == 403


def test_people_are_suggested_while_typing(sign_in):
    make_person(name="Rosa Beispiel", phone="030 1234567")
    client = sign_in(make_user())

    for typed in ("rosa", "030 1234567"):
        assert "Rosa Beispiel" in client.get("/suche/personen/", {"q": typed}).text
    assert "Rosa" not in client.get("/suche/personen/", {"q": "\0"}).text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@widths
@themes
def test_booking_for_a_caller_is_sound(browser, live_server, sign_in, free, theme, width):
    client = sign_in(free.advisor)
    with visit(browser, live_server, theme=theme, width=width, client=client) as (page, seen):
        page.goto(live_server.url + reverse("consultations:book_for"))
        assert_sound(page, seen)
        page.click("main a[href$='Z/']")
        assert_sound(page, seen)
        page.fill("[name=name]", "Rosa Beispiel")
        page.check("[name=told_by][value=letter]")
        page.click("[name=book]")
        assert_sound(page, seen)
        assert Appointment.objects.get().reference in page.inner_text("article")

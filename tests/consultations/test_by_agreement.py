"""Office hours by agreement: shown with a phone number, booked by the advisor at any time."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Appointment, OfficeHours
from tests.consultations.guests import TIMES, questions
from tests.factories import (
    BERLIN,
    NINE,
    make_absence,
    make_appointment,
    make_office_hours,
    make_person,
    make_project,
    make_team_hours,
    make_user,
)

pytestmark = pytest.mark.django_db

# A Saturday evening: no office hours of ours are held then.
EVENING = datetime(2030, 6, 8, 20, 15, tzinfo=BERLIN)


@pytest.fixture
def agreed():
    return make_office_hours(is_by_agreement=True, place="Stadtteilbüro", slot_minutes=45)


def address_of(hours):
    return reverse("consultations:book_agreed", args=[hours.pk])


def answers(**fields):
    return {
        "form_key": str(uuid.uuid4()),
        "day": "2030-06-08",
        "clock": "20:15",
        "name": "Rosa Beispiel",
        "told_by": "nobody",
        "language": "de",
    } | fields


def book(hours, starts_at=EVENING, **fields):
    fields.setdefault("by", hours.advisor)
    fields.setdefault("person", make_person())
    return Appointment.objects.book_free_time(
        office_hours=hours, starts_at=starts_at, is_agreed=True, **fields
    )


def test_an_advisor_books_any_time_they_have_agreed_on(sign_in, agreed):
    client = sign_in(agreed.advisor)

    assert address_of(agreed) in client.get(reverse("consultations:book_for")).text
    assert client.get(address_of(agreed)).status_code == 200
    response = client.post(address_of(agreed), answers())

    booked = Appointment.objects.get()
    assert response.url == booked.get_absolute_url()
    assert (booked.starts_at, booked.ends_at) == (EVENING, EVENING + timedelta(minutes=45))
    assert (booked.advisor, booked.office_hours) == (agreed.advisor, agreed)
    assert booked.place == "Stadtteilbüro"


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.MANAGER])
def test_for_a_colleagues_hours_only_the_manager_says_when(sign_in, agreed, role):
    client = sign_in(make_user(role))
    status = 200 if role == Role.MANAGER else 404

    assert client.get(address_of(agreed)).status_code == status
    listed = address_of(agreed) in client.get(reverse("consultations:book_for")).text
    assert listed == (role == Role.MANAGER)


def test_hours_with_free_times_are_not_booked_past_them(sign_in):
    hours = make_office_hours()

    assert sign_in(hours.advisor).get(address_of(hours)).status_code == 404
    with pytest.raises(ValidationError):
        book(hours)


@pytest.mark.parametrize("what", ["appointment", "absence"])
def test_what_there_is_already_is_not_overlapped(sign_in, agreed, what):
    if what == "appointment":
        make_appointment(advisor=agreed.advisor, starts_at=EVENING - timedelta(minutes=30))
    else:
        make_absence(advisor=agreed.advisor, starts_at=EVENING, ends_at=EVENING.replace(hour=21))
    number = Appointment.objects.count()

    page = sign_in(agreed.advisor).post(address_of(agreed), answers())

    assert "clock" in page.context["form"].errors
    assert page.context["form"]["name"].value() == "Rosa Beispiel"
    assert Appointment.objects.count() == number
    book(agreed, EVENING + timedelta(hours=1))


def test_nothing_is_agreed_for_the_past_or_after_the_project():
    project = make_project(starts_on=date(2020, 1, 1), ends_on=date(2030, 6, 7))
    hours = make_office_hours(is_by_agreement=True, project=project)

    for starts_at in (timezone.now() - timedelta(hours=1), EVENING):
        with pytest.raises(ValidationError):
            book(hours, starts_at)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"day": "31.03.2030", "clock": "02:30"}, "clock"),
        ({"day": "2020-01-01"}, "clock"),
        ({"day": "31.02.2030"}, "day"),
        ({"clock": "25:00"}, "clock"),
        ({"day": "9999-12-31"}, "day"),
        ({"name": ""}, "person"),
    ],
)
def test_a_slip_is_explained_and_nothing_typed_is_lost(sign_in, agreed, fields, wrong):
    page = sign_in(agreed.advisor).post(address_of(agreed), answers(concern="Nähstube") | fields)

    assert page.status_code == 200
    assert wrong in page.context["form"].errors
    assert page.context["form"]["concern"].value() == "Nähstube"


@pytest.mark.parametrize(
    ("day", "hours_from_utc"), [("2030-03-31", 2), ("2030-10-27", 1), ("2030-10-26", 2)]
)
def test_nine_stays_nine_when_the_clocks_change(sign_in, agreed, day, hours_from_utc):
    sign_in(agreed.advisor).post(address_of(agreed), answers(day=day, clock="09:00"))

    booked = Appointment.objects.get()
    assert booked.starts_at.hour == 9 - hours_from_utc
    assert f"{booked.starts_at.astimezone(BERLIN):%Y-%m-%d %H:%M}" == f"{day} 09:00"


def test_of_a_team_whoever_books_meets_the_person_else_somebody_free():
    hours = make_team_hours(2, is_by_agreement=True)
    [one, two] = hours.members.order_by("pk")
    make_appointment(advisor=two, starts_at=EVENING + timedelta(hours=3))

    assert book(hours, by=two).advisor == two
    assert book(hours, by=two).advisor == one
    with pytest.raises(ValidationError):
        book(hours, by=two)


def test_the_same_form_sent_twice_books_once(sign_in, agreed):
    client, sent = sign_in(agreed.advisor), answers()

    responses = [client.post(address_of(agreed), sent) for _number in range(2)]

    assert {each.url for each in responses} == {Appointment.objects.get().get_absolute_url()}


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_the_time():
    hours, person = make_office_hours(is_by_agreement=True), make_person()
    gate = threading.Barrier(8)

    def attempt(number):
        try:
            gate.wait()
            return book(hours, NINE + timedelta(minutes=5 * number), person=person)
        except ValidationError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        booked = [each for each in pool.map(attempt, range(8)) if each]

    assert len(booked) == Appointment.objects.count() == 1


def test_guests_read_whom_they_may_call(client, agreed):
    make_office_hours()
    client.post(reverse("consultations:guest_about"), questions())

    for address in (TIMES, reverse("consultations:guest", args=["0" * 64])):
        assert agreed.advisor.name in client.get(address).text
    assert OfficeHours.objects.by_agreement().get() == agreed

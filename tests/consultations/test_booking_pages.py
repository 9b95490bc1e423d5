"""Booking, page by page: nothing typed is lost, nobody stands before a closed door."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from consultations.models import Appointment, AppointmentStatus, OfficeHours
from tests.factories import (
    make_appointment,
    make_founder,
    make_office_hours,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def free():
    """A time that is free in the next weeks."""
    make_office_hours(place="Stadtteilbüro")
    return next_free_time()


def next_free_time():
    return OfficeHours.objects.next_free_times(1)[0]


def address_of(time):
    return reverse("consultations:book_time", args=[time.office_hours.pk, time.starts_at])


def answers(**fields):
    return {"form_key": uuid.uuid4(), "concern": "Wir gründen ein Muster-Café."} | fields


def own_appointment(founder, **fields):
    return make_appointment(person=founder.person, **fields)


# --- choosing a time ---


def test_strangers_are_led_to_the_sign_in(client):
    response = client.get(reverse("consultations:book"))

    assert response.status_code == 302
    assert response.url.endswith("?next=/termine/buchen/")


def test_free_times_are_links_by_day(sign_in, free):
    page = sign_in(make_founder()).get(reverse("consultations:book"))

    assert address_of(free) in page.text
    assert "Stadtteilbüro" in page.text


def test_the_list_can_be_narrowed(sign_in, free):
    other = make_office_hours()

    page = sign_in(make_founder()).get(
        reverse("consultations:book"), {"advisor": other.advisor.pk, "channel": "office"}
    )

    offers = [hours for _day, offers in page.context["page"].object_list for hours, _ in offers]
    assert set(offers) == {other}


def test_a_choice_without_free_times_offers_those_of_others(sign_in, free):
    full = make_office_hours(lead_hours=720, ends_at="09:30", slot_minutes=60)

    page = sign_in(make_founder()).get(reverse("consultations:book"), {"advisor": full.advisor.pk})

    assert [time.office_hours for time in page.context["others"]] == [free.office_hours] * 3
    assert address_of(free) in page.text


def test_even_without_any_free_time_the_page_says_what_to_do(sign_in):
    page = sign_in(make_founder()).get(reverse("consultations:book"))

    assert page.status_code == 200
    assert page.context["others"] == []


@pytest.mark.parametrize("query", ["advisor=x&district=99&channel=pigeon&page=0", "page=%00"])
def test_nonsense_in_the_address_shows_the_free_times(sign_in, free, query):
    page = sign_in(make_founder()).get(f"{reverse('consultations:book')}?{query}")

    assert page.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_free_times_cost_the_same_however_many(sign_in, django_assert_num_queries, rows):
    for _row in range(rows):
        make_appointment(advisor=make_office_hours().advisor)
    client = sign_in(make_founder())

    with django_assert_num_queries(14):
        client.get(reverse("consultations:book"))


# --- saying what it is about, checking, booking ---


def test_a_founder_books_in_three_steps(sign_in, free):
    founder = make_founder(make_organisation(name="Muster-Café"))
    client = sign_in(founder)
    form = client.get(address_of(free)).context["form"]
    sent = answers(form_key=form["form_key"].value(), organisation=form["organisation"].value())

    check = client.post(address_of(free), sent | {"check": "1"})
    assert "Wir gründen ein Muster-Café." in check.text
    assert not Appointment.objects.exists()
    booked = client.post(address_of(free), sent | {"book": "1"}, follow=True)

    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.person.user) == (free.starts_at, founder)
    assert str(appointment.organisation) == "Muster-Café"
    assert appointment.reference in booked.text


def test_a_founder_without_a_file_gets_one_from_the_account(sign_in, free):
    founder = make_user(Role.FOUNDER, name="Muster Neu")

    sign_in(founder).post(address_of(free), answers(book="1"))

    person = Appointment.objects.get().person
    assert (person.name, person.email, person.user) == ("Muster Neu", founder.email, founder)


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(sign_in, free):
    founder = make_founder(make_organisation(name="Muster-Café"))

    page = sign_in(founder).post(address_of(free), answers(concern="", organisation="", check="1"))

    assert page.status_code == 200
    assert page.context["form"].errors["concern"]
    assert not Appointment.objects.exists()


def test_changing_something_keeps_what_was_typed(sign_in, free):
    page = sign_in(make_founder()).post(address_of(free), answers(change="1"))

    assert "Wir gründen ein Muster-Café." in page.text


def test_nobody_books_for_a_foreign_organisation(sign_in, free):
    founder = make_founder(make_organisation())
    foreign = make_organisation()

    page = sign_in(founder).post(address_of(free), answers(organisation=foreign.pk, book="1"))

    assert page.context["form"].errors["organisation"]
    assert not Appointment.objects.exists()


def test_extra_fields_change_nothing(sign_in, free):
    other = make_user()

    sign_in(make_founder()).post(
        address_of(free), answers(book="1", advisor=other.pk, status="took_place", project="1")
    )

    appointment = Appointment.objects.get()
    assert appointment.advisor == free.advisor
    assert appointment.status == AppointmentStatus.BOOKED


def test_a_time_just_taken_is_answered_with_others(sign_in, free):
    make_appointment(advisor=free.advisor, starts_at=free.starts_at, ends_at=free.ends_at)
    client = sign_in(make_founder())

    for page in (
        client.get(address_of(free)),
        client.post(address_of(free), answers(check="1")),
        client.post(address_of(free), answers(book="1")),
    ):
        assert page.status_code == 409
        assert len(page.context["times"]) == 3
        assert address_of(next_free_time()) in page.text


def test_the_same_form_sent_twice_leads_to_the_same_page(sign_in, free):
    client, sent = sign_in(make_founder()), answers(book="1")

    first = client.post(address_of(free), sent)
    second = client.post(address_of(free), sent)

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Appointment.objects.count() == 1
    assert Letter.objects.count() == 2


def test_a_free_time_that_is_refused_says_why_and_keeps_what_was_typed(sign_in, free):
    founder = make_founder()
    for days in (1, 2, 3):
        own_appointment(founder, starts_at=timezone.now() + days * DAY)

    page = sign_in(founder).post(address_of(free), answers(book="1"))

    assert page.status_code == 409
    assert page.context["form"].non_field_errors()
    assert "Wir gründen ein Muster-Café." in page.text
    assert Appointment.objects.count() == 3


@pytest.mark.parametrize(
    "moment", ["20300231T0700Z", "20309999T9999Z", "00010101T0000Z", "99991231T2359Z"]
)
def test_a_moment_that_does_not_exist_is_no_page(sign_in, free, moment):
    response = sign_in(make_founder()).get(f"/termine/buchen/{free.office_hours.pk}/{moment}/")

    assert response.status_code == 404

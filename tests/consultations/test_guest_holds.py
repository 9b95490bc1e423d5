"""Held times: kept for a quarter of an hour, then free for the next."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from best_portal.accounts.models import Role
from consultations.models import Appointment, GuestBooking, OfficeHours
from consultations.models.free_times import by_day
from consultations.models.office_hours import NOT_FREE
from consultations.tasks import sweep_appointments
from tests.consultations.guests import (
    ROSA,
    TIMES,
    WHO,
    ask,
    book,
    first_time,
    hold,
    link,
    run_out,
    value_of,
)
from tests.factories import (
    make_absence,
    make_user,
)

pytestmark = pytest.mark.django_db


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


def test_what_the_advisor_cannot_keep_is_not_confirmed_and_others_are_offered(client, hours):
    time = first_time()
    ask(client)
    make_absence(advisor=hours.advisor, starts_at=time.starts_at, ends_at=time.ends_at)

    page = client.post(link() + "bestaetigen/", follow=True)

    assert Appointment.objects.get().status == "held"
    assert page.status_code == 404
    assert [str(message) for message in page.context["messages"]] == [str(NOT_FREE)]
    assert page.context["days"] == by_day(OfficeHours.objects.next_free_times(3))


def test_a_day_cancelled_meanwhile_is_not_confirmed(client, hours):
    ask(client)
    hours.cancel_day(by=hours.advisor, day=Appointment.objects.get().starts_at.date())

    client.post(link() + "bestaetigen/")

    assert Appointment.objects.get().status == "held"


def test_the_lead_time_counts_when_a_time_is_chosen_not_when_it_is_confirmed(client, hours):
    ask(client)
    OfficeHours.objects.update(lead_hours=720)

    client.post(link() + "bestaetigen/")

    assert Appointment.objects.get().status == "booked"


def test_a_link_read_just_before_the_time_was_given_to_another_refuses_in_words(client, hours):
    ask(client)
    booking = GuestBooking.objects.get()
    run_out()
    sweep_appointments()

    with pytest.raises(ValidationError):
        booking.confirm()


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

"""Appointments: every verb and every refusal."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter
from consultations.models import Appointment, AppointmentStatus, OfficeHours
from consultations.models.booking import MOST_TO_COME
from tests.factories import (
    NINE,
    make_appointment,
    make_consultation,
    make_founder,
    make_office_hours,
    make_organisation,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

YESTERDAY = timedelta(days=1)


def book(hours=None, starts_at=NINE, founder=None, **fields):
    founder = founder or make_founder()
    return Appointment.objects.book_free_time(
        by=founder,
        office_hours=hours or make_office_hours(),
        starts_at=starts_at,
        person=founder.person,
        **fields,
    )


def past_appointment(**fields):
    return make_appointment(starts_at=timezone.now() - YESTERDAY, **fields)


# --- book ---


def test_a_booked_time_carries_what_the_office_hours_say():
    hours = make_office_hours(slot_minutes=45, place="Stadtteilbüro", channel="phone")

    appointment = book(hours, concern="Satzung", organisation=make_organisation())

    assert appointment.ends_at - appointment.starts_at == timedelta(minutes=45)
    assert (appointment.place, appointment.channel) == ("Stadtteilbüro", "phone")
    assert (appointment.advisor, appointment.project) == (hours.advisor, hours.project)
    assert Event.objects.about(appointment).get().verb == "appointment.booked"


@pytest.mark.parametrize(
    "starts_at",
    [
        NINE + timedelta(minutes=30),
        NINE + timedelta(hours=3),
        NINE + timedelta(days=1),
        NINE - timedelta(days=365 * 20),
    ],
)
def test_a_time_that_was_never_offered_cannot_be_booked(starts_at):
    with pytest.raises(ValidationError, match="not free any more"):
        book(starts_at=starts_at)


def test_a_taken_time_cannot_be_booked():
    first = book()

    with pytest.raises(ValidationError, match="not free any more"):
        book(first.office_hours)


def test_the_same_form_sent_twice_books_once_and_writes_once():
    hours, founder, key = make_office_hours(), make_founder(), uuid.uuid4()

    first = book(hours, founder=founder, form_key=key, concern="Satzung")
    second = book(hours, founder=founder, form_key=key, concern="Satzung")

    assert first == second
    assert Letter.objects.about(first.letters_key).count() == 2
    assert Event.objects.about(first).count() == 1


def test_a_form_cannot_be_used_for_another_booking():
    hours, founder, key = make_office_hours(), make_founder(), uuid.uuid4()
    book(hours, founder=founder, form_key=key)

    with pytest.raises(ValidationError, match="used for another booking"):
        book(hours, NINE + timedelta(hours=1), founder=founder, form_key=key)


def test_nobody_gets_another_persons_booking_back():
    hours, key = make_office_hours(), uuid.uuid4()
    book(hours, form_key=key)

    with pytest.raises(ValidationError, match="used for another booking"):
        book(hours, form_key=key)


def test_nobody_books_all_the_times_away():
    hours, founder = make_office_hours(), make_founder()
    for number in range(MOST_TO_COME):
        make_appointment(person=founder.person, starts_at=NINE + timedelta(days=number + 1))

    with pytest.raises(ValidationError, match="appointments to come"):
        book(hours, founder=founder)

    Appointment.objects.first().cancel(by=founder)
    assert book(hours, founder=founder)


# --- cancel, move ---


def test_a_cancelled_appointment_frees_its_time():
    first = book()

    first.cancel(by=first.advisor)

    assert book(first.office_hours).starts_at == first.starts_at
    assert first.sequence == 1
    assert first.cancelled_at
    assert Event.objects.about(first).filter(verb="appointment.cancelled").exists()


def test_a_founder_cancels_until_shortly_before():
    founder = make_founder()
    hours = make_office_hours(cancel_hours=3)
    soon = timezone.now() + timedelta(hours=2)
    appointment = make_appointment(person=founder.person, office_hours=hours, starts_at=soon)

    with pytest.raises(ValidationError, match="too late"):
        appointment.cancel(by=founder)

    appointment.cancel(by=appointment.advisor)
    assert appointment.status == AppointmentStatus.CANCELLED


def test_an_appointment_is_cancelled_once():
    appointment = book()
    stale = Appointment.objects.get(pk=appointment.pk)
    appointment.cancel(by=appointment.advisor)

    with pytest.raises(ValidationError, match="in the meantime"):
        stale.cancel(by=appointment.advisor)


def test_a_moved_appointment_keeps_its_identity_and_frees_its_old_time():
    appointment = book()
    hours, uid = appointment.office_hours, appointment.uid

    appointment.move(
        by=appointment.advisor, office_hours=hours, starts_at=NINE + timedelta(hours=1)
    )

    assert (appointment.uid, appointment.sequence) == (uid, 1)
    assert appointment.starts_at == NINE + timedelta(hours=1)
    assert hours.free_time_at(NINE)


def test_an_appointment_is_not_moved_onto_another():
    first = book()
    second = book(first.office_hours, NINE + timedelta(hours=1))

    with pytest.raises(ValidationError, match="not free any more"):
        second.move(by=second.advisor, office_hours=first.office_hours, starts_at=NINE)


def test_an_appointment_is_not_moved_to_another_advisor():
    appointment = book()

    with pytest.raises(ValidationError, match="same advisor"):
        appointment.move(
            by=appointment.advisor,
            office_hours=make_office_hours(),
            starts_at=NINE + timedelta(hours=1),
        )


# --- took place, missed ---


def test_what_took_place_is_waiting_for_its_log():
    appointment = past_appointment()

    appointment.took_place(by=appointment.advisor)

    assert appointment.status == AppointmentStatus.TOOK_PLACE
    assert list(Appointment.objects.unlogged()) == [appointment]


def test_what_nobody_came_to_is_not_waiting_for_a_log():
    appointment = past_appointment()

    appointment.missed(by=appointment.advisor)

    assert appointment.status == AppointmentStatus.NO_SHOW
    assert not Appointment.objects.unlogged().exists()


def test_a_slip_of_the_mouse_can_be_put_right():
    appointment = past_appointment()
    appointment.missed(by=appointment.advisor)

    appointment.took_place(by=appointment.advisor)

    assert appointment.status == AppointmentStatus.TOOK_PLACE


def test_a_logged_appointment_cannot_have_been_missed():
    appointment = past_appointment(consultation=make_consultation())

    with pytest.raises(ValidationError, match="was logged"):
        appointment.missed(by=appointment.advisor)


@pytest.mark.parametrize("verb", ["took_place", "missed"])
def test_what_is_still_to_come_has_not_happened(verb):
    appointment = make_appointment()

    with pytest.raises(ValidationError, match="still to come"):
        getattr(appointment, verb)(by=appointment.advisor)


# --- office hours ---


def test_ended_office_hours_offer_nothing_more():
    hours = make_office_hours()
    today = timezone.localdate()

    hours.end(by=hours.advisor, on=today)

    tomorrow = today + timedelta(days=1)
    assert OfficeHours.objects.free_times(tomorrow, tomorrow + timedelta(days=30)) == []
    assert Event.objects.about(hours).get().verb == "office_hours.ended"


def test_office_hours_do_not_end_in_the_past():
    hours = make_office_hours()

    with pytest.raises(ValidationError, match="today or a later day"):
        hours.end(by=hours.advisor, on=timezone.localdate() - timedelta(days=1))


def test_a_founder_sees_only_their_own_appointments():
    founder = make_founder()
    own = make_appointment(person=founder.person)
    make_appointment()

    assert list(Appointment.objects.visible_to(founder)) == [own]


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR])
def test_funders_and_evaluators_see_no_appointments(role):
    make_appointment()

    assert not Appointment.objects.visible_to(make_user(role)).exists()

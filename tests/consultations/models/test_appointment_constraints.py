"""What must never be true of appointments, holds, bookings without an account and office hours."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from consultations.models import (
    Appointment,
    AppointmentStatus,
    GuestBooking,
)
from tests.consultations.guests import ROSA
from tests.factories import (
    NINE,
    make_appointment,
    make_office_hours,
)

pytestmark = pytest.mark.django_db


def test_an_advisor_cannot_be_booked_twice_at_once():
    first = make_appointment()

    with pytest.raises(IntegrityError, match="consultations_appointment_no_double_booking"):
        make_appointment(advisor=first.advisor, starts_at=NINE + timedelta(minutes=30))


def test_a_held_time_blocks_too():
    first = make_appointment(
        status=AppointmentStatus.HELD, held_until=timezone.now() + timedelta(minutes=15)
    )

    with pytest.raises(IntegrityError, match="consultations_appointment_no_double_booking"):
        make_appointment(advisor=first.advisor)


def test_back_to_back_appointments_do_not_overlap():
    first = make_appointment()

    make_appointment(advisor=first.advisor, starts_at=first.ends_at)

    assert Appointment.objects.taken().count() == 2


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_appointment_status_is_known", {"status": "lost"}),
        ("consultations_appointment_channel_is_known", {"channel": "pigeon"}),
        ("consultations_appointment_ends_after_start", {"ends_at": NINE}),
        ("consultations_appointment_cancelled_with_time", {"status": "cancelled"}),
        ("consultations_appointment_cancelled_with_time", {"cancelled_at": NINE}),
    ],
)
def test_an_impossible_appointment_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_appointment(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_officehours_weekday_is_known", {"weekday": 8}),
        ("consultations_officehours_channel_is_known", {"channel": "pigeon"}),
        ("consultations_officehours_end_after_start", {"ends_at": "09:00"}),
        ("consultations_officehours_stop_after_first_day", {"ends_on": date(2019, 1, 1)}),
        ("consultations_officehours_slot_is_plausible", {"slot_minutes": 5}),
        ("consultations_officehours_slot_is_plausible", {"slot_minutes": 481}),
    ],
)
def test_impossible_office_hours_are_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_office_hours(**fields)


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

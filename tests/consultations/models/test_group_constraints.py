"""What must never be true of group sessions, their dates, registrations and marks, by name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from consultations.models import Attendance, CheckIn, GroupSession, Registration
from tests.factories import (
    NINE,
    make_consultation,
    make_group_session,
    make_person,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_groupsession_has_a_title", {"title": ""}),
        ("consultations_groupsession_status_is_known", {"status": "maybe"}),
        ("consultations_groupsession_channel_is_known", {"channel": "dove"}),
        ("consultations_groupsession_open_to_is_known", {"open_to": "friends"}),
        ("consultations_groupsession_seats_are_plausible", {"seats": 0}),
        ("consultations_groupsession_seats_are_plausible", {"seats": 501}),
        ("consultations_groupsession_waiting_list_is_plausible", {"waiting_seats": 501}),
        ("consultations_groupsession_cancelled_with_time", {"status": "cancelled"}),
        ("consultations_groupsession_cancelled_with_time", {"cancelled_at": NINE}),
    ],
)
def test_a_session_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_group_session(**fields)


@pytest.mark.parametrize(
    ("constraint", "start", "end"),
    [
        ("consultations_groupsessiondate_ends_after_start", NINE, NINE),
        ("consultations_groupsessiondate_ends_after_start", NINE, NINE - HOUR),
        ("consultations_groupsessiondate_lasts_12_hours_at_most", NINE, NINE + 12.1 * HOUR),
    ],
)
def test_a_date_is_refused(constraint, start, end):
    with pytest.raises(IntegrityError, match=constraint):
        make_group_session(times=[(start, end)])


def test_two_dates_of_a_session_do_not_overlap():
    with pytest.raises(IntegrityError, match="consultations_groupsessiondate_no_overlap"):
        make_group_session(times=[(NINE, NINE + 2 * HOUR), (NINE + HOUR, NINE + 3 * HOUR)])


def test_dates_back_to_back_cancelled_ones_and_those_of_another_session_are_accepted():
    session = make_group_session(times=[(NINE, NINE + HOUR), (NINE + HOUR, NINE + 2 * HOUR)])
    session.dates.create(starts_at=NINE, ends_at=NINE + HOUR, cancelled_at=NINE)

    assert make_group_session().dates.count() == 1
    assert session.dates.count() == 3


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_registration_status_is_known", {"status": "maybe"}),
        ("consultations_registration_told_by_is_known", {"told_by": "pigeon"}),
        ("consultations_registration_seat_if_registered", {"seat": None}),
        ("consultations_registration_seat_if_registered", {"seat": 0}),
        ("consultations_registration_seat_if_registered", {"status": "waiting", "seat": 1}),
        ("consultations_registration_seat_if_registered", {"status": "walked_in", "seat": 1}),
        (
            "consultations_registration_is_somebodys",
            {"person": None, "name": "A", "email": "b@c.d"},
        ),
        ("consultations_registration_is_somebodys", {"status": "asked", "person": None}),
        (
            "consultations_registration_is_somebodys",
            {"status": "asked", "person": None, "name": "Rosa"},
        ),
        ("consultations_registration_stands_in_line", {"queued_at": None}),
        ("consultations_registration_stands_in_line", {"status": "waiting", "queued_at": None}),
        ("consultations_registration_cancelled_with_time", {"status": "cancelled"}),
        ("consultations_registration_cancelled_with_time", {"cancelled_at": NINE}),
    ],
)
def test_a_registration_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_registration(**fields)


def test_a_seat_is_given_once():
    first = make_registration()

    with pytest.raises(IntegrityError, match="consultations_registration_seat_is_given_once"):
        make_registration(session=first.session, seat=first.seat)


def test_a_seat_that_is_not_there_is_given_to_nobody():
    session = make_group_session(seats=2)

    with pytest.raises(IntegrityError, match="consultations_registration_seat_is_there"):
        make_registration(session=session, seat=3)


def test_nobody_is_moved_to_a_seat_that_is_not_there():
    registration = make_registration(session=make_group_session(seats=2))

    with pytest.raises(IntegrityError, match="consultations_registration_seat_is_there"):
        Registration.objects.filter(pk=registration.pk).update(seat=3)


def test_a_taken_seat_is_not_taken_away():
    session = make_group_session(seats=2)
    make_registration(session=session, seat=2)

    with pytest.raises(IntegrityError, match="consultations_groupsession_keeps_taken_seats"):
        GroupSession.objects.filter(pk=session.pk).update(seats=1)


def test_a_person_is_on_a_list_once_but_may_have_cancelled_before():
    session, person = make_group_session(), make_person()
    make_registration(
        session=session, person=person, status="cancelled", cancelled_at=timezone.now()
    )
    make_registration(session=session, person=person)

    with pytest.raises(IntegrityError, match="consultations_registration_once_per_person"):
        make_registration(session=session, person=person, status="waiting")


def make_mark(**fields):
    registration = fields.pop("registration", None) or make_registration()
    fields.setdefault("date", registration.session.dates.get())
    fields.setdefault("is_present", True)
    return CheckIn.objects.create(registration=registration, noted_by=make_user(), **fields)


def test_somebody_is_noted_once_for_a_date():
    first = make_mark()

    with pytest.raises(IntegrityError, match="consultations_checkin_once"):
        make_mark(registration=first.registration)


@pytest.mark.parametrize("fields", [{"late_minutes": 5}, {"early_minutes": 5}])
def test_who_was_absent_was_not_late(fields):
    with pytest.raises(IntegrityError, match="consultations_checkin_absent_is_absent"):
        make_mark(is_present=False, **fields)


@pytest.mark.parametrize("minutes", [0, 1441])
def test_who_attended_was_there_for_some_minutes(minutes):
    with pytest.raises(IntegrityError, match="consultations_attendance_lasts"):
        Attendance.objects.create(
            consultation=make_consultation(), person=make_person(), minutes=minutes
        )


def test_a_date_has_one_consultation_that_counts():
    date = make_group_session().dates.get()
    first = make_consultation(group_date=date)

    with pytest.raises(IntegrityError, match="consultations_consultation_one_per_group_date"):
        make_consultation(group_date=date)

    assert first.group_date == date


def test_after_a_withdrawal_a_date_is_logged_anew():
    date = make_group_session().dates.get()
    make_consultation(group_date=date, withdrawn_at=timezone.now())

    assert make_consultation(group_date=date).pk


def test_the_database_lets_nobody_in_beyond_its_seats_even_by_raw_sql():
    registration = make_registration(session=make_group_session(seats=1))

    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_registration SET seat = seat + 1 WHERE id = %s",
            [registration.pk],
        )

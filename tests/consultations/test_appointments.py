"""Appointments: every verb, every refusal, every constraint by its name."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter
from consultations.models import Appointment, AppointmentStatus, OfficeHours
from consultations.models.booking import MOST_TO_COME
from tests.factories import (
    BERLIN,
    NINE,
    make_appointment,
    make_consultation,
    make_founder,
    make_office_hours,
    make_organisation,
    make_person,
    make_project,
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


# --- letters ---


def test_both_sides_are_told_of_a_booking():
    appointment = book(concern="Streit mit Mitgründern")

    letters = Letter.objects.about(appointment.letters_key)

    assert {letter.recipient for letter in letters} == {
        appointment.person.email,
        appointment.advisor.email,
    }
    for letter in letters:
        assert "METHOD:REQUEST" in letter.calendar
        assert "Streit" not in letter.subject + letter.text + letter.calendar
        assert "&" not in letter.text


def test_the_advisors_letter_names_nobody():
    appointment = book()

    letter = Letter.objects.get(recipient=appointment.advisor.email)

    assert appointment.person.name not in letter.subject + letter.text + letter.calendar


def test_a_letter_says_the_time_as_the_clock_shows_it():
    winter = datetime(2030, 1, 7, 9, 0, tzinfo=BERLIN)
    hours = make_office_hours()

    for starts_at in (winter, NINE):
        appointment = book(hours, starts_at)
        for letter in Letter.objects.about(appointment.letters_key):
            assert "09:00–10:00" in letter.text


def test_each_side_reads_its_own_language():
    founder = make_founder()
    founder.person.language = "en"
    appointment = book(founder=founder)

    by_language = {
        letter.language: letter for letter in Letter.objects.about(appointment.letters_key)
    }

    assert "Monday, June 3, 2030" in by_language["en"].text
    assert "Montag, 3. Juni 2030" in by_language["de"].text


def test_a_cancellation_pulls_back_what_still_waits():
    appointment = book()

    appointment.cancel(by=appointment.advisor)

    waiting = Letter.objects.about(appointment.letters_key).filter(status="queued")
    assert {letter.key.split(":")[2] for letter in waiting} == {"cancelled"}
    assert all("METHOD:CANCEL" in letter.calendar for letter in waiting)


def test_no_letter_is_sent_after_the_appointment_has_begun():
    appointment = book()

    assert set(
        Letter.objects.about(appointment.letters_key).values_list("not_after", flat=True)
    ) == {appointment.starts_at}


def test_about_what_is_past_nobody_is_written_to():
    appointment = past_appointment()

    appointment.cancel(by=appointment.advisor)

    assert not Letter.objects.exists()


def test_whoever_has_no_address_is_not_written_to():
    appointment = make_appointment(person=make_person(email=""))

    appointment.cancel(by=appointment.advisor)

    assert [letter.recipient for letter in Letter.objects.all()] == [appointment.advisor.email]


def test_a_name_with_a_line_break_is_refused_with_a_sentence():
    founder = make_founder(name="Muster\r\nBcc: alle@beispiel.example")

    with pytest.raises(ValidationError, match="line break"):
        book(founder=founder)

    assert not Appointment.objects.exists()


# --- what must never be true ---


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


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "cancel", "move"]),
        st.integers(0, 4),
        st.integers(0, 11),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=15,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_whatever_happens_no_advisor_is_booked_twice_or_outside_office_hours(steps):
    Appointment.objects.all().delete()
    advisor = make_user()
    project = make_project(team=[advisor], starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1))
    # Two office hours of one advisor that cross each other on the same morning.
    kinds = [
        make_office_hours(advisor=advisor, project=project, slot_minutes=30),
        make_office_hours(
            advisor=advisor, project=project, starts_at="09:20", ends_at="11:50", slot_minutes=50
        ),
    ]
    person, made = make_person(), []
    for verb, which, slot, kind in steps:
        hours = kinds[kind]
        first = NINE if kind == 0 else NINE + timedelta(minutes=20)
        starts_at = first + slot * timedelta(minutes=hours.slot_minutes)
        try:
            if verb == "book":
                made.append(
                    Appointment.objects.book_free_time(
                        by=advisor, office_hours=hours, starts_at=starts_at, person=person
                    )
                )
            elif made:
                chosen = made[which % len(made)]
                if verb == "cancel":
                    chosen.cancel(by=advisor)
                else:
                    chosen.move(by=advisor, office_hours=hours, starts_at=starts_at)
        except ValidationError:
            pass

    taken = list(Appointment.objects.taken().order_by("starts_at"))
    assert all(a.ends_at <= b.starts_at for a, b in zip(taken, taken[1:], strict=False))
    for appointment in taken:
        local = appointment.starts_at.astimezone(BERLIN)
        hours = appointment.office_hours
        assert local.isoweekday() == hours.weekday
        assert hours.starts_at <= local.time()
        assert appointment.ends_at.astimezone(BERLIN).time() <= hours.ends_at


def test_a_founder_sees_only_their_own_appointments():
    founder = make_founder()
    own = make_appointment(person=founder.person)
    make_appointment()

    assert list(Appointment.objects.visible_to(founder)) == [own]


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR])
def test_funders_and_evaluators_see_no_appointments(role):
    make_appointment()

    assert not Appointment.objects.visible_to(make_user(role)).exists()

"""The letters about an appointment: to both sides, in time, in their language, confidential."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from best_portal.outbox.models import Letter
from consultations.models import Appointment
from tests.factories import (
    BERLIN,
    NINE,
    make_appointment,
    make_founder,
    make_office_hours,
    make_person,
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


def test_a_name_typed_in_two_lines_stands_in_one_and_smuggles_nothing():
    book(founder=make_founder(name="Muster\r\nBcc: alle@beispiel.example"))

    names = Letter.objects.values_list("recipient_name", flat=True)
    assert "Muster Bcc: alle@beispiel.example" in names
    assert Letter.objects.deliver_due() == Letter.objects.count()
    assert not any(each.bcc or each.cc for each in mail.outbox)

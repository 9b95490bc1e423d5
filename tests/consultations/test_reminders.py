"""Reminders: once per appointment, kind and start; in time, in their language, or not at all."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import Appointment, AppointmentStatus, OfficeHours
from consultations.tasks import sweep_appointments
from tests.factories import (
    BERLIN,
    make_appointment,
    make_letter,
    make_office_hours,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


def to_come(hours, **fields):
    """An appointment so many hours from now, agreed on a week ago."""
    if "person" not in fields:
        fields["person"] = make_person(email="muster@beispiel.example")
    now = timezone.now()
    fields.setdefault("agreed_at", now - WEEK)
    return make_appointment(starts_at=now + hours * HOUR, **fields)


def kinds(appointment):
    keys = Letter.objects.about(appointment.letters_key).values_list("key", flat=True)
    return [key.split(":")[2] for key in keys]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (25, []),
        (23.9, ["reminder_24h"]),
        (2.1, ["reminder_24h"]),
        (1.9, ["reminder_2h"]),
        (0.1, ["reminder_2h"]),
        (-0.1, []),
    ],
)
def test_a_reminder_comes_a_day_and_two_hours_before(hours, expected):
    appointment = to_come(hours)

    sweep_appointments()

    assert kinds(appointment) == expected


def test_however_often_the_sweep_runs_there_is_one_letter():
    appointment = to_come(20)

    assert [Appointment.objects.remind() for _number in range(3)] == [1, 0, 0]

    letter = Letter.objects.get()
    assert letter.key == appointment.reminder_key("reminder_24h")
    assert letter.not_after == appointment.starts_at - 2 * HOUR


def test_who_agreed_on_the_time_only_just_is_not_reminded():
    appointment = to_come(20, agreed_at=timezone.now() - HOUR)

    sweep_appointments()

    assert kinds(appointment) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"status": AppointmentStatus.CANCELLED, "cancelled_at": timezone.now()},
        {"status": AppointmentStatus.TOOK_PLACE},
        {"told_by": "nobody"},
        {"told_by": "letter"},
    ],
)
def test_who_need_not_come_or_wants_no_mail_gets_none(fields):
    to_come(20, **fields)

    sweep_appointments()

    assert not Letter.objects.exists()


def test_who_has_no_address_stops_nobody():
    to_come(20, person=make_person())
    to_come(20)

    assert Appointment.objects.remind() == 1


def test_an_address_no_letter_can_be_written_to_stops_nobody(caplog):
    broken = to_come(19, person=make_person(email="a@beispiel.example\nBcc: b@beispiel.example"))
    to_come(20)

    assert Appointment.objects.remind() == 1
    assert f"No reminder for appointment {broken.pk}" in caplog.text


@pytest.mark.parametrize(
    ("language", "subject"), [("de", "Erinnerung"), ("en", "Reminder: your appointment on")]
)
def test_a_reminder_is_in_the_language_of_who_reads_it(language, subject):
    person = make_person(email="muster@beispiel.example", language=language)
    appointment = to_come(20, person=person, concern="Streng vertraulich")

    sweep_appointments()

    letter = Letter.objects.get()
    assert letter.language == language
    assert letter.subject.startswith(subject)
    assert f"{timezone.localtime(appointment.starts_at):%H:%M}" in letter.subject
    assert "Streng vertraulich" not in letter.text + letter.calendar


def test_cancelling_pulls_a_waiting_reminder_back():
    appointment = to_come(20)
    sweep_appointments()

    appointment.cancel(by=appointment.advisor)
    sweep_appointments()
    Letter.objects.deliver_due()

    assert Letter.objects.get(key__contains="reminder").status == LetterStatus.WITHDRAWN
    assert not any("Erinnerung" in message.subject for message in mail.outbox)


def test_moving_pulls_it_back_and_the_new_time_gets_its_own():
    hours = make_office_hours(lead_hours=0)
    new = OfficeHours.objects.next_free_times(9)[-1]
    person = make_person(email="muster@beispiel.example")
    appointment = to_come(
        20, advisor=hours.advisor, project=hours.project, office_hours=hours, person=person
    )
    sweep_appointments()
    old_key = appointment.reminder_key("reminder_24h")

    appointment.move(by=hours.advisor, office_hours=hours, starts_at=new.starts_at)
    day_before = new.starts_at - 24 * HOUR
    Appointment.objects.update(agreed_at=day_before - WEEK)
    Appointment.objects.remind(now=day_before)

    assert Letter.objects.get(key=old_key).status == LetterStatus.WITHDRAWN
    new_key = appointment.reminder_key("reminder_24h")
    assert new_key != old_key
    assert Letter.objects.get(key=new_key).status == LetterStatus.QUEUED


def test_a_reminder_that_could_not_be_sent_in_time_is_not_sent():
    to_come(20)
    sweep_appointments()
    Letter.objects.update(not_after=timezone.now())

    Letter.objects.deliver_due()

    assert Letter.objects.get().status == LetterStatus.LATE
    assert mail.outbox == []


def test_nobody_gets_more_letters_in_a_day_than_the_setting_allows(settings):
    settings.LETTERS_PER_DAY = 3
    for _number in range(2):
        make_letter(recipient="Muster@beispiel.example")
    for hours in (18, 20, 22):
        to_come(hours)
    other = make_letter()
    sweep_appointments()

    Letter.objects.deliver_due()

    sent = Letter.objects.filter(status=LetterStatus.SENT)
    assert sent.filter(recipient__iexact="muster@beispiel.example").count() == 3
    assert other in sent
    refused = Letter.objects.unsettled()
    assert {letter.status for letter in refused} == {LetterStatus.FAILED}
    assert refused.count() == 2


def test_the_next_day_counts_anew(settings):
    settings.LETTERS_PER_DAY = 1
    yesterday = timezone.now() - timedelta(hours=25)
    make_letter(recipient="a@beispiel.example", status=LetterStatus.SENT, sent_at=yesterday)
    letter = make_letter(recipient="a@beispiel.example")

    Letter.objects.deliver_due()

    letter.refresh_from_db()
    assert letter.status == LetterStatus.SENT


@pytest.mark.parametrize(
    "day",
    [date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29)]
    + [date(2027, 10, 30), date(2027, 10, 31), date(2027, 11, 1)],
)
@pytest.mark.parametrize("who", ["self", "advisor"])
def test_a_day_before_is_a_day_before_when_the_clocks_change(day, who):
    nine = datetime.combine(day, time(9), BERLIN)
    day_before = datetime.fromtimestamp(nine.timestamp() - 24 * 3600, BERLIN)
    advisor = make_user()
    make_appointment(
        starts_at=nine,
        person=make_person(email="muster@beispiel.example"),
        advisor=advisor,
        booked_by=advisor if who == "advisor" else None,
        agreed_at=timezone.now() - WEEK,
    )

    assert Appointment.objects.remind(now=day_before - timedelta(minutes=1)) == 0
    assert Appointment.objects.remind(now=day_before) == 1
    assert Appointment.objects.remind(now=day_before + HOUR) == 0
    assert Appointment.objects.remind(now=nine - 2 * HOUR) == 1

    for letter in Letter.objects.all():
        assert f"{day:%d.%m.%Y}" in letter.subject
        assert "09:00" in letter.subject
        assert f"DTSTART;TZID=Europe/Berlin:{day:%Y%m%d}T090000" in letter.calendar


def test_the_advisor_sees_what_was_sent(sign_in):
    appointment = to_come(20)
    sweep_appointments()
    Letter.objects.deliver_due()

    page = sign_in(appointment.advisor).get(appointment.get_absolute_url())

    assert [letter.status for letter in page.context["letters"]] == [LetterStatus.SENT]
    assert Letter.objects.get().subject in page.text


def test_how_a_person_is_told_is_known():
    with pytest.raises(IntegrityError, match="consultations_appointment_told_by_is_known"):
        make_appointment(told_by="pigeon")

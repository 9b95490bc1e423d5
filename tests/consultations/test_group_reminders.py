"""Reminders of group sessions: a day before each date, once, and never out of place."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import Registration
from consultations.tasks import sweep_registrations
from tests.consultations.test_groups import letters
from tests.factories import BERLIN, make_group_session, make_letter, make_person, make_registration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


def to_come(*hours, **fields):
    """Somebody with a seat in a session with dates so many hours from now."""
    now = timezone.now()
    session = make_group_session(
        times=[(now + each * HOUR, now + (each + 1) * HOUR) for each in hours]
    )
    return make_registration(session=session, **fields)


@pytest.mark.parametrize(
    ("hours", "number"), [(25, 0), (23.9, 1), (2.1, 1), (1.9, 0), (0.1, 0), (-0.5, 0)]
)
def test_a_reminder_comes_a_day_before(hours, number):
    to_come(hours)

    sweep_registrations()

    assert letters("reminder_24h").count() == number


def test_however_often_the_sweep_runs_there_is_one_letter_for_each_date():
    registration = to_come(4, 20, 24 * 7)

    assert [Registration.objects.remind() for _number in range(3)] == [2, 0, 0]

    first, second, _far = registration.session.dates.all()
    assert {letter.key for letter in Letter.objects.all()} == {
        registration.reminder_key(first),
        registration.reminder_key(second),
    }
    assert Letter.objects.earliest("pk").not_after == first.starts_at - 2 * HOUR


def test_who_has_no_seat_wants_no_mail_or_came_only_just_gets_none():
    registration = to_come(20)
    session = registration.session
    Registration.objects.all().delete()
    make_registration(session=session, status="waiting")
    make_registration(session=session, status="cancelled", cancelled_at=timezone.now())
    make_registration(session=session, told_by="nobody")
    make_registration(session=session, person=make_person())
    make_registration(session=session, seated_at=timezone.now() - HOUR)

    sweep_registrations()

    assert not Letter.objects.exists()


def test_a_time_that_was_only_just_told_is_not_repeated():
    registration = to_come(20)
    registration.session.dates.update(agreed_at=timezone.now() - HOUR)

    assert Registration.objects.remind() == 0


def test_calling_off_and_cancelling_pull_a_waiting_reminder_back():
    for change in ("session", "registration"):
        registration = to_come(20)
        sweep_registrations()
        if change == "session":
            registration.session.cancel(by=registration.session.planned_by)
        else:
            registration.cancel(by=None)
        sweep_registrations()

    Letter.objects.deliver_due()

    assert set(letters("reminder_24h").values_list("status", flat=True)) == {LetterStatus.WITHDRAWN}
    assert len(mail.outbox) == 2


def test_a_date_that_moved_is_reminded_of_anew():
    registration = to_come(20)
    sweep_registrations()
    [moved] = registration.session.dates.all()
    old_key = registration.reminder_key(moved)
    start = moved.starts_at + WEEK

    registration.session.reschedule(
        by=registration.session.planned_by, times=[(moved, start, start + HOUR)]
    )
    registration.session.dates.update(agreed_at=timezone.now() - WEEK)
    Registration.objects.remind(now=start - 20 * HOUR)

    moved.refresh_from_db()
    assert Letter.objects.get(key=old_key).status == LetterStatus.WITHDRAWN
    assert Letter.objects.get(key=registration.reminder_key(moved)).status == LetterStatus.QUEUED


def test_one_address_no_letter_can_be_written_to_stops_nobody(caplog):
    broken = to_come(19, person=make_person(email="a@muster.example\nBcc: b@muster.example"))
    to_come(20)

    assert Registration.objects.remind() == 1
    assert f"No reminder for registration {broken.pk}" in caplog.text


def test_nobody_gets_more_letters_in_a_day_than_the_setting_allows(settings):
    settings.LETTERS_PER_DAY = 2
    person = make_person(email="muster@muster.example")
    make_letter(recipient="Muster@muster.example")
    for hours in (18, 20, 22):
        to_come(hours, person=person)
    sweep_registrations()

    Letter.objects.deliver_due()

    assert Letter.objects.filter(status=LetterStatus.SENT).count() == 2
    assert Letter.objects.filter(status=LetterStatus.FAILED).count() == 2


@pytest.mark.parametrize(
    "day",
    [date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29)]
    + [date(2027, 10, 30), date(2027, 10, 31), date(2027, 11, 1)],
)
def test_a_day_before_is_a_day_before_when_the_clocks_change(day):
    six = datetime.combine(day, time(18), BERLIN)
    day_before = datetime.fromtimestamp(six.timestamp() - 24 * 3600, BERLIN)
    make_registration(session=make_group_session(times=[(six, six + HOUR)]))

    assert Registration.objects.remind(now=day_before - timedelta(minutes=1)) == 0
    assert Registration.objects.remind(now=day_before) == 1

    letter = Letter.objects.get()
    assert f"{day:%d.%m.%Y}" in letter.subject
    assert "18:00" in letter.subject

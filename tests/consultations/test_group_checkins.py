"""Who was there: noted at the door, logged once, and counted where it belongs."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.models import (
    Attendance,
    CheckIn,
    Consultation,
    GroupSession,
    Registration,
    RegistrationStatus,
)
from tests.consultations.test_groups import letters
from tests.factories import (
    make_district,
    make_founder,
    make_group_session,
    make_organisation,
    make_person,
    make_registration,
    make_task,
    make_topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def held(*ago, people=2, **fields):
    """A session of two hours, so many days ago, with some people."""
    now = timezone.now().replace(microsecond=0)
    times = [(now - days * DAY - 3 * HOUR, now - days * DAY - HOUR) for days in ago or (1,)]
    session = make_group_session(times=sorted(times), **fields)
    for _number in range(people):
        make_registration(session=session)
    return session


def note(registration, date=None, is_present=True, **marks):
    return CheckIn.objects.note(
        by=registration.session.planned_by,
        date=date or registration.session.dates.first(),
        registration=registration,
        is_present=is_present,
        **marks,
    )


def log(date, result="Buchhaltung geübt."):
    return date.log(by=date.session.planned_by, result=result)


# --- noting ---


def test_the_last_word_counts():
    registration = held().registrations.first()

    note(registration, late=10)
    note(registration, is_present=False, late=10)

    mark = CheckIn.objects.get()
    assert (mark.is_present, mark.late_minutes) == (False, 0)


def test_who_missed_everything_was_absent():
    registration = held().registrations.first()

    with pytest.raises(ValidationError, match="absent"):
        note(registration, late=60, early=60)
    assert note(registration, late=60, early=59).minutes_missed == 119


def test_nobody_is_noted_for_a_day_to_come_or_one_that_is_off():
    tomorrow = timezone.now() + DAY
    registration = make_registration(
        session=make_group_session(times=[(tomorrow, tomorrow + HOUR)])
    )
    with pytest.raises(ValidationError, match="still to come"):
        note(registration)

    session = held(1, 2)
    first = session.dates.first()
    first.cancel(by=session.planned_by)
    with pytest.raises(ValidationError, match="cancelled"):
        note(session.registrations.first(), date=first)


@pytest.mark.parametrize("status", ["waiting", "cancelled"])
def test_only_who_is_expected_is_noted(status):
    session = held(people=0)
    cancelled_at = timezone.now() if status == "cancelled" else None
    registration = make_registration(session=session, status=status, cancelled_at=cancelled_at)

    with pytest.raises(ValidationError, match="not on the list"):
        note(registration)


def test_somebody_of_another_session_is_not_noted():
    with pytest.raises(ValidationError, match="not on the list"):
        note(make_registration(), date=held().dates.first())


# --- walking in ---


def walk_in(date, **who):
    return CheckIn.objects.walk_in(by=date.session.planned_by, date=date, **who)


def test_who_just_came_is_present_on_a_chair_of_their_own():
    session = held(seats=2)

    mark = walk_in(session.dates.first(), contact={"name": "Kim Muster"})

    assert mark.is_present
    assert mark.registration.status == RegistrationStatus.WALKED_IN
    assert mark.registration.person.name == "Kim Muster"
    assert session.registrations.expected().count() == 3


def test_who_waited_and_comes_is_present_and_who_has_a_seat_keeps_it():
    session = held(people=1)
    waiting = make_registration(session=session, status="waiting")
    seated = session.registrations.registered().get()
    date = session.dates.first()

    walk_in(date, person=waiting.person)
    walk_in(date, person=seated.person)

    waiting.refresh_from_db()
    seated.refresh_from_db()
    assert (waiting.status, seated.status) == ("walked_in", "registered")
    assert CheckIn.objects.present().count() == 2


# --- logging ---


def test_a_date_with_eight_people_is_one_training_of_two_hours():
    district, topic = make_district(), make_topic()
    session = held(people=8, district=district, place="Stadtteilbüro", title="Buchhaltung")
    session.topics.add(topic)
    session.task = make_task(project=session.project)
    session.save()
    for registration in session.registrations.all():
        note(registration)

    consultation = log(session.dates.first())

    assert Consultation.objects.get() == consultation
    assert (consultation.kind, consultation.minutes, consultation.headcount) == ("training", 120, 8)
    assert (consultation.organisation, consultation.district) == (None, district)
    assert (consultation.project, consultation.task) == (session.project, session.task)
    assert list(consultation.topics.all()) == [topic]
    assert list(consultation.advisors.all()) == list(session.leaders.all())
    assert consultation.result == "Buchhaltung geübt."
    assert Consultation.objects.valid().totals() == {"count": 1, "minutes": 120}


def test_each_person_gets_the_minutes_they_were_there_for_the_organisation_they_came_for():
    session = held(people=3)
    cafe = make_organisation()
    whole, late, absent = session.registrations.by_turn()
    Registration.objects.filter(pk=late.pk).update(organisation=cafe)
    note(whole)
    note(late, late=30, early=15)
    note(absent, is_present=False)

    consultation = log(session.dates.first())

    minutes = {
        each.person_id: (each.counted, each.organisation)
        for each in Attendance.objects.with_minutes()
    }
    assert minutes == {whole.person_id: (120, None), late.person_id: (75, cafe)}
    assert (consultation.minutes, consultation.headcount) == (120, 2)


def test_who_was_not_noted_was_absent():
    session = held(people=2)
    note(session.registrations.first())

    assert log(session.dates.first()).headcount == 1


def test_a_date_is_logged_once():
    session = held()
    note(session.registrations.first())
    log(session.dates.first())

    with pytest.raises(ValidationError, match="logged already"):
        log(session.dates.first())
    with pytest.raises(ValidationError, match="logged"):
        note(session.registrations.last())
    assert Consultation.objects.count() == 1


def test_a_date_nobody_came_to_is_cancelled_not_logged():
    session = held()
    with pytest.raises(ValidationError, match="Nobody"):
        log(session.dates.first())

    session.dates.first().cancel(by=session.planned_by)

    session.refresh_from_db()
    assert session.status == "cancelled"
    assert not letters("called_off").exists()


def test_a_date_to_come_is_not_logged():
    with pytest.raises(ValidationError, match="still to come"):
        log(make_group_session().dates.first())


def test_withdrawn_it_can_be_noted_and_logged_anew():
    session = held()
    registration = session.registrations.first()
    note(registration)
    first = log(session.dates.first())
    first.withdraw(by=session.planned_by)

    note(registration, late=60)
    second = log(session.dates.first())

    assert Attendance.objects.valid().total_minutes() == 60
    with pytest.raises(ValidationError, match="logged already"):
        first.restore(by=session.planned_by)
    assert Consultation.objects.valid().get() == second


def test_amending_the_consultation_keeps_the_minutes_of_who_stays_on_it():
    session = held(people=1)
    registration = session.registrations.get()
    note(registration, late=30)
    consultation = log(session.dates.first())
    other = make_person()

    consultation.amend(by=session.planned_by, revision=1, people=[registration.person, other])

    minutes = dict(Attendance.objects.with_minutes().values_list("person", "counted"))
    assert minutes == {registration.person_id: 90, other.pk: 120}


def test_a_course_is_held_once_its_last_date_is_logged():
    session = held(1, 8)
    registration = session.registrations.first()
    first, second = session.dates.all()

    note(registration, date=first)
    log(first)
    session.refresh_from_db()
    assert session.status == "published"
    note(registration, date=second)
    log(second)

    session.refresh_from_db()
    assert session.status == "held"
    assert Attendance.objects.total_minutes() == 240


def test_what_was_never_announced_can_be_written_down_afterwards():
    session = held(people=0, status="draft")
    walk_in(session.dates.first(), contact={"name": "Kim Muster"})

    log(session.dates.first())

    session.refresh_from_db()
    assert session.status == "held"
    assert session.registrations.get().person.name == "Kim Muster"


def test_who_was_there_is_told_once_where_the_certificate_is():
    session = held(people=2)
    there, away = session.registrations.by_turn()
    note(there)
    first = log(session.dates.first())
    first.withdraw(by=session.planned_by)

    log(session.dates.first())

    letter = letters("certificate").get()
    assert letter.recipient == there.person.email
    assert there.get_absolute_url() in letter.text
    assert away.person.email != letter.recipient


def test_an_area_that_has_ended_is_taken_as_it_was_that_day():
    ended = make_district(ends_on=timezone.localdate() - 90 * DAY)
    session = held(district=ended)
    note(session.registrations.first())

    assert log(session.dates.first()).district is None


def test_a_person_s_hours_are_advice_and_training_together():
    founder = make_founder()
    session = held(people=0)
    registration = make_registration(session=session, person=founder.person)
    note(registration, early=30)
    log(session.dates.first())

    own = Attendance.objects.of_user(founder).valid()
    assert own.total_minutes() == own.in_groups().total_minutes() == 90
    assert Registration.objects.with_attended().get(pk=registration.pk).attended == 90


def test_dates_waiting_for_their_log_are_found():
    session = held()
    waiting = GroupSession.objects.get(pk=session.pk).dates.waiting_for_log
    assert waiting().get() == session.dates.first()

    note(session.registrations.first())
    log(session.dates.first())

    assert not waiting().exists()

"""Absences: nothing is offered in them, and what was booked stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Absence, Appointment, OfficeHours
from tests.factories import (
    BERLIN,
    NINE,
    make_absence,
    make_appointment,
    make_founder,
    make_office_hours,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2030, 6, 3)
NEXT = date(2030, 6, 17)  # the 10th is Whit Monday
WEEK = timedelta(days=7)
LONG_BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
ABSENCES = reverse("consultations:absences")


def offered(start, end=None):
    times = OfficeHours.objects.free_times(start, end or start, now=LONG_BEFORE)
    return [f"{time.starts_at.astimezone(BERLIN):%d.%m. %H:%M}" for time in times]


def test_in_an_absence_nothing_is_offered():
    hours = make_office_hours()
    Absence.objects.note(
        by=hours.advisor,
        advisor=hours.advisor,
        starts_at=NINE + timedelta(minutes=30),
        ends_at=NINE + timedelta(hours=2),
    )

    assert offered(MONDAY) == ["03.06. 11:00"]


def test_another_advisors_absence_takes_nothing():
    make_office_hours()
    make_absence()

    assert len(offered(MONDAY)) == 3


@pytest.mark.parametrize("sunday", [date(2027, 3, 28), date(2027, 10, 31)])
def test_a_day_of_absence_is_a_whole_day_when_the_clocks_change(sign_in, sunday):
    advisor = make_user()
    for weekday in (6, 7, 1):
        make_office_hours(
            advisor=advisor, weekday=weekday, starts_at="00:00", ends_at="23:59", slot_minutes=30
        )

    sign_in(advisor).post(ABSENCES, {"first_day": sunday})

    assert offered(sunday) == []
    assert len(offered(sunday - timedelta(days=1))) == 47


def test_an_absence_lists_the_appointments_in_it_and_leaves_them(sign_in):
    advisor = make_user()
    inside = make_appointment(advisor=advisor)
    outside = make_appointment(advisor=advisor, starts_at=NINE + WEEK)
    make_appointment()

    page = sign_in(advisor).post(ABSENCES, {"first_day": MONDAY, "last_day": MONDAY}, follow=True)

    assert list(page.context["appointments"]) == [inside]
    assert inside.get_absolute_url() in page.text
    assert Appointment.objects.upcoming().filter(pk__in=[inside.pk, outside.pk]).count() == 2
    assert Event.objects.about(Absence.objects.get()).get().verb == "absence.noted"


def test_a_withdrawn_absence_is_offered_again(sign_in):
    hours = make_office_hours()
    absence = make_absence(advisor=hours.advisor)

    sign_in(hours.advisor).post(reverse("consultations:absence_withdraw", args=[absence.pk]))

    assert len(offered(MONDAY)) == 3
    assert Event.objects.filter(verb="absence.withdrawn", subject_id=str(absence.pk)).exists()


def test_the_manager_notes_an_absence_for_an_advisor(sign_in):
    advisor = make_user()

    sign_in(make_user(Role.MANAGER)).post(ABSENCES, {"first_day": MONDAY, "advisor": advisor.pk})

    assert Absence.objects.get().advisor == advisor


def test_an_advisor_notes_none_for_a_colleague(sign_in):
    advisor, colleague = make_user(), make_user()

    sign_in(advisor).post(ABSENCES, {"first_day": MONDAY, "advisor": colleague.pk})

    assert Absence.objects.get().advisor == advisor


@pytest.mark.parametrize(
    "answers",
    [
        {"first_day": ""},
        {"first_day": "2020-06-01"},
        {"first_day": "0001-01-01"},
        {"first_day": "9999-12-31"},
        {"last_day": "9999-12-31"},
        {"last_day": "2030-06-02"},
        {"last_day": "2033-06-02"},
        {"starts_at": "10:00", "ends_at": "09:00"},
        {"starts_at": "25:00"},
        {"first_day": "2030-03-31", "starts_at": "02:30"},
        {"reason": "x" * 151},
    ],
)
def test_an_impossible_absence_gets_a_sentence(sign_in, answers):
    page = sign_in(make_user()).post(ABSENCES, {"first_day": MONDAY} | answers)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_absence_ends_after_start", {"ends_at": NINE, "starts_at": NINE}),
        ("consultations_absence_noted_once", {}),
    ],
)
def test_the_database_refuses_an_impossible_absence(constraint, fields):
    advisor = make_absence().advisor

    with pytest.raises(IntegrityError, match=constraint):
        make_absence(advisor=advisor, **fields)


def test_the_same_absence_twice_is_refused_in_words():
    absence = make_absence()

    with pytest.raises(ValidationError):
        Absence.objects.note(
            by=absence.advisor,
            advisor=absence.advisor,
            starts_at=absence.starts_at,
            ends_at=absence.ends_at,
        )


def test_a_time_in_an_absence_is_not_booked():
    hours = make_office_hours()
    make_absence(advisor=hours.advisor)
    founder = make_founder()

    with pytest.raises(ValidationError), transaction.atomic():
        Appointment.objects.book_free_time(
            by=founder, office_hours=hours, starts_at=NINE, person=make_person()
        )


def test_a_colleagues_absence_is_not_found(sign_in):
    address = reverse("consultations:absence", args=[make_absence().pk])

    assert sign_in(make_user()).get(address).status_code == 404
    assert sign_in(make_founder()).get(address).status_code == 403
    assert sign_in(make_user(Role.MANAGER)).get(address).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_absences_cost_the_same_however_many(sign_in, django_assert_num_queries, rows):
    for _row in range(rows):
        make_absence(advisor=make_user(name="Beispiel"))
    client = sign_in(make_user(Role.MANAGER))

    with django_assert_num_queries(9):
        page = client.get(ABSENCES)

    assert len(page.context["rows"]) == rows

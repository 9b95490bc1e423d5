"""When office hours are held: every n weeks, with pauses, by agreement, on changed dates."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from best_portal.audit.models import Event
from consultations.models import ChangedDay, OfficeHours
from tests.factories import (
    BERLIN,
    NINE,
    make_absence,
    make_appointment,
    make_changed_day,
    make_founder,
    make_office_hours,
    make_project,
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


# --- rhythm, pause, agreement ---


def test_every_other_week_is_counted_from_the_first_day():
    # A Thursday: the first Monday after it is the 6th.
    make_office_hours(starts_on=date(2030, 5, 2), every_weeks=2, ends_at="10:00")

    assert offered(date(2030, 5, 1), date(2030, 6, 30)) == [
        "06.05. 09:00",
        "20.05. 09:00",
        "03.06. 09:00",
        "17.06. 09:00",
    ]


def test_a_holiday_does_not_shift_the_rhythm():
    make_office_hours(starts_on=date(2030, 6, 10), every_weeks=2, ends_at="10:00")

    assert offered(MONDAY, date(2030, 7, 10)) == ["24.06. 09:00", "08.07. 09:00"]


def test_between_two_appointments_lies_the_pause():
    make_office_hours(slot_minutes=50, pause_minutes=10)
    make_office_hours(starts_at="13:00", ends_at="14:45", slot_minutes=45, pause_minutes=15)

    assert offered(MONDAY) == [
        "03.06. 09:00",
        "03.06. 10:00",
        "03.06. 11:00",
        "03.06. 13:00",
        "03.06. 14:00",
    ]


def test_by_agreement_nothing_can_be_booked():
    hours = make_office_hours(is_by_agreement=True)

    assert offered(MONDAY) == []
    assert hours.free_time_at(NINE, now=LONG_BEFORE) is None


def test_hours_by_agreement_are_shown_with_the_number_to_call(sign_in, settings):
    settings.AGENCY = settings.AGENCY | {"phone": "030 5550123"}
    hours = make_office_hours(is_by_agreement=True, place="Musterladen")

    page = sign_in(make_founder()).get(reverse("consultations:book")).text

    assert "Musterladen" in page
    assert hours.advisor.name in page
    assert "030 5550123" in page


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_officehours_pause_is_plausible", {"pause_minutes": 241}),
        ("consultations_officehours_rhythm_is_plausible", {"every_weeks": 0}),
        ("consultations_officehours_rhythm_is_plausible", {"every_weeks": 13}),
    ],
)
def test_the_database_refuses_an_impossible_rhythm(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_office_hours(**fields)


# --- single dates ---


def test_a_cancelled_date_is_not_offered():
    hours = make_office_hours(ends_at="10:00")

    hours.cancel_day(by=hours.advisor, day=MONDAY, reason="Betriebsausflug")

    assert offered(MONDAY - WEEK, NEXT) == ["27.05. 09:00", "17.06. 09:00"]
    event = Event.objects.about(hours).get()
    assert (event.verb, event.details) == ("office_hours.day_cancelled", {"day": "2030-06-03"})


def test_a_moved_date_is_offered_at_its_new_time():
    hours = make_office_hours(ends_at="10:00")

    hours.move_day(
        by=hours.advisor, day=MONDAY, new_day=date(2030, 6, 5), starts_at=time(14), ends_at=time(16)
    )

    assert offered(MONDAY, NEXT) == ["05.06. 14:00", "05.06. 15:00", "17.06. 09:00"]
    # Asked for the new day only, and for the old one only.
    assert offered(date(2030, 6, 5)) == ["05.06. 14:00", "05.06. 15:00"]
    assert offered(MONDAY) == []


def test_a_date_can_be_held_later_the_same_day():
    hours = make_office_hours(ends_at="10:00")

    hours.move_day(
        by=hours.advisor, day=MONDAY, new_day=MONDAY, starts_at=time(17), ends_at=time(18)
    )

    assert offered(MONDAY) == ["03.06. 17:00"]


def test_a_date_undone_is_held_as_usual():
    hours = make_office_hours(ends_at="10:00")
    change = hours.cancel_day(by=hours.advisor, day=MONDAY)

    change.undo(by=hours.advisor)

    assert offered(MONDAY) == ["03.06. 09:00"]
    assert Event.objects.about(hours).filter(verb="office_hours.day_restored").exists()


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("day", {"day": date(2030, 6, 4)}),
        ("day", {"day": date(2030, 6, 10)}),
        ("day", {"day": date(2020, 6, 1)}),
        ("new_day", {"new_day": date(2030, 6, 10)}),
        ("new_day", {"new_day": date(2030, 6, 17)}),
        ("new_day", {"new_day": date(2020, 6, 2)}),
        ("new_day", {"new_day": date(2031, 1, 6)}),
    ],
)
def test_a_date_is_not_moved_from_or_to_a_day_that_cannot_be(field, fields):
    hours = make_office_hours(ends_on=date(2030, 12, 31))
    answers = {"day": MONDAY, "new_day": date(2030, 6, 5)} | fields

    with pytest.raises(ValidationError) as refusal:
        hours.move_day(by=hours.advisor, starts_at=time(9), ends_at=time(10), **answers)

    assert list(refusal.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_changedday_once_per_day", {}),
        (
            "consultations_changedday_one_per_new_day",
            {"day": NEXT, "new_day": "2030-06-05", "starts_at": "09:00", "ends_at": "10:00"},
        ),
        ("consultations_changedday_cancelled_or_moved", {"day": NEXT, "new_day": "2030-06-06"}),
        (
            "consultations_changedday_ends_after_start",
            {"day": NEXT, "new_day": "2030-06-06", "starts_at": "09:00", "ends_at": "09:00"},
        ),
    ],
)
def test_the_database_refuses_an_impossible_change(constraint, fields):
    change = make_changed_day(new_day=date(2030, 6, 5), starts_at="09:00", ends_at="10:00")

    with pytest.raises(IntegrityError, match=constraint):
        make_changed_day(office_hours=change.office_hours, **fields)


def test_the_page_changes_a_date_and_lists_the_appointments_left_behind(sign_in):
    hours = make_office_hours()
    left = make_appointment(advisor=hours.advisor, office_hours=hours, starts_at=NINE)
    kept = make_appointment(
        advisor=hours.advisor, office_hours=hours, starts_at=NINE + timedelta(hours=2)
    )
    client = sign_in(hours.advisor)
    address = reverse("consultations:changed_days", args=[hours.pk])

    answers = {"day": MONDAY, "what": "move", "new_day": MONDAY, "starts_at": "11:00"}
    refused = client.post(address, answers)
    assert refused.context["form"].errors["ends_at"]
    page = client.post(address, answers | {"ends_at": "14:00"}, follow=True)

    assert page.context["left_behind"] == [left]
    assert kept not in page.context["left_behind"]
    assert left.get_absolute_url() in page.text


def test_the_page_undoes_a_change(sign_in):
    change = make_changed_day()
    hours = change.office_hours
    address = reverse("consultations:changed_day_undo", args=[hours.pk, change.pk])

    sign_in(hours.advisor).post(address)

    assert not ChangedDay.objects.exists()


@pytest.mark.parametrize(
    "answers",
    [
        {"day": ""},
        {"day": "2030-06-04"},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"what": "fly"},
        {"what": "move", "new_day": "9999-12-31", "starts_at": "09:00", "ends_at": "10:00"},
        {"what": "move", "new_day": "2030-06-05", "starts_at": "10:00", "ends_at": "09:00"},
        {"reason": "x" * 151},
        {"reason": "a\x00b"},
    ],
)
def test_an_impossible_change_gets_a_sentence(sign_in, answers):
    hours = make_office_hours()
    address = reverse("consultations:changed_days", args=[hours.pk])

    page = sign_in(hours.advisor).post(address, {"day": MONDAY, "what": "cancel"} | answers)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not ChangedDay.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_free_times_cost_the_same_with_absences_and_changes(rows, django_assert_num_queries):
    for _row in range(rows):
        hours = make_office_hours()
        make_absence(advisor=hours.advisor, ends_at=NINE)
        make_changed_day(office_hours=hours, day=NEXT)

    with django_assert_num_queries(5):
        assert len(OfficeHours.objects.free_times(MONDAY, NEXT, now=LONG_BEFORE)) == 3 * rows


def test_office_hours_after_the_project_are_not_shown_by_agreement():
    make_office_hours(
        is_by_agreement=True, project=make_project(ends_on=date(2024, 12, 31)), advisor=make_user()
    )

    assert list(OfficeHours.objects.by_agreement()) == []

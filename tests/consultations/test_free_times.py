"""Free times: right on the days the clocks change, never on holidays, in five queries."""

from datetime import UTC, date, datetime, timedelta

import pytest

from best_portal.accounts.models import User
from consultations.models import OfficeHours, Weekday
from tests.factories import (
    BERLIN,
    make_appointment,
    make_office_hours,
    make_project,
    make_user,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2030, 6, 3)
LONG_BEFORE = datetime(2020, 1, 1, tzinfo=UTC)


def offered(start, end=None, now=LONG_BEFORE):
    """What is free, as the clocks in Berlin show it."""
    times = OfficeHours.objects.free_times(start, end or start, now=now)
    return [f"{time.starts_at.astimezone(BERLIN):%d.%m. %H:%M}" for time in times]


def test_office_hours_are_cut_into_appointments():
    make_office_hours(starts_at="09:00", ends_at="12:30", slot_minutes=60)

    assert offered(MONDAY) == ["03.06. 09:00", "03.06. 10:00", "03.06. 11:00"]


def test_other_days_of_the_week_are_not_offered():
    make_office_hours()

    assert offered(MONDAY + timedelta(days=1), MONDAY + timedelta(days=6)) == []


def test_the_free_times_of_all_advisors_come_in_order():
    late = make_office_hours(starts_at="10:00", ends_at="11:00")
    early = make_office_hours(starts_at="09:30", ends_at="10:30")

    times = OfficeHours.objects.free_times(MONDAY, MONDAY, now=LONG_BEFORE)

    assert [time.advisor for time in times] == [early.advisor, late.advisor]


@pytest.mark.parametrize(
    ("sunday", "hours_from_utc"),
    [
        (date(2026, 3, 29), 2),
        (date(2026, 10, 25), 1),
        (date(2027, 3, 28), 2),
        (date(2027, 10, 31), 1),
    ],
)
def test_nine_stays_nine_around_the_days_the_clocks_change(sunday, hours_from_utc):
    advisor = make_user()
    for weekday in (Weekday.SATURDAY, Weekday.SUNDAY, Weekday.MONDAY):
        make_office_hours(advisor=advisor, weekday=weekday, ends_at="10:00")
    day = timedelta(days=1)
    before = 3 - hours_from_utc

    times = OfficeHours.objects.free_times(sunday - day, sunday + day, now=LONG_BEFORE)

    if sunday.month == 3:
        # The Monday after 28 March 2027 is Easter Monday.
        times = [time for time in times if time.day <= sunday]
    assert {time.starts_at.astimezone(BERLIN).hour for time in times} == {9}
    assert [time.starts_at.astimezone(UTC).hour for time in times[:2]] == [
        9 - before,
        9 - hours_from_utc,
    ]


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2027, 3, 28)])
def test_the_hour_that_spring_leaves_out_is_not_offered(sunday):
    make_office_hours(weekday=Weekday.SUNDAY, starts_at="01:00", ends_at="05:00", slot_minutes=30)

    shown = [text[-5:] for text in offered(sunday)]

    assert shown == ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 10, 31)])
def test_the_hour_that_autumn_shows_twice_is_offered_once(sunday):
    make_office_hours(weekday=Weekday.SUNDAY, starts_at="01:00", ends_at="04:00", slot_minutes=30)

    shown = [text[-5:] for text in offered(sunday)]

    assert shown == ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]


@pytest.mark.parametrize("minutes", [10, 20, 45, 50, 60, 90, 120])
@pytest.mark.parametrize(
    "sunday", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
)
def test_no_offered_times_overlap_when_the_clocks_change(sunday, minutes):
    make_office_hours(
        weekday=Weekday.SUNDAY, starts_at="00:30", ends_at="06:00", slot_minutes=minutes
    )

    times = OfficeHours.objects.free_times(sunday, sunday, now=LONG_BEFORE)

    assert all(time.ends_at - time.starts_at == timedelta(minutes=minutes) for time in times)
    assert all(a.ends_at <= b.starts_at for a, b in zip(times, times[1:], strict=False))
    assert times[-1].ends_at <= datetime(sunday.year, sunday.month, sunday.day, 6, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "holiday",
    [
        date(2026, 4, 6),  # Easter Monday
        date(2027, 3, 8),  # Women's Day, a holiday in Berlin only
        date(2028, 5, 1),
        date(2026, 5, 25),  # Whit Monday
    ],
)
def test_public_holidays_in_berlin_are_not_offered(holiday):
    make_office_hours(weekday=holiday.isoweekday())
    week = timedelta(days=7)

    assert offered(holiday) == []
    assert offered(holiday - week)
    assert offered(holiday + week)


def test_what_is_taken_is_not_offered():
    hours = make_office_hours()
    make_appointment(advisor=hours.advisor, starts_at=datetime(2030, 6, 3, 9, 30, tzinfo=BERLIN))

    assert offered(MONDAY) == ["03.06. 11:00"]


def test_a_cancelled_appointment_is_free_again():
    hours = make_office_hours()
    appointment = make_appointment(advisor=hours.advisor)
    appointment.cancel(by=hours.advisor)

    assert len(offered(MONDAY)) == 3


def test_another_advisors_appointment_takes_nothing():
    make_office_hours()
    make_appointment()

    assert len(offered(MONDAY)) == 3


def test_what_begins_sooner_than_the_lead_time_is_not_offered():
    make_office_hours(lead_hours=24)
    now = datetime(2030, 6, 2, 10, 0, tzinfo=BERLIN)

    assert offered(MONDAY, now=now) == ["03.06. 10:00", "03.06. 11:00"]


def test_after_the_project_nothing_is_offered():
    advisor = make_user()
    project = make_project(team=[advisor], starts_on=date(2030, 1, 1), ends_on=MONDAY)
    make_office_hours(advisor=advisor, project=project)

    assert len(offered(MONDAY, MONDAY + timedelta(days=30))) == 3


def test_office_hours_are_offered_from_their_first_to_their_last_day():
    make_office_hours(starts_on=MONDAY, ends_on=MONDAY + timedelta(days=14), ends_at="10:00")

    assert offered(MONDAY - timedelta(days=30), MONDAY + timedelta(days=30)) == [
        "03.06. 09:00",
        "17.06. 09:00",  # the 10th is Whit Monday
    ]


def test_an_advisor_who_left_is_not_offered():
    left = make_office_hours().advisor
    User.objects.filter(pk=left.pk).update(is_active=False)

    assert offered(MONDAY) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_free_times_cost_five_queries_however_many_advisors(rows, django_assert_num_queries):
    for _row in range(rows):
        make_appointment(advisor=make_office_hours().advisor)

    with django_assert_num_queries(5):
        times = OfficeHours.objects.free_times(MONDAY, MONDAY, now=LONG_BEFORE)
        names = [(time.advisor.name, time.office_hours.project.name) for time in times]

    assert len(names) == 2 * rows


def test_a_time_is_confirmed_by_what_showed_it():
    hours = make_office_hours()
    other = make_office_hours(weekday=Weekday.TUESDAY)
    nine = datetime(2030, 6, 3, 9, 0, tzinfo=BERLIN)

    assert hours.free_time_at(nine).starts_at == nine
    assert hours.free_time_at(nine + timedelta(minutes=30)) is None
    assert other.free_time_at(nine) is None

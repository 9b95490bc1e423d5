"""Capacity: the hours by area and week that the manager plans with."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from consultations.capacity import WEEKS, capacity
from tests.factories import (
    BERLIN,
    NINE,
    make_absence,
    make_appointment,
    make_busy_period,
    make_district,
    make_founder,
    make_office_hours,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 6, 1, 12, tzinfo=BERLIN)  # a Saturday; the 10th is Whit Monday
PAGE = reverse("consultations:capacity")


def weeks_of(area):
    return [(week.bookable, week.booked, week.free) for week in area.weeks]


def test_hours_are_counted_by_area_and_week():
    hours = make_office_hours(district=make_district())
    make_appointment(advisor=hours.advisor, office_hours=hours)

    [area] = capacity(now=NOW)

    assert area.district == hours.district
    # This week is over; then one of three hours is booked; then a holiday.
    assert weeks_of(area)[:4] == [(180, 0, 0), (180, 60, 120), (0, 0, 0), (180, 0, 180)]
    assert len(area.weeks) == WEEKS
    assert area.next_free == NINE + timedelta(hours=1)
    assert area.wait == 2


def test_who_is_away_cannot_be_booked():
    hours = make_office_hours()
    make_absence(advisor=hours.advisor, ends_at=NINE + timedelta(hours=1))

    [area] = capacity(now=NOW)

    assert weeks_of(area)[1] == (120, 0, 120)


def test_what_the_own_calendar_has_cannot_be_booked():
    period = make_busy_period()
    make_office_hours(advisor=period.calendar.advisor)

    [area] = capacity(now=NOW)

    assert weeks_of(area)[1] == (120, 0, 120)


def test_cancelled_appointments_and_hours_by_agreement_do_not_count():
    hours = make_office_hours(is_by_agreement=True)
    make_appointment(advisor=hours.advisor, office_hours=hours).cancel(by=hours.advisor)

    assert capacity(now=NOW) == []


def test_appointments_made_by_hand_belong_to_no_area():
    make_office_hours(district=make_district())
    make_appointment()

    areas = capacity(now=NOW)

    assert areas[1].district is None
    assert weeks_of(areas[1])[1] == (0, 60, 0)
    assert areas[1].next_free is None


@pytest.mark.parametrize("rows", [1, 3])
def test_capacity_costs_six_queries_however_many_areas(rows, django_assert_num_queries):
    for _row in range(rows):
        hours = make_office_hours(district=make_district())
        make_appointment(advisor=hours.advisor, office_hours=hours)

    with django_assert_num_queries(6):
        assert len([str(area.district) for area in capacity(now=NOW)]) == rows


def test_the_page_is_the_managers(sign_in):
    make_office_hours(district=make_district(name="Musterkiez"))

    assert "Musterkiez" in sign_in(make_user(Role.MANAGER)).get(PAGE).text
    assert sign_in(make_user()).get(PAGE).status_code == 403
    assert sign_in(make_founder()).get(PAGE).status_code == 403

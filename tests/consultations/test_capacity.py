"""Capacity: the hours and the demand by area and week that the manager plans with."""

import csv
import io
import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from best_portal.accounts.models import Role
from consultations.capacity import WEEKS, WEEKS_BACK, capacity, total_of
from consultations.models import DeclinedRequest
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
    make_waiting_entry,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 6, 1, 12, tzinfo=BERLIN)  # a Saturday; the 10th is Whit Monday
PAGE = reverse("consultations:capacity")


MONDAY = date(2030, 5, 27)  # of the week NOW is in


def weeks_of(area):
    """This week and the next."""
    return [(week.bookable, week.booked, week.free) for week in area.weeks[WEEKS_BACK:]]


def demand_of(area):
    """{Monday: (declined, waiting)} of the weeks in which there was any."""
    weeks = {week.monday: (week.declined, week.waiting) for week in area.weeks}
    return {monday: counted for monday, counted in weeks.items() if any(counted)}


def decline(place, on):
    return DeclinedRequest.objects.note(by=None, place=place, on=on)


def test_hours_are_counted_by_area_and_week():
    hours = make_office_hours(district=make_district())
    make_appointment(advisor=hours.advisor, office_hours=hours)

    [area] = capacity(now=NOW)

    assert area.district == hours.district
    # This week is over; then one of three hours is booked; then a holiday.
    assert weeks_of(area)[:4] == [(180, 0, 0), (180, 60, 120), (0, 0, 0), (180, 0, 180)]
    assert len(area.weeks) == WEEKS_BACK + WEEKS
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
def test_capacity_costs_ten_queries_however_many_areas(rows, django_assert_num_queries):
    for _row in range(rows):
        hours = make_office_hours(district=make_district())
        make_appointment(advisor=hours.advisor, office_hours=hours)
        decline(make_district().name, MONDAY)
        make_waiting_entry(district=make_district(), joined_at=NOW)

    with django_assert_num_queries(10):
        assert len([str(area.district) for area in capacity(now=NOW)]) == 3 * rows


def test_weeks_that_are_over_show_their_hours_but_add_nothing_to_the_sum():
    hours = make_office_hours()
    before = NINE - timedelta(weeks=2)
    make_appointment(advisor=hours.advisor, office_hours=hours, starts_at=before)

    [area] = capacity(now=NOW)

    past = area.weeks[WEEKS_BACK - 1]
    assert (past.monday, past.is_over) == (MONDAY - timedelta(weeks=1), True)
    assert (past.bookable, past.booked, past.free) == (180, 60, 0)
    assert area.total.bookable == sum(bookable for bookable, _booked, _free in weeks_of(area))
    assert area.total.booked == 0


def test_the_lead_time_is_that_of_the_third_free_time():
    """Of three hours on Monday one is booked; Whit Monday is left out: the third is on the 17th."""
    hours = make_office_hours()
    make_appointment(advisor=hours.advisor, office_hours=hours)

    [area] = capacity(now=NOW)

    assert (area.wait, area.lead) == (2, 16)


def test_where_there_are_not_three_free_times_there_is_no_lead_time():
    make_office_hours(starts_at="09:00", ends_at="11:00", ends_on=date(2030, 6, 3))

    [area] = capacity(now=NOW)

    assert (area.wait, area.lead) == (2, None)


def test_demand_is_counted_by_area_and_week_as_sql_counts_it():
    area = make_district(name="Musterkiez")
    sunday = MONDAY - timedelta(days=1)
    for place, on in [
        ("Musterkiez", MONDAY),
        ("Musterkiez", sunday),
        ("Musterkiez", sunday),
        ("Potsdam", MONDAY + timedelta(days=5)),
        ("Potsdam", MONDAY - timedelta(weeks=WEEKS_BACK, days=1)),
    ]:
        decline(place, on)
    late = datetime(2030, 5, 26, 23, 30, tzinfo=BERLIN)  # still Sunday in Berlin
    make_waiting_entry(district=area, joined_at=late)
    make_waiting_entry(district=area, joined_at=late + timedelta(hours=1))
    make_waiting_entry(district=area, joined_at=NOW - timedelta(weeks=20))
    make_waiting_entry(joined_at=NOW, status="stopped", ended_at=NOW, district=area)

    kiez, elsewhere = areas = capacity(now=NOW)

    assert kiez.district == area
    assert demand_of(kiez) == {MONDAY - timedelta(weeks=1): (2, 1), MONDAY: (1, 1)}
    assert demand_of(elsewhere) == {MONDAY: (1, 0)}
    assert (kiez.total.waiting, kiez.total.declined) == (3, 3)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM consultations_declinedrequest"
            ' WHERE "on" BETWEEN %s AND %s),'
            " (SELECT count(*) FROM consultations_waitingentry WHERE status = 'waiting')",
            [MONDAY - timedelta(weeks=WEEKS_BACK), MONDAY + timedelta(weeks=WEEKS, days=-1)],
        )
        assert cursor.fetchone() == (total_of(areas)["declined"], total_of(areas)["waiting"])


def test_the_file_holds_every_area_and_week(sign_in):
    make_office_hours(district=make_district(name="Musterkiez"))
    make_waiting_entry(district=make_district(name="=1+1"))
    client = sign_in(make_user(Role.MANAGER))

    answer = client.get(reverse("consultations:capacity_export", args=["csv"]))

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    headings, *lines = csv.reader(io.StringIO(text), delimiter=";")
    assert len(lines) == 2 * (WEEKS_BACK + WEEKS)
    assert {line[0] for line in lines} == {"Musterkiez", "'=1+1"}
    assert {len(line) for line in lines} == {len(headings)}
    assert sum(int(line[6]) for line in lines) == 1


def test_a_number_of_requests_leads_to_them(sign_in):
    decline("Potsdam", None)
    client = sign_in(make_user(Role.MANAGER))

    page = client.get(PAGE)

    [address] = re.findall(r'href="([^"]*district=null[^"]*)"', page.text)
    found = client.get(address.replace("&amp;", "&")).context["page"]
    assert [row.place for row in found] == ["Potsdam"]


def test_the_page_is_the_managers(sign_in):
    make_office_hours(district=make_district(name="Musterkiez"))

    assert "Musterkiez" in sign_in(make_user(Role.MANAGER)).get(PAGE).text
    assert sign_in(make_user()).get(PAGE).status_code == 403
    assert sign_in(make_founder()).get(PAGE).status_code == 403
    assert (
        sign_in(make_user()).get(reverse("consultations:capacity_export", args=["csv"])).status_code
        == 403
    )

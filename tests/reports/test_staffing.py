"""Hours of grants by person, beside plan and year: against numbers reckoned by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import TimeKind
from reports.staffing import Team
from tests.factories import (
    make_assignment,
    make_closed_sheet,
    make_consultation,
    make_employment,
    make_grant,
    make_hour_line,
    make_project,
    make_staff_rate,
    make_time_entry,
    make_user,
)

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2024, 7, 1), date(2026, 6, 30)
# 365 of the 730 days.
HALFWAY = date(2025, 6, 30)
HOUR = 60


@pytest.fixture
def project():
    return make_project(starts_on=date(2024, 1, 1), ends_on=date(2027, 12, 31))


@pytest.fixture
def grant(project):
    return make_grant(project=project, starts_on=FIRST, ends_on=LAST)


def team(*grants, on=HALFWAY):
    return Team(make_user(Role.MANAGER), grants, on)


def person(name):
    return make_user(name=name)


def notes(who, project, day, hours, **fields):
    return make_time_entry(user=who, project=project, day=day, minutes=hours * HOUR, **fields)


def test_hours_are_those_of_the_grants_days_by_person(project, grant):
    erika, otto = person("Erika Muster"), person("Otto Beispiel")
    for day in (date(2024, 6, 30), FIRST, HALFWAY, date(2025, 7, 1)):
        make_consultation(project=project, advisors=[erika, otto], held_on=day, minutes=90)
    make_consultation(
        project=project,
        advisors=[erika],
        held_on=FIRST,
        minutes=60,
        preparation_minutes=20,
        travel_minutes=10,
    )
    notes(otto, project, FIRST, 3)
    notes(otto, None, FIRST, 2, kind=TimeKind.OTHER)
    notes(otto, make_project(), FIRST, 5)

    found = team(grant).staffing(grant)

    assert [(each.person, each.held, each.noted) for each in found.people] == [
        (erika, 2 * 90 + 90, 0),
        (otto, 2 * 90, 180),
    ]
    assert (found.total.minutes, found.total.forecast) == (630, 1260)
    assert (found.total.planned, found.total.course, found.closed) == (None, "", None)


def test_an_early_start_is_part_of_the_time(project):
    grant = make_grant(
        project=project, starts_on=date(2025, 1, 1), ends_on=LAST, early_start_on=FIRST
    )
    erika = person("Erika Muster")
    notes(erika, project, FIRST, 10)

    [hours] = team(grant).staffing(grant).people

    assert (hours.minutes, hours.forecast) == (10 * HOUR, 20 * HOUR)


def test_consultations_of_nobody_named_come_last(project, grant):
    make_consultation(project=project, held_on=FIRST, minutes=45)
    make_consultation(project=project, advisors=[person("Zoe Muster")], held_on=FIRST, minutes=30)

    found = team(grant).staffing(grant).people

    assert [(each.person and each.person.name, each.held) for each in found] == [
        ("Zoe Muster", 30),
        (None, 45),
    ]


def test_a_line_pays_for_its_amount_by_the_rate(project, grant):
    erika = person("Erika Muster")
    line = make_hour_line(grant=grant, planned=Decimal("4000.00"))
    # 20 EUR an hour: 200 hours.
    make_staff_rate(line=line, person=erika)
    notes(erika, project, FIRST, 18)
    notes(erika, project, HALFWAY, 12)
    make_closed_sheet(erika, project, 18 * HOUR, day=FIRST)

    found = team(grant).staffing(grant)

    [hours] = found.people
    assert (hours.planned, hours.forecast, hours.percent) == (200 * HOUR, 60 * HOUR, 30)
    assert hours.course == "less"
    assert (found.closed, found.unclosed) == (18 * HOUR, 12 * HOUR)


@pytest.mark.parametrize(("hours", "course"), [(99, "less"), (100, "same"), (101, "more")])
def test_whether_it_comes_to_more_or_less_than_planned(project, grant, hours, course):
    line = make_hour_line(grant=grant, planned=Decimal("4000.00"))
    erika = make_staff_rate(line=line).person
    for number in range(hours):
        notes(erika, project, date(2024, 7 + number // 20, 1 + number % 20), 1)

    assert team(grant).staffing(grant).total.course == course


def test_several_people_of_a_line_share_its_hours_as_their_contracts_are(project, grant):
    """4,000 EUR for a whole contract at 20 EUR and half a one at 40: 1 to 1/2, 40 EUR together."""
    line = make_hour_line(grant=grant, planned=Decimal("4000.00"))
    whole = make_staff_rate(line=line)
    half = make_staff_rate(line=line, contract_percent=Decimal(50))
    assert (whole.hourly, half.hourly) == (20, 40)

    planned = {each.person: each.planned for each in team(grant).staffing(grant).people}

    # 100 hours at 20 EUR and 50 at 40 are 4,000 EUR.
    assert planned == {whole.person: 100 * HOUR, half.person: 50 * HOUR}


def test_rates_that_follow_each_other_share_the_time(project, grant):
    """365 days at 20 EUR, 365 at 40: 4,000 EUR are 66 hours 40 of each."""
    line = make_hour_line(grant=grant, planned=Decimal("4000.00"))
    first = make_staff_rate(line=line, until=HALFWAY)
    make_staff_rate(
        line=line, person=first.person, since=date(2025, 7, 1), gross_year=Decimal("68800.00")
    )

    [hours] = team(grant).staffing(grant).people

    assert hours.planned == 2 * (66 * HOUR + 40)


def test_a_fixed_share_plans_that_part_of_the_productive_hours(project, grant):
    erika = person("Erika Muster")
    # Half of full time, 40 percent of it the project's, for the 184 days of half a year.
    make_employment(user=erika, weekly_hours=Decimal("19.70"))
    make_assignment(
        user=erika,
        project=project,
        percent=Decimal(40),
        starts_on=date(2025, 7, 1),
        ends_on=date(2025, 12, 31),
    )

    [hours] = team(grant).staffing(grant).people

    assert hours.planned == round(HOUR * 1720 * Decimal("0.5") * Decimal("0.4") * 184 / 365)


def years(*grants, on):
    return {each.person.name: each for each in team(*grants, on=on).years()}


def test_who_comes_near_the_hours_of_a_year(project, grant):
    # A rate for half a contract: 860 hours a year; on 1 July 181 of 365 days are over.
    day = date(2025, 6, 30)
    lines = {
        name: make_staff_rate(
            line=make_hour_line(grant=grant),
            person=person(name),
            contract_percent=Decimal(50),
        )
        for name in ("Anna Muster", "Bea Muster", "Cem Muster")
    }
    for (_name, rate), per_month in zip(lines.items(), (70, 80, 150), strict=True):
        for month in range(1, 7):
            notes(rate.person, project, date(2025, month, 3), per_month // 10)
            for number in range(9):
                notes(rate.person, project, date(2025, month, 10 + number), per_month // 10)
    # What is not paid by the hour is no part of it.
    notes(lines["Anna Muster"].person, None, day, 20, kind=TimeKind.OTHER)
    notes(lines["Anna Muster"].person, None, day, 8, kind=TimeKind.SICK)

    found = years(grant, on=day)

    assert {name: (each.worked, each.paid, each.state) for name, each in found.items()} == {
        "Anna Muster": (440 * HOUR, 420 * HOUR, "within"),
        "Bea Muster": (480 * HOUR, 480 * HOUR, "near"),
        "Cem Muster": (900 * HOUR, 900 * HOUR, "over"),
    }
    assert found["Anna Muster"].limit == 860 * HOUR


def test_hours_of_two_grants_of_a_project_count_once_and_of_two_projects_together(project, grant):
    erika, other = person("Erika Muster"), make_project(starts_on=FIRST, ends_on=LAST)
    beside = make_grant(project=project, starts_on=FIRST, ends_on=LAST)
    elsewhere = make_grant(project=other, starts_on=FIRST, ends_on=LAST)
    for each in (grant, beside, elsewhere):
        make_staff_rate(line=make_hour_line(grant=each), person=erika)
    notes(erika, project, date(2025, 2, 3), 8)
    notes(erika, other, date(2025, 2, 4), 6)
    # Before the rates hold, and the year before.
    notes(erika, project, date(2024, 12, 30), 7)

    found = years(grant, on=HALFWAY)

    assert found["Erika Muster"].paid == 14 * HOUR


def test_whom_nobody_pays_by_the_hour_has_the_hours_of_the_contract():
    erika = person("Erika Muster")
    make_employment(user=erika, weekly_hours=Decimal("19.70"), starts_on=date(2025, 7, 1))
    make_time_entry(user=erika, day=date(2025, 7, 1), minutes=10 * HOUR)
    nobody = person("Otto Beispiel")
    make_time_entry(user=nobody, day=date(2025, 7, 1))

    found = years(on=date(2025, 7, 2))

    year = found["Erika Muster"]
    assert year.limit == round(HOUR * 860 * Decimal(184) / 365)
    # 10 hours in 2 of 184 days are 920 by the end.
    assert (year.paid, year.forecast, year.state) == (None, 920 * HOUR, "near")
    assert (found["Otto Beispiel"].limit, found["Otto Beispiel"].state) == (None, "")


def test_the_desk_shows_people_plans_and_ways_to_the_rows(manager):
    today = timezone.localdate()
    project = make_project(starts_on=today.replace(month=1, day=1), ends_on=LAST.replace(year=2099))
    grant = make_grant(project=project, starts_on=today, ends_on=today.replace(year=2098, day=1))
    erika = person("Erika Muster")
    make_staff_rate(line=make_hour_line(grant=grant, planned=Decimal("4000.00")), person=erika)
    make_consultation(project=project, advisors=[erika], held_on=today, minutes=90)
    gone = person("Otto Beispiel")
    gone.is_active = False
    gone.save()
    make_consultation(project=project, advisors=[gone], held_on=today)
    idle = make_project(starts_on=today, ends_on=today)

    page = manager.get(reverse("reports:steering"))

    [desk] = page.context["steering"].desks
    first, second = desk.staffing.people
    assert (first.person, first.planned, second.person) == (erika, 200 * HOUR, gone)
    rows = manager.get(first.held_rows)
    assert [each.minutes for each in rows.context["page"].object_list] == [90]
    assert second.held_rows == ""
    assert manager.get(second.noted_rows).status_code == 200
    assert [row[0] for row in page.context["steering"].elsewhere] == [idle]


def test_more_people_ask_no_more_questions(manager, django_assert_max_num_queries, project, grant):
    def worked(number):
        for each in range(number):
            erika = person(f"Erika Muster {number} {each}")
            make_employment(user=erika)
            make_staff_rate(line=make_hour_line(grant=grant), person=erika)
            make_consultation(project=project, advisors=[erika], held_on=FIRST)
            make_closed_sheet(erika, project, HOUR, day=FIRST)

    worked(1)
    boss = make_user(Role.MANAGER)
    for _ in range(2):
        with django_assert_max_num_queries(13):
            found = Team(boss, [grant], HALFWAY)
            assert found.years() is not None
            found.staffing(grant)
        worked(4)

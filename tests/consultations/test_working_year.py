"""A year's hours beside those that count for funders; days away are shown and never counted."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from consultations.models import MonthSheet, ProductiveHours, TimeKind, WorkingMonth, WorkingYear
from tests.factories import (
    BERLIN,
    make_absence,
    make_consultation,
    make_employment,
    make_project,
    make_time_entry,
    make_user,
)

pytestmark = pytest.mark.django_db

JUNE = date(2024, 6, 1)


@pytest.fixture
def advisor():
    user = make_user()
    make_employment(user=user, weekly_hours=Decimal("19.70"), starts_on=date(2023, 1, 1))
    return user


def test_half_a_week_has_half_of_1720_hours_and_days_off_are_no_part_of_them(advisor):
    project = make_project(team=[advisor])
    consultation = make_consultation(
        project=project,
        held_on=date(2024, 2, 5),
        minutes=60,
        preparation_minutes=30,
        travel_minutes=0,
        starts_at=None,
        ends_at=None,
    )
    consultation.advisors.set([advisor])
    make_time_entry(user=advisor, project=project, day=date(2024, 3, 4), minutes=45)
    make_time_entry(
        user=advisor, project=None, kind=TimeKind.SICK, day=date(2024, 3, 5), minutes=480
    )
    make_time_entry(user=advisor, project=project, day=date(2025, 1, 2), minutes=45)

    year = WorkingYear.of(advisor, 2024)

    assert (year.most, year.minutes, year.is_over) == (Decimal("860.00"), 60 + 30 + 45, False)


def test_a_contract_of_part_of_the_year_has_its_part(advisor):
    other = make_user()
    make_employment(user=other, starts_on=date(2024, 7, 1))

    # 184 of 366 days.
    assert WorkingYear.of(other, 2024).most == round(1720 * Decimal(184) / 366, 2)


def test_without_a_rule_or_a_contract_nothing_is_said(advisor):
    assert WorkingYear.of(advisor, 2005) is None
    assert WorkingYear.of(make_user(), 2024) is None


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"hours": 9000}, "consultations_productivehours_are_plausible"),
        ({"ends_on": date(1999, 1, 1)}, "consultations_productivehours_ends_after_start"),
        ({"ends_on": None}, "consultations_productivehours_one_at_a_time"),
    ],
)
def test_impossible_rules_are_refused(fields, constraint):
    rule = {"hours": 1650, "full_week": 40, "starts_on": date(2000, 1, 1), "source": "Muster"}

    with pytest.raises(IntegrityError, match=constraint):
        ProductiveHours.objects.create(**rule | {"ends_on": date(2000, 12, 31)} | fields)


def test_whole_days_away_are_shown_and_make_no_hours(advisor):
    project = make_project(team=[advisor])
    make_time_entry(user=advisor, project=project, day=date(2024, 6, 3), minutes=60)
    # From Tuesday to Thursday, and an hour on Friday.
    make_absence(
        advisor=advisor,
        starts_at=datetime(2024, 6, 4, tzinfo=BERLIN),
        ends_at=datetime(2024, 6, 7, tzinfo=BERLIN),
        reason="Kur",
    )
    make_absence(
        advisor=advisor,
        starts_at=datetime(2024, 6, 7, 9, tzinfo=BERLIN),
        ends_at=datetime(2024, 6, 7, 10, tzinfo=BERLIN),
    )

    work = WorkingMonth.of(advisor, JUNE)
    [sheet] = MonthSheet.objects.close(by=advisor, month=JUNE)

    assert [day.day.day for day in work.days if day.is_away] == [4, 5, 6]
    assert (work.minutes, sheet.rows["total"]) == (60, 60)
    assert [row["day"][-2:] for row in sheet.rows["days"]] == ["03", "04", "05", "06"]
    assert "Kur" not in str(sheet.rows)


def test_an_absence_noted_later_is_no_change_of_a_closed_month(advisor):
    make_time_entry(user=advisor, project=make_project(team=[advisor]), day=date(2024, 6, 3))
    [sheet] = MonthSheet.objects.close(by=advisor, month=JUNE)

    make_absence(
        advisor=advisor,
        starts_at=datetime(2024, 6, 3, tzinfo=BERLIN),
        ends_at=datetime(2024, 6, 6, tzinfo=BERLIN),
    )

    assert sheet.differences() == []

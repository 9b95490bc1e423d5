"""Fixed shares of a contract: never more than the whole of a day, and no time sheet for them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from best_portal.accounts.models import Role
from consultations import hours
from consultations.models import Assignment, MonthSheet, WorkingMonth
from tests.factories import (
    make_assignment,
    make_employment,
    make_project,
    make_time_entry,
    make_user,
)

pytestmark = pytest.mark.django_db

JUNE = date(2024, 6, 1)
LIST = reverse("consultations:assignments")


@pytest.fixture
def advisor():
    user = make_user(name="Maria Muster")
    make_employment(user=user)
    return user


@pytest.fixture
def project(advisor):
    return make_project(team=[advisor])


def assign(user, project, percent, starts_on=JUNE, ends_on=None):
    return Assignment.objects.assign(
        by=make_user(Role.MANAGER),
        user=user,
        project=project,
        percent=Decimal(percent),
        starts_on=starts_on,
        ends_on=ends_on,
    )


def test_the_shares_of_a_day_are_a_hundred_percent_at_most(advisor, project):
    assign(advisor, project, 60, ends_on=date(2024, 6, 30))
    assign(advisor, make_project(), 40)

    # July has room again; the 30th of June has none.
    assign(advisor, make_project(), 60, starts_on=date(2024, 7, 1))
    with pytest.raises(ValidationError, match=r"01\.07\.2024.* 0[.,]00 %"):
        assign(advisor, make_project(), "0.01", starts_on=date(2024, 7, 1))
    with pytest.raises(ValidationError, match=r"01\.06\.2024"):
        assign(advisor, make_project(), 1, ends_on=date(2024, 6, 30))
    # Of another person nothing is taken.
    assign_other = make_user()
    make_employment(user=assign_other)
    assign(assign_other, project, 100)


def test_the_database_keeps_the_whole_of_a_day_by_itself(advisor, project):
    make_assignment(user=advisor, project=project, percent=70, starts_on=date(2024, 6, 15))

    with pytest.raises(IntegrityError, match="consultations_assignment_shares_of_a_day"):
        make_assignment(user=advisor, project=make_project(), percent=31, starts_on=JUNE)


def test_a_share_before_another_begins_is_not_in_its_way(advisor, project):
    make_assignment(user=advisor, project=project, percent=70, starts_on=date(2024, 6, 15))

    make_assignment(
        user=advisor,
        project=make_project(),
        percent=100,
        starts_on=JUNE,
        ends_on=date(2024, 6, 14),
    )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"percent": 0}, "consultations_assignment_percent_is_a_share"),
        ({"ends_on": date(2024, 5, 31)}, "consultations_assignment_ends_after_start"),
    ],
)
def test_impossible_shares_are_refused(advisor, project, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_assignment(**{"user": advisor, "project": project, "starts_on": JUNE} | fields)


def test_a_project_has_one_share_of_a_person_at_a_time(advisor, project):
    make_assignment(user=advisor, project=project, percent=10, starts_on=JUNE)

    with pytest.raises(IntegrityError, match="consultations_assignment_one_at_a_time"):
        make_assignment(user=advisor, project=project, percent=10, starts_on=date(2024, 7, 1))


def test_without_a_contract_there_is_no_share(project):
    with pytest.raises(ValidationError, match=r"Vertrag|contract"):
        assign(make_user(), project, 50)


def test_a_share_that_ends_later_needs_room_there(advisor, project):
    row = assign(advisor, project, 60, ends_on=date(2024, 6, 30))
    assign(advisor, make_project(), 60, starts_on=date(2024, 7, 1))

    with pytest.raises(ValidationError, match=r"01\.07\.2024"):
        row.end(date(2024, 7, 1), by=make_user(Role.MANAGER))
    row.end(date(2024, 6, 15), by=make_user(Role.MANAGER))

    assert Assignment.objects.get(pk=row.pk).ends_on == date(2024, 6, 15)


def test_a_fixed_share_of_the_whole_month_needs_no_sheet(advisor, project):
    other = make_project(team=[advisor])
    make_time_entry(user=advisor, project=project, day=date(2024, 6, 3))
    make_time_entry(user=advisor, project=other, day=date(2024, 6, 4))
    assign(advisor, project, 50)

    assert WorkingMonth.of(advisor, JUNE).projects_to_prove == [other]
    [sheet] = MonthSheet.objects.close(by=advisor, month=JUNE)
    assert sheet.project == other
    assert sheet.rows["other"] > 0


def test_a_share_of_half_the_month_leaves_the_sheet_to_be_closed(advisor, project):
    make_time_entry(user=advisor, project=project, day=date(2024, 6, 3))
    assign(advisor, project, 50, starts_on=date(2024, 6, 15))

    assert WorkingMonth.of(advisor, JUNE).projects_to_prove == [project]


def test_the_management_notes_shares_and_ends_them(sign_in, advisor, project):
    client = sign_in(make_user(Role.MANAGER))
    sent = {"user": advisor.pk, "project": project.pk, "percent": "62,5", "starts_on": "2024-06-01"}

    assert client.post(LIST, sent).status_code == 302
    again = client.post(LIST, sent | {"project": make_project().pk})

    assert again.status_code == 200
    assert "37,5" in again.content.decode()
    [row] = Assignment.objects.all()
    assert row.percent == Decimal("62.50")
    end = reverse("consultations:assignment_end", args=[row.pk])
    assert client.post(end, {"last_day": "2024-06-30"}).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == date(2024, 6, 30)


def test_advisors_see_their_own_share_with_its_confirmation(sign_in, advisor, project):
    row = assign(advisor, project, 50)
    month = reverse("consultations:month", args=[advisor.pk, hours.this_month()])

    assert reverse("reports:assignment_paper", args=[row.pk]) in (
        sign_in(advisor).get(month).content.decode()
    )
    assert sign_in(advisor).get(LIST).status_code == 403
    assert not Assignment.objects.visible_to(make_user()).exists()
    assert not Assignment.objects.visible_to(make_user(Role.FUNDER)).exists()

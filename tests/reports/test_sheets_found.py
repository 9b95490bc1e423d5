"""Months of people paid by the hour: the data check tells which are not closed or confirmed."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import TimeEntry
from reports.data_check import check
from tests.factories import (
    YEAR,
    make_closed_sheet,
    make_consultation,
    make_grant,
    make_hour_line,
    make_report,
    make_staff_rate,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = date(YEAR, 2, 6)


@pytest.fixture
def grant():
    return make_grant()


@pytest.fixture
def anna(grant):
    person = make_user(name="Anna Muster")
    make_staff_rate(line=make_hour_line(grant=grant), person=person)
    return person


def told(report):
    """(text, link, owner) of what the check says of time sheets."""
    found = [each for each in check(report).found if each.code.startswith("sheets-")]
    assert not any(each.blocks for each in found)
    return [(each.text, each.href, each.owner) for each in found]


def test_a_month_with_work_and_no_closed_sheet_is_told_to_whoever_closes_it(grant, anna):
    report = make_report(grant=grant, ends_on=date(YEAR, 6, 30))
    for user, project, day in [
        (anna, grant.project, DAY),
        (anna, grant.project, date(YEAR, 7, 6)),
        (anna, None, date(YEAR, 3, 6)),
        (make_user(), grant.project, date(YEAR, 3, 6)),
    ]:
        fields = {"project": project} if project else {}
        make_consultation(advisors=[user], held_on=day, **fields)
    work = {"kind": "project", "activity": "Vorbereitung", "minutes": 60}
    TimeEntry.objects.create(user=anna, project=grant.project, day=date(YEAR, 4, 8), **work)

    assert told(report) == [
        (
            "Anna Muster: Stundennachweise sind nicht abgeschlossen, deshalb zählen diese Stunden "
            f"nirgends: Februar {YEAR}, April {YEAR}.",
            reverse("consultations:month", args=[anna.pk, date(YEAR, 2, 1)]),
            "Anna Muster",
        )
    ]


def test_a_closed_sheet_that_nobody_confirmed_is_told_to_the_management(grant, anna):
    report = make_report(grant=grant, ends_on=date(YEAR, 6, 30))
    make_consultation(advisors=[anna], project=grant.project, held_on=DAY)
    sheet = make_closed_sheet(anna, grant.project, 60, day=DAY)
    make_closed_sheet(anna, grant.project, 0, day=date(YEAR, 3, 6))
    make_closed_sheet(anna, grant.project, 60, day=date(YEAR, 7, 6))

    [(text, href, _owner)] = told(report)
    assert text == (
        "Anna Muster: Stundennachweise sind nicht bestätigt, obwohl ihre Stunden zählen: "
        f"Februar {YEAR}."
    )
    assert href == sheet.get_absolute_url()

    sheet.confirm(by=make_user(Role.MANAGER))
    assert told(report) == []


def test_a_month_that_is_not_over_is_not_asked_for(anna, grant):
    today = timezone.localdate()
    grant.ends_on = today.replace(year=today.year + 1)
    grant.save()
    grant.project.ends_on = grant.ends_on
    grant.project.save()
    make_consultation(advisors=[anna], project=grant.project, held_on=today)

    assert told(make_report(grant=grant, ends_on=today)) == []

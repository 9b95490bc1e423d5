"""Indicators of enterprises, counted by hand: sizes, jobs, how old a new one is."""

from datetime import date
from decimal import Decimal

import pytest

from best_portal.accounts.models import Role
from tests.factories import (
    YEAR,
    make_case,
    make_consultation,
    make_enterprise,
    make_enterprise_award,
    make_grant,
    make_project,
    make_size,
    make_user,
)
from tests.reports.eu import count, make_confirmed_job, make_scope, parts

pytestmark = pytest.mark.django_db


def test_sizes_and_those_without_one_add_up_to_the_enterprises():
    grant = make_grant()
    for size in ({"employees": 3}, {"employees": 30}, {"is_publicly_owned": True}, None):
        body = make_enterprise()
        make_consultation(project=grant.project, organisation=body)
        if size is not None:
            make_size(body, **size)

    all_of_them = count("enterprises_by_size", make_scope(grant))
    small = count("small_enterprises", make_scope(grant))

    assert all_of_them.value == sum(part.value for part in all_of_them.parts) == 4
    assert parts(all_of_them) == {
        "Kleinstunternehmen": 1,
        "kleine Unternehmen": 1,
        "mittlere Unternehmen": 0,
        "große Unternehmen": 1,
        "Größe nicht erklärt": 1,
    }
    assert small.value == 2
    assert parts(small)["nicht gezählt: Größe nicht erklärt"] == 1
    assert parts(small)["nicht gezählt: großes Unternehmen"] == 1


def test_a_person_or_the_enterprise_never_both():
    grant, body = make_grant(), make_enterprise()
    make_size(body)
    case = make_case(project=grant.project, organisation=body, support_target="person")
    make_consultation(project=grant.project, organisation=body, case=case)

    assert count("small_enterprises", make_scope(grant)).value == 0
    case.aim_at("enterprise", by=None)
    assert count("small_enterprises", make_scope(grant)).value == 1


def test_a_case_of_a_person_that_was_opened_by_mistake_keeps_no_hours_from_the_enterprise():
    grant, body = make_grant(), make_enterprise()
    make_size(body)
    case = make_case(project=grant.project, organisation=body, support_target="person")
    make_consultation(project=grant.project, organisation=body, case=case)
    case.withdraw(by=make_user(Role.MANAGER))

    assert count("small_enterprises", make_scope(grant)).value == 1


def test_half_a_job_that_became_a_whole_one_is_half_a_job_more():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise()
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    make_confirmed_job(body, since=date(YEAR - 1, 1, 1), until=date(YEAR, 4, 30))
    make_confirmed_job(body, since=date(YEAR, 5, 1), fte=Decimal(1))

    figure = count("jobs_created", make_scope(grant))

    assert figure.value == Decimal("0.5")
    assert [row.fte for row in figure.rows] == [Decimal("0.5")]
    assert count("jobs_created", make_scope(grant, ends_on=date(YEAR + 1, 5, 31))).value == 0


@pytest.mark.parametrize(
    ("jobs", "created"),
    [
        ([("kept", 2, None)], 0),
        ([("kept", 2, None), ("new", 5, None)], Decimal("0.5")),
        # One kept job after the other is none lost.
        ([("kept", -6, 3), ("kept", 4, None)], 0),
        ([("kept", -6, 3)], Decimal("-0.5")),
    ],
)
def test_a_kept_job_is_none_created_and_one_that_was_lost_is_taken_off(jobs, created):
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise()
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 1, 2))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 1, 2))
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    for kind, begun, ended in jobs:
        since = date(YEAR, begun, 1) if begun > 0 else date(YEAR - 1, -begun, 1)
        make_confirmed_job(body, kind=kind, since=since, until=ended and date(YEAR, ended, 28))

    assert count("jobs_created", make_scope(grant)).value == created


@pytest.mark.parametrize(
    ("again_on", "target", "created"),
    [
        # Counted on 1 June of the next year, and what begins from then on changes nothing.
        (date(YEAR + 1, 6, 1), "enterprise", Decimal("0.5")),
        (date(YEAR + 2, 3, 1), "enterprise", Decimal("0.5")),
        # Within the year the support goes on.
        (date(YEAR + 1, 5, 31), "enterprise", 0),
        (date(YEAR, 9, 1), "person", Decimal("0.5")),
    ],
)
def test_what_was_counted_a_year_after_the_support_stays_counted(again_on, target, created):
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise()
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
    make_size(body, as_of=date(YEAR - 1, 12, 31), turnover=100_000)
    make_size(body, as_of=date(YEAR + 1, 12, 31), turnover=200_000)
    case = make_case(
        project=project,
        organisation=body,
        opened_on=date(YEAR, 2, 1),
        support_target="enterprise",
    )
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    make_confirmed_job(body, since=date(YEAR, 5, 1))
    make_case(project=project, organisation=body, opened_on=again_on, support_target=target)
    last = make_scope(grant, date(YEAR + 2, 7, 1))

    assert count("jobs_created", last.cumulated).value == created
    assert count("jobs_created", make_scope(grant, ends_on=date(YEAR + 1, 6, 1))).value == created
    assert count("new_enterprises_surviving", last.cumulated).value == bool(created)
    assert count("higher_turnover", last.cumulated).value == bool(created)
    assert count("jobs_created", last).value == 0


def test_jobs_of_which_nobody_confirmed_any_are_not_nought():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, bodies = make_grant(project=project), [make_enterprise(), make_enterprise()]
    assert count("jobs_created", make_scope(grant)).value == 0
    for body in bodies:
        make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
        case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
        case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)

    figure = count("jobs_created", make_scope(grant))
    assert (figure.value, figure.rows) == (None, ())
    assert parts(figure) == {"k. A. (Unternehmen)": 2}

    make_confirmed_job(bodies[0], since=date(YEAR, 5, 1))
    figure = count("jobs_created", make_scope(grant))
    assert (figure.value, figure.ids) == (Decimal("0.5"), (bodies[0].pk,))
    assert parts(figure) == {"k. A. (Unternehmen)": 1}


@pytest.mark.parametrize(
    ("case", "award", "unknown"),
    [
        (None, None, 1),
        ({}, None, 1),
        ({"closed_on": date(YEAR, 6, 1), "outcome": "fertig"}, None, 0),
        # Whether an award has ended is known.
        (None, {}, 0),
    ],
)
def test_support_that_nobody_ended_is_not_nought_a_year_after_the_project(case, award, unknown):
    grant, body = make_grant(ends_on=date(YEAR + 3, 12, 31)), make_enterprise()
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 2, 1))
    if case is not None:
        make_case(
            project=grant.project,
            organisation=body,
            opened_on=date(YEAR, 2, 1),
            support_target="enterprise",
            **case,
        )
    if award is not None:
        make_enterprise_award(grant=grant, organisation=body, granted_on=date(YEAR, 3, 1))

    def told(*days):
        figure = count("jobs_created", make_scope(grant, *days))
        return figure.value, parts(figure)["k. A. (Unternehmen)"]

    # The project ended with its year; the day after that year's end nobody has to know yet.
    assert told(None, date(YEAR + 1, 12, 30))[1] == (1 if case and "closed_on" in case else 0)
    value, silent = told(date(YEAR + 1, 12, 31), date(YEAR + 2, 12, 31))
    assert (value, silent) == ((None, 1) if unknown else (0, 0))
    # It is told in one period, and since the start.
    assert told(date(YEAR + 2, 1, 1), date(YEAR + 2, 12, 31)) == (0, 0)


def test_jobs_of_a_founding_are_new_where_the_advice_came_before_it():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise(founded_on=date(YEAR, 3, 1))
    for month in (2, 4):
        make_consultation(project=project, organisation=body, held_on=date(YEAR, month, 1))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    make_confirmed_job(body, since=date(YEAR, 3, 1))

    assert count("jobs_created", make_scope(grant)).value == Decimal("0.5")
    assert count("new_enterprises", make_scope(grant)).value == 1
    assert count("enterprises_by_size", make_scope(grant, ends_on=date(YEAR, 3, 31))).value == 0


@pytest.mark.parametrize(
    ("founded_on", "new"), [(date(YEAR - 3, 3, 1), 1), (date(YEAR - 3, 1, 31), 0)]
)
def test_how_old_a_new_enterprise_is_its_first_award_tells_as_its_first_advice(founded_on, new):
    """35 months old, or 36 and a day, when the award was granted; the advice came later."""
    grant, body = make_grant(), make_enterprise(founded_on=founded_on)
    make_enterprise_award(grant=grant, organisation=body, granted_on=date(YEAR, 2, 1))
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 4, 1))

    assert count("new_enterprises", make_scope(grant)).value == new


def test_an_enterprise_that_only_got_an_award_is_new_creates_jobs_and_survives():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise(founded_on=date(YEAR - 1, 6, 1))
    make_enterprise_award(
        grant=grant,
        organisation=body,
        granted_on=date(YEAR, 2, 1),
        completed_on=date(YEAR, 4, 1),
    )
    make_confirmed_job(body, since=date(YEAR, 1, 31))
    make_confirmed_job(body, since=date(YEAR, 2, 1), fte=Decimal(1))
    make_size(body, as_of=date(YEAR - 1, 12, 31), turnover=100_000)
    make_size(body, as_of=date(YEAR + 1, 12, 31), turnover=200_000)
    scope = make_scope(grant)

    for rule in ("enterprises_in_any_way", "new_enterprises", "new_enterprises_surviving"):
        assert count(rule, scope).ids == (body.pk,)
    assert count("higher_turnover", scope).value == 1
    (row,) = count("jobs_created", scope).rows
    assert (row.on, row.fte) == (date(YEAR + 1, 4, 1), 1)


def test_support_is_not_completed_while_an_award_runs():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise(founded_on=date(YEAR - 1, 1, 1))
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 1, 2))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 1, 2))
    case.close(on=date(YEAR, 3, 1), outcome="fertig", by=None)
    award = make_enterprise_award(grant=grant, organisation=body, granted_on=date(YEAR, 2, 1))
    make_confirmed_job(body, since=date(YEAR, 2, 1))

    for rule in ("jobs_created", "new_enterprises_surviving"):
        assert count(rule, make_scope(grant)).value == 0
    award.completed_on = date(YEAR, 5, 1)
    award.save()
    (row,) = count("jobs_created", make_scope(grant)).rows
    assert (row.on, row.fte) == (date(YEAR + 1, 5, 1), Decimal("0.5"))


@pytest.mark.parametrize(("months", "new"), [(36, 1), (11, 0)])
def test_how_old_a_new_enterprise_may_be_the_grant_says(months, new):
    grant = make_grant(new_enterprise_months=months)
    body = make_enterprise(founded_on=date(YEAR - 1, 1, 1))
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 1, 1))

    assert count("new_enterprises", make_scope(grant)).value == new

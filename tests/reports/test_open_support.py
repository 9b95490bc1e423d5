"""Support nobody has closed is found once the project is over, where results count of it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    YEAR,
    make_case,
    make_consultation,
    make_enterprise,
    make_grant,
    make_indicator,
    make_project,
    make_report,
    make_target,
    make_user,
)
from tests.reports.checked import found

pytestmark = pytest.mark.django_db


def report_of(project, rule="jobs_created"):
    grant = make_grant(project=project)
    make_target(grant=grant, indicator=make_indicator(rule=rule))
    return make_report(grant=grant, ends_on=date(YEAR, 12, 31))


def support(project, name, **case):
    body = make_enterprise(name=name)
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
    if not case:
        return body
    return make_case(
        project=project,
        organisation=body,
        opened_on=date(YEAR, 2, 1),
        support_target="enterprise",
        **case,
    )


def test_support_nobody_closed_deserves_a_look_by_whoever_is_responsible():
    project = make_project(team=[make_user(name="Tim Beispiel")])
    never = support(project, "Anfang")
    running = support(project, "Mitte", advisor=make_user(name="Ada Muster"))
    support(project, "Schluss", closed_on=date(YEAR, 6, 1), outcome="fertig")

    first, second = found(report_of(project), "open-support")

    assert "Anfang" in first.text
    assert first.href == reverse("consultations:case_new", args=[never.pk])
    assert first.owner == "Tim Beispiel"
    assert "Mitte" in second.text
    assert second.href == reverse("consultations:case_close", args=[running.pk])
    assert second.owner == "Ada Muster"
    assert not any(each.blocks for each in (first, second))


def test_while_the_project_runs_nothing_is_said():
    project = make_project(ends_on=timezone.localdate())
    support(project, "Anfang")

    assert not found(report_of(project), "open-support")


@pytest.mark.parametrize(
    ("rule", "is_told"),
    [("new_enterprises_surviving", True), ("enterprises_in_any_way", False), ("new_jobs", False)],
)
def test_only_where_results_count_a_year_later(rule, is_told):
    project = make_project()
    support(project, "Anfang")

    assert bool(found(report_of(project, rule), "open-support")) == is_told

"""Tests of what must go on after the money: owners, steps, and the warning in time."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from reports.models import ContinuityRule, CoordinatingTask
from tests.factories import (
    make_continuity_rule,
    make_coordinating_task,
    make_grant,
    make_organisation,
    make_project,
    make_step,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rule():
    ContinuityRule.objects.all().delete()
    return make_continuity_rule(days_before=180)


def project_until(days, **fields):
    today = timezone.localdate()
    return make_project(
        starts_on=today - timedelta(days=400), ends_on=today + timedelta(days=days), **fields
    )


@pytest.mark.parametrize(
    ("days", "is_alarming"), [(180, True), (181, False), (0, True), (-1, False)]
)
def test_a_task_without_a_successor_alarms_when_the_end_nears(days, is_alarming):
    make_coordinating_task(project=project_until(days))

    assert CoordinatingTask.objects.alarming().exists() == is_alarming


def test_the_grant_that_ends_before_the_project_counts():
    project = project_until(900)
    today = timezone.localdate()
    make_grant(
        project=project,
        starts_on=today - timedelta(days=300),
        ends_on=today + timedelta(days=90),
    )
    make_coordinating_task(project=project)

    task = CoordinatingTask.objects.with_end().get()
    assert task.money_ends_on == today + timedelta(days=90)
    assert CoordinatingTask.objects.alarming().exists()


def test_who_agreed_calms():
    task = make_coordinating_task(project=project_until(30))
    task.successor, task.agreed_on = make_organisation(), timezone.localdate()
    task.save()

    assert not CoordinatingTask.objects.alarming().exists()
    assert task.afterwards == str(task.successor)


def test_the_management_is_warned_on_its_first_page_and_on_the_projects(sign_in):
    task = make_coordinating_task(project=project_until(30), title="Forum leiten")
    page = sign_in(make_user(Role.MANAGER))

    assert "Forum leiten" in page.get("/").content.decode()
    html = page.get(task.project.get_absolute_url()).content.decode()
    assert "Die Förderung endet bald" in html


def test_the_team_names_owner_successor_and_steps(sign_in):
    advisor = make_user()
    project = project_until(300, team=[advisor])
    page, address = sign_in(advisor), f"/projekte/{project.key}/verstetigung/"
    page.post(f"{address}neu/", {"title": "Karte pflegen", "owner": advisor.pk})
    task = CoordinatingTask.objects.get()
    page.post(f"{address}{task.pk}/schritte/neu/", {"text": "Einarbeiten", "due_on": "2030-01-01"})
    step = task.steps.get()
    page.post(f"{address}schritte/{step.pk}/erledigt/")

    step.refresh_from_db()
    assert step.done_on == timezone.localdate()
    html = page.get(address).content.decode()
    assert "Karte pflegen" in html
    assert "Einarbeiten" in html


def test_who_agreed_has_a_name(sign_in):
    advisor = make_user()
    project = project_until(300, team=[advisor])
    typed = {"title": "Karte", "owner": advisor.pk, "agreed_on": "2026-01-01"}

    response = sign_in(advisor).post(f"/projekte/{project.key}/verstetigung/neu/", typed)

    assert response.status_code == 200
    assert "wer zugesagt hat" in response.content.decode()


def test_a_step_is_done_once():
    step, user = make_step(), make_user()
    step.finish(by=user)

    with pytest.raises(ValidationError):
        step.finish(by=user)


def test_another_team_reads_but_does_not_write(sign_in):
    task = make_coordinating_task(project=project_until(30))
    page, address = sign_in(make_user()), f"/projekte/{task.project.key}/verstetigung/"

    assert page.get(address).status_code == 200
    assert page.get(f"{address}{task.pk}/").status_code == 404


def test_nobody_leaves_with_a_task_in_hand():
    task = make_coordinating_task(project=project_until(30))

    with pytest.raises(ValidationError):
        task.owner.change(by=make_user(Role.MANAGER), name="x", role=Role.ADVISOR, is_active=False)


def test_the_manager_sets_the_rule(sign_in, rule):
    typed = {"days_before": 400, "starts_on": "2021-01-01", "note": "Beschluss"}

    sign_in(make_user(Role.MANAGER)).post("/verstetigung/fristen/", typed)

    assert ContinuityRule.objects.days() == 400


def test_without_a_rule_nobody_is_warned():
    ContinuityRule.objects.all().delete()
    make_coordinating_task(project=project_until(0))

    assert ContinuityRule.objects.days() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_many(sign_in, count_queries, number):
    project = project_until(30)
    for _time in range(number):
        make_step(task=make_coordinating_task(project=project, successor=make_organisation()))
    page = sign_in(make_user(Role.MANAGER))

    assert count_queries(page.get, f"/projekte/{project.key}/verstetigung/") <= 13


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reports_coordinatingtask_has_a_title", {"title": ""}),
        ("reports_coordinatingtask_agreed_by_somebody", {"agreed_on": "2024-05-01"}),
    ],
)
def test_a_task_must_make_sense(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_coordinating_task(**fields)


def test_a_project_has_a_task_once():
    task = make_coordinating_task()

    with pytest.raises(IntegrityError, match="reports_coordinatingtask_once"):
        make_coordinating_task(project=task.project, title=task.title)


def test_a_step_says_what_must_happen():
    with pytest.raises(IntegrityError, match="reports_transferstep_says_what"):
        make_step(text="")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reports_continuityrule_is_plausible", {"days_before": 0}),
        ("reports_continuityrule_has_a_reason", {"note": ""}),
    ],
)
def test_a_rule_must_make_sense(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_continuity_rule(starts_on="2019-01-01", **fields)


def test_there_is_one_rule_per_day():
    with pytest.raises(IntegrityError, match="reports_continuityrule_one_per_day"):
        make_continuity_rule()

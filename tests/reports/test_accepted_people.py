"""What an accepted report counted of people, cases and jobs stays until its period is opened."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import escape

from best_portal.accounts.models import Role
from best_portal.db import TRIGGERS
from consultations.models import Participation
from enterprises.models import Merge
from reports.models import Acceptance
from tests.factories import (
    COMPLETE,
    YEAR,
    make_grant,
    make_officer,
    make_participation,
    make_person,
    make_project,
    make_report,
    make_submitted,
    make_user,
    write_answers,
)

pytestmark = pytest.mark.django_db

FIRST, MID = date(YEAR, 1, 1), date(YEAR, 6, 30)
DAY = timedelta(days=1)
PARTICIPANTS = "consultations_locked_participants_stay"


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def grant():
    project = make_project(
        starts_on=date(YEAR - 1, 1, 1), ends_on=date(YEAR, 12, 31), asks_participants=True
    )
    return make_grant(project=project, starts_on=FIRST, ends_on=date(YEAR, 12, 31))


@contextmanager
def refused(name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


@contextmanager
def told(start):
    """The refusal comes in a sentence that begins like this."""
    with pytest.raises(ValidationError) as caught:
        yield
    assert caught.value.messages[0].startswith(str(start))


@contextmanager
def told_of(lock):
    with told(lock.refusal):
        yield


def accept_first_half(grant):
    version = make_submitted(report=make_report(grant=grant, starts_on=FIRST, ends_on=MID))
    return Acceptance.objects.accept(version, by=make_officer(version))


# --- when somebody took part ---


def test_nobody_is_admitted_into_an_accepted_period(grant, manager):
    lock = accept_first_half(grant).lock
    person, project = make_person(), grant.project

    with told_of(lock):
        Participation.objects.admit(person, by=manager, project=project, on=MID)
    for day in (FIRST, MID):
        with refused(PARTICIPANTS):
            make_participation(project=project, entered_on=day)
    # Before and after it, and in another project, all is as ever.
    make_participation(project=project, entered_on=FIRST - DAY)
    make_participation(entered_on=FIRST)
    Participation.objects.admit(make_person(), by=manager, project=project, on=MID + DAY)

    lock.lift(by=manager, reason="Teilnehmerin vergessen")
    Participation.objects.admit(person, by=manager, project=project, on=MID)


def test_days_of_participants_stay_in_an_accepted_period_or_out_of_it(grant, manager):
    inside = make_participation(project=grant.project, entered_on=MID, left_on=MID)
    after = make_participation(project=grant.project, entered_on=MID + DAY)
    around = make_participation(
        project=grant.project, entered_on=FIRST - 2 * DAY, left_on=MID + DAY
    )
    lock = accept_first_half(grant).lock
    rows = Participation.objects

    for pk, change in [
        (inside.pk, {"entered_on": MID - DAY}),
        (inside.pk, {"left_on": None}),
        (inside.pk, {"left_on": MID + DAY}),
        (after.pk, {"entered_on": MID}),
        (around.pk, {"entered_on": FIRST}),
        (around.pk, {"left_on": MID}),
        (around.pk, {"returned_on": MID}),
        (inside.pk, {"project": make_project()}),
    ]:
        with refused(PARTICIPANTS):
            rows.filter(pk=pk).update(**change)
    with refused(PARTICIPANTS):
        inside.delete()
    with told_of(lock):
        after.enter(MID, by=manager)
    with told_of(lock):
        around.leave(MID, by=manager)
    with told_of(lock):
        inside.come_back(MID + DAY, by=manager)
    # Whose it is, the same days once more, and days around the period.
    rows.filter(pk=inside.pk).update(person=make_person())
    inside.enter(MID, by=manager)
    around.enter(FIRST - DAY, by=manager)
    around.come_back(MID + 2 * DAY, by=manager)
    after.delete()

    lock.lift(by=manager, reason="Tag falsch")
    inside.enter(MID - DAY, by=manager)


def test_results_six_months_later_stay_where_they_were_counted(grant, manager):
    left = date(YEAR - 1, 12, 15)
    counted, plain = (
        make_participation(project=grant.project, entered_on=FIRST - 90 * DAY, left_on=left)
        for _each in range(2)
    )
    write_answers(counted, **COMPLETE, later_working="yes")
    write_answers(plain, **COMPLETE, later_working="no")
    accept_first_half(grant)

    # 15 June lies in the accepted period, the exit itself before it.
    with told(TRIGGERS[PARTICIPANTS]):
        counted.leave(left - DAY, by=manager)
    plain.leave(left - DAY, by=manager)


def test_two_who_took_part_may_still_be_merged(grant, manager):
    one, other = make_person(), make_person()
    for person in (one, other):
        part = make_participation(project=grant.project, entered_on=MID, person=person)
        write_answers(part, **COMPLETE)
    accept_first_half(grant)

    merge = Merge.objects.merge(one, other, by=manager)
    assert Participation.objects.count() == 1
    merge.undo(by=manager)
    assert Participation.objects.count() == 2


def test_the_form_names_the_lock(sign_in, grant, manager):
    lock = accept_first_half(grant).lock
    answer = sign_in(manager).post(
        reverse("consultations:participation_new", args=[grant.project.key]),
        {"person": make_person().pk, "entered_on": MID.isoformat()},
    )

    assert escape(lock.refusal) in answer.content.decode()

"""The database gives no work to an account that is closed, whoever asks, and keeps what was."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from best_portal.accounts.models import Role, User
from consultations.models import OfficeHours, SupportCase, SupportTarget
from reports.models import Review
from tests.factories import (
    make_absence,
    make_agreement,
    make_appointment,
    make_case,
    make_coordinating_task,
    make_decision,
    make_draft,
    make_forum,
    make_group_session,
    make_handover,
    make_office_hours,
    make_organisation,
    make_project,
    make_promise,
    make_team_hours,
    make_user,
    make_waiting_entry,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

REFUSED = "accounts_no_work_for_who_left"


@pytest.fixture
def left():
    return make_user(name="Fort Muster", is_active=False)


def closed(user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    return user


NEW = {
    "case": lambda left: make_case(advisor=left),
    "appointment": lambda left: make_appointment(advisor=left),
    "promise": lambda left: make_promise(advisor=left),
    "office hours": lambda left: make_office_hours(advisor=left),
    "office hours of a team": lambda left: make_team_hours(members=[left], project=make_project()),
    "team of a project": lambda left: make_project(team=[left]),
    "group session": lambda left: make_group_session(leaders=[left]),
    "waiting list": lambda left: make_waiting_entry(advisor=left),
    "standing in": lambda left: make_absence(substitute=left),
    "forum": lambda left: make_forum(advisor=left),
    "decision": lambda left: make_decision(advisor=left),
    "agreement": lambda left: make_agreement(advisor=left),
    "coordinating task": lambda left: make_coordinating_task(owner=left),
    "review": lambda left: Review.objects.create(
        version=make_draft(), reviewer=left, asked_by=make_user(Role.MANAGER)
    ),
}


@pytest.mark.parametrize("make", NEW.values(), ids=NEW)
def test_nothing_new_is_given_to_who_left(left, make):
    with pytest.raises(IntegrityError, match=REFUSED):
        make(left)


PASSED = {
    "case": lambda: make_case(),
    "appointment": lambda: make_appointment(),
    "promise": lambda: make_promise(),
    "office hours": lambda: make_office_hours(),
    "waiting list": lambda: make_waiting_entry(advisor=make_user()),
    "forum": lambda: make_forum(),
    "decision": lambda: make_decision(),
    "agreement": lambda: make_agreement(),
}


@pytest.mark.parametrize("make", PASSED.values(), ids=PASSED)
def test_nothing_passes_to_who_left(left, make):
    row = make()

    with pytest.raises(IntegrityError, match=REFUSED):
        type(row)._base_manager.filter(pk=row.pk).update(advisor=left)


def test_a_coordinating_task_does_not_pass_to_who_left(left):
    task = make_coordinating_task()

    with pytest.raises(IntegrityError, match=REFUSED):
        type(task).objects.filter(pk=task.pk).update(owner=left)


def test_a_dossier_does_not_pass_to_who_left(left):
    handover = make_handover(giver=make_user(), to=make_user())
    dossier = handover.dossiers.model.objects.create(
        case=make_case(), handover=handover, to=handover.to
    )

    with pytest.raises(IntegrityError, match=REFUSED):
        handover.dossiers.filter(pk=dossier.pk).update(to=left)


def test_what_is_over_may_be_noted_of_who_left(left):
    make_case(advisor=left, closed_on=timezone.localdate(), outcome="gegründet")
    project, day = make_project(), timedelta(days=1)
    past = {"starts_at": timezone.now() - 3 * day, "status": "no_show"}
    make_appointment(advisor=left, project=project, **past)
    make_office_hours(advisor=left, project=project, ends_on=timezone.localdate() - day)

    assert SupportCase.objects.of_advisor(left).exists()


def test_what_they_had_stays_theirs_and_can_be_changed():
    left = make_user()
    case, promise = make_case(advisor=left), make_promise(advisor=left)
    hours = make_office_hours(advisor=left)
    closed(left)

    case.goal = "Weiterführen"
    case.save()
    hours.save()
    promise.keep(by=make_user())

    assert OfficeHours.objects.get(pk=hours.pk).advisor == left


def test_a_case_comes_back_from_the_bin_though_its_advisor_left():
    left, manager = make_user(), make_user(Role.MANAGER)
    case = make_case(advisor=left)
    case.withdraw(by=manager)
    closed(left)

    case.restore(by=manager)

    assert SupportCase.objects.running().get() == case


def test_the_refusal_is_a_sentence(left):
    project = make_project()

    with pytest.raises(ValidationError, match="may not sign in any more"):
        SupportCase.objects.open_for(
            make_organisation(),
            by=make_user(Role.MANAGER),
            project=project,
            advisor=left,
            on=project.starts_on,
            support_target=SupportTarget.PERSON,
        )


def test_every_table_of_work_is_guarded():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname LIKE '%%no_work_for_who_left'"
        )
        found = {name for (name,) in cursor.fetchall()}

    assert found == {
        "consultations_supportcase",
        "consultations_appointment",
        "consultations_promise",
        "consultations_officehours",
        "consultations_officehours_members",
        "consultations_project_team",
        "consultations_groupsession_leaders",
        "consultations_waitingentry",
        "consultations_absence",
        "consultations_dossier",
        "enterprises_forum",
        "enterprises_decision",
        "enterprises_agreement",
        "reports_coordinatingtask",
        "reports_review",
    }

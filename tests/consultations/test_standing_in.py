"""Whoever stands in does a colleague's work while they are away, and not a moment longer."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter
from consultations.daily import due_on
from consultations.day import standing_in
from consultations.models import (
    Absence,
    Appointment,
    Consultation,
    Dossier,
    Project,
    Promise,
    SupportCase,
    Visit,
)
from tests.factories import (
    make_absence,
    make_appointment,
    make_case,
    make_consultation,
    make_dossier,
    make_project,
    make_promise,
    make_user,
    make_visit,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def away():
    return make_user(name="Weg Muster")


@pytest.fixture
def substitute():
    return make_user(name="Da Beispiel")


@pytest.fixture
def absence(away):
    now = timezone.now()
    return make_absence(advisor=away, starts_at=now - HOUR, ends_at=now + HOUR)


@pytest.fixture
def work(away):
    project = make_project(team=[away], starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))
    case = make_case(advisor=away, project=project)
    make_dossier(case)
    make_consultation([away], project=project, internal_note="vertraulich")
    make_visit(advisor=away, project=project)
    make_promise(advisor=away, due_on=timezone.localdate())
    make_appointment(advisor=away, project=project)
    return project


def changeable_by(user):
    """How many rows of each kind this person may change."""
    models = (Appointment, Promise, SupportCase, Consultation, Visit, Dossier)
    found = [model.objects.editable_by(user).count() for model in models]
    return [*found, Project.objects.loggable_by(user).count()]


def note_for(user):
    return Consultation.objects.visible_to(user).with_note_for(user).get().note


def test_while_the_colleague_is_away_all_their_work_is_theirs_to_do(
    work, away, substitute, absence
):
    assert changeable_by(substitute) == [0] * 7
    assert note_for(substitute) is None

    absence.let_stand_in(substitute, by=away)

    assert changeable_by(substitute) == [1] * 7
    assert note_for(substitute) == "vertraulich"
    Promise.objects.get().keep(by=substitute)
    assert changeable_by(make_user()) == [0] * 7


@pytest.mark.parametrize("hours", [(-3, -1), (1, 3)])
def test_it_begins_and_ends_by_itself(work, away, substitute, absence, hours):
    absence.let_stand_in(substitute, by=away)
    now = timezone.now()
    starts_at, ends_at = (now + number * HOUR for number in hours)

    Absence.objects.update(starts_at=starts_at, ends_at=ends_at)

    assert changeable_by(substitute) == [0] * 7
    assert note_for(substitute) is None
    assert standing_in(substitute) == []


def test_it_ends_when_the_absence_is_withdrawn_and_when_nobody_is_to(
    work, away, substitute, absence
):
    absence.let_stand_in(substitute, by=away)
    absence.let_stand_in(None, by=away)
    assert changeable_by(substitute) == [0] * 7

    absence.let_stand_in(substitute, by=away)
    absence.withdraw(by=away)
    assert changeable_by(substitute) == [0] * 7


def test_the_colleague_is_told_and_it_is_kept(away, substitute, absence):
    absence.let_stand_in(substitute, by=away)

    [letter] = Letter.objects.filter(recipient=substitute.email)
    assert "Weg Muster" in letter.subject
    [event] = Event.objects.about(absence)
    assert (event.verb, event.details) == ("absence.substituted", {"substitute": substitute.pk})


def test_the_own_day_and_the_daily_mail_have_it(sign_in, work, away, substitute, absence):
    absence.let_stand_in(substitute, by=away)

    [each] = standing_in(substitute)
    assert (each.absence, each.due) == (absence, 1)
    assert due_on(substitute, timezone.localdate())["due"] == 1
    page = sign_in(substitute).get(reverse("home")).content.decode()
    assert "Sie vertreten Weg Muster" in page


@pytest.mark.parametrize("fields", [{"role": Role.FOUNDER}, {"is_active": False}])
def test_only_an_advisor_who_may_sign_in_stands_in(away, absence, fields):
    with pytest.raises(ValidationError):
        absence.let_stand_in(make_user(**fields), by=away)


def test_nobody_stands_in_for_themselves_and_not_afterwards(away, substitute, absence):
    with pytest.raises(ValidationError):
        absence.let_stand_in(away, by=away)
    with pytest.raises(IntegrityError, match="consultations_absence_somebody_else_stands_in"):
        make_absence(advisor=away, substitute=away)


def test_an_absence_that_is_over_needs_nobody(away, substitute):
    now = timezone.now()
    over = make_absence(advisor=away, starts_at=now - 3 * HOUR, ends_at=now - HOUR)
    with pytest.raises(ValidationError):
        over.let_stand_in(substitute, by=away)


def test_an_advisor_chooses_among_their_team_and_the_management_among_all(
    sign_in, work, away, substitute, absence
):
    address = reverse("consultations:absence_stand_in", args=[absence.pk])
    page = sign_in(away).post(address, {"substitute": substitute.pk})
    assert page.status_code == 200
    work.team.add(substitute)
    answer = sign_in(away).post(address, {"substitute": substitute.pk})
    assert answer.url == reverse("consultations:absence", args=[absence.pk])
    third = make_user()
    sign_in(make_user(Role.MANAGER)).post(address, {"substitute": third.pk})
    absence.refresh_from_db()
    assert absence.substitute == third

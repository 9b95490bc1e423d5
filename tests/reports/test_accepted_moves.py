"""What an accepted report counted is given to nobody else, whoever asks: only a merge joins two."""

import pytest

from best_portal.accounts.models import Role
from best_portal.privacy.erasing import erase
from consultations.models import Answer, Attendance, Consultation, Participation
from enterprises.models import Merge
from reports import figures
from tests.factories import (
    COMPLETE,
    carried_questions,
    make_consultation,
    make_enterprise,
    make_organisation,
    make_participation,
    make_person,
    make_user,
    write_answers,
)
from tests.reports.acceptance import DAY, FIRST, MID, accept_first_half, asking_grant, refused
from tests.reports.eu import make_scope

pytestmark = pytest.mark.django_db

PARTICIPANTS = "consultations_locked_participants_stay"
PERIODS = "consultations_locked_periods_stay"


@pytest.fixture
def grant():
    return asking_grant()


def complete(grant, **fields):
    part = make_participation(project=grant.project, **{"entered_on": MID} | fields)
    write_answers(part, **COMPLETE)
    return part


def everybody(grant):
    return figures.RULES["people_eeco01"](make_scope(grant)).value


# --- consultations and training ---


def test_organisations_stay_at_their_consultations_and_training(grant):
    advised = make_consultation(project=grant.project, held_on=MID)
    training = make_consultation(
        project=grant.project, kind="training", organisation=None, held_on=MID
    )
    came = training.attendances.create(person=make_person(), organisation=make_enterprise())
    after = make_consultation(project=grant.project, held_on=MID + DAY)
    accept_first_half(grant)
    other = make_organisation()

    for row in (advised, training):
        with refused(PERIODS):
            Consultation.objects.filter(pk=row.pk).update(organisation=other)
    for change in ({"organisation": other}, {"organisation": None}, {"person": make_person()}):
        with refused(PERIODS):
            Attendance.objects.filter(pk=came.pk).update(**change)
    # The same once more changes nothing, and other days are free.
    Consultation.objects.filter(pk=advised.pk).update(organisation=advised.organisation)
    Attendance.objects.filter(pk=came.pk).update(organisation=came.organisation_id)
    Consultation.objects.filter(pk=after.pk).update(organisation=other)


def test_organisations_are_merged_with_what_they_came_to(grant):
    gone, into = make_enterprise(), make_enterprise()
    held = make_consultation(project=grant.project, organisation=gone, held_on=MID)
    came = held.attendances.create(person=make_person(), organisation=gone)
    accept_first_half(grant)
    manager = make_user(Role.MANAGER)

    def whose():
        held.refresh_from_db()
        came.refresh_from_db()
        return {held.organisation_id, came.organisation_id}

    merge = Merge.objects.merge(gone, into, by=manager)
    assert whose() == {into.pk}
    merge.undo(by=manager)
    assert whose() == {gone.pk}
    # What a merge may is over with it.
    with refused(PERIODS):
        Consultation.objects.filter(pk=held.pk).update(organisation=into)


# --- who took part ---


def test_a_participation_stays_with_its_person(grant):
    inside, other = complete(grant), complete(grant, entered_on=MID - DAY)
    around = complete(grant, entered_on=FIRST - 2 * DAY, left_on=MID + DAY)
    lock = accept_first_half(grant).lock
    rows = Participation.objects.filter

    with refused(PARTICIPANTS):
        rows(pk=inside.pk).update(person=make_person())
    assert everybody(grant) == 3
    # A stay outside tells which entry of somebody is the first: neither from nor to who is counted.
    with refused(PARTICIPANTS):
        rows(pk=around.pk).update(person=make_person(), entered_on=FIRST)
    with refused(PARTICIPANTS):
        rows(pk=around.pk).update(person=other.person, left_on=FIRST - DAY)
    rows(pk=around.pk).update(person=make_person())
    rows(pk=inside.pk).update(person=inside.person)

    lock.lift(by=make_user(Role.MANAGER), reason="Falsche Akte")
    rows(pk=inside.pk).update(person=make_person())


def test_people_are_merged_and_separated_and_erased(grant):
    one, other = complete(grant, left_on=MID), complete(grant, left_on=MID)
    write_answers(one, exit_training=MID.isoformat())
    accept_first_half(grant)
    manager = make_user(Role.MANAGER)

    merge = Merge.objects.merge(one.person, other.person, by=manager)
    assert everybody(grant) == 1
    merge.undo(by=manager)
    assert everybody(grant) == 2
    erase(one.person, by=manager)
    assert everybody(grant) == 2


# --- what they said ---


def test_an_answer_stays_with_its_question_and_its_stay(grant):
    part, other = complete(grant, left_on=MID), complete(grant, entered_on=MID + DAY)
    write_answers(part, exit_training=MID.isoformat())
    questions = carried_questions()
    other.answers.filter(question__code="minority").delete()
    accept_first_half(grant)

    def answer(code):
        return Answer.objects.filter(participation=part, question__code=code)

    for code, question in (
        # The same word says something else there.
        ("exit_training", "exit_working"),
        ("gender", "minority"),
        ("status", "exit_searching"),
    ):
        with refused(PARTICIPANTS):
            answer(code).update(question=questions[question])
    with refused(PARTICIPANTS):
        answer("exit_training").update(participation=other)
    # Into what is counted it is not moved, either.
    with refused(PARTICIPANTS):
        other.answers.filter(question__code="gender").update(
            participation=part, question=questions["minority"]
        )
    other.answers.filter(question__code="gender").update(question=questions["minority"])

"""What an accepted report counted of people and cases stays until its period is opened."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import escape

from best_portal.accounts.models import Role
from best_portal.db import TRIGGERS
from best_portal.privacy.erasing import erase
from consultations.models import Answer, Participation, SupportCase
from enterprises.models import Merge, Person
from tests.factories import (
    COMPLETE,
    YEAR,
    make_case,
    make_consultation,
    make_enterprise,
    make_grant,
    make_participation,
    make_person,
    make_project,
    make_user,
    write_answers,
)
from tests.reports.acceptance import DAY, FIRST, MID, accept_first_half, refused

pytestmark = pytest.mark.django_db

AIMS = "consultations_locked_aims_stay"
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
def told(start):
    """The refusal comes in a sentence that begins like this."""
    with pytest.raises(ValidationError) as caught:
        yield
    assert caught.value.messages[0].startswith(str(start))


@contextmanager
def told_of(lock):
    with told(lock.refusal):
        yield


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


# --- what they said ---


def counted_participant(grant, **fields):
    """Complete, so that the accepted report counts them."""
    part = make_participation(project=grant.project, **{"entered_on": MID} | fields)
    write_answers(part, **COMPLETE, rural="no", housing="yes", disability=None)
    return part


def test_answers_of_somebody_counted_stay(grant, manager):
    part = counted_participant(grant)
    accept = accept_first_half(grant)

    for code, value in [
        ("gender", "man"),
        ("status", "employed"),
        ("isced", "5-8"),
        ("rural", "yes"),
        # Of part 1.2 the report tells who did not want to say, and who was not asked.
        ("housing", None),
        ("minority", None),
    ]:
        with told(TRIGGERS[PARTICIPANTS]):
            write_answers(part, **{code: value})
    with refused(PARTICIPANTS):
        part.answers.filter(question__code="status").delete()
    write_answers(part, **COMPLETE, rural="no")

    accept.lock.lift(by=manager, reason="Falsch angekreuzt")
    write_answers(part, status="employed")


def test_what_is_missing_may_come_as_long_as_nobody_is_counted_by_it(grant):
    part = make_participation(project=grant.project, entered_on=MID)
    write_answers(part, gender="woman")
    accept_first_half(grant)

    write_answers(part, gender="man", isced="3-4", rural="yes")
    # Whoever was unemployed is asked since when, and is in no figure before saying it.
    write_answers(part, status="unemployed")
    with told(TRIGGERS[PARTICIPANTS]):
        write_answers(part, unemployed_since=f"{YEAR - 1}-01-01")
    with told(TRIGGERS[PARTICIPANTS]):
        write_answers(part, status="employed")


def test_answers_of_other_days_are_free(grant):
    before, after = (counted_participant(grant, entered_on=day) for day in (FIRST - DAY, MID + DAY))
    accept_first_half(grant)

    for part in (before, after):
        write_answers(part, gender="man", status="employed")


def test_the_day_of_birth_of_somebody_counted_stays(grant, manager):
    counted, incomplete = counted_participant(grant), make_person(birth_on=None)
    part = make_participation(project=grant.project, entered_on=MID, person=incomplete)
    write_answers(part, **COMPLETE)
    lock = accept_first_half(grant).lock

    for person, born in [
        (counted.person, date(2007, 1, 1)),
        (counted.person, None),
        (incomplete, date(1990, 1, 1)),
    ]:
        with told(TRIGGERS[PARTICIPANTS]):
            person.identify(postcode="13357", birth_on=born, by=manager)
    person = Person.objects.get(pk=counted.person_id)
    person.identify(postcode="10115", birth_on=person.birth_on, by=manager)

    lock.lift(by=manager, reason="Geburtstag falsch")
    person.identify(postcode="10115", birth_on=date(2000, 1, 1), by=manager)


def test_results_stay_on_the_day_they_count(grant):
    inside = counted_participant(grant, entered_on=FIRST - DAY, left_on=MID)
    write_answers(inside, exit_training=MID.isoformat(), exit_working="no")
    without = counted_participant(grant, entered_on=FIRST - DAY, left_on=MID)
    accept_first_half(grant)

    for answers in (
        {"exit_training": "no"},
        {"exit_working": MID.isoformat()},
        # A result counts by what was true at the entry, though that lies before the period.
        {"status": "employed"},
    ):
        with told(TRIGGERS[PARTICIPANTS]):
            write_answers(inside, **answers)
    # That nothing came of it is in no figure, and six months later is after the period.
    write_answers(inside, exit_working=None, exit_searching="no", later_working="yes")
    write_answers(without, exit_training="no", status="employed")


def test_a_result_six_months_later_stays_where_it_counts(grant):
    part = counted_participant(
        grant, entered_on=date(YEAR - 1, 9, 1), left_on=date(YEAR - 1, 12, 15)
    )
    accept_first_half(grant)

    with told(TRIGGERS[PARTICIPANTS]):
        write_answers(part, later_working="yes")
    write_answers(part, later_working="no", exit_training=f"{YEAR - 1}-12-20")


def test_a_consent_may_be_taken_back_and_answers_be_forgotten(grant, manager):
    withdrawing, forgotten, erased = (counted_participant(grant) for _each in range(3))
    write_answers(withdrawing, disability="yes", consents=["disability"])
    accept_first_half(grant)

    withdrawing.answers.get(question__code="disability").withdraw_consent(by=manager)
    forgotten.answers.update(retain_until=MID)
    assert Answer.objects.forget(MID + DAY) == 6
    erase(erased.person, by=manager)

    for part in (forgotten, erased):
        assert not part.answers.exclude(value="").exists()
        assert Person.every.get(pk=part.person_id).birth_on is None


# --- whom a case supports ---


def test_whom_a_case_supports_stays_as_its_consultations_were_counted(grant, manager):
    counted, later, open_one = (
        make_case(
            project=grant.project,
            organisation=make_enterprise(founded_on=date(YEAR - 2, 1, 1)),
            opened_on=FIRST,
            support_target=target,
        )
        for target in ("enterprise", "enterprise", "")
    )
    for case, day in ((counted, MID), (later, MID + DAY), (open_one, MID)):
        make_consultation(
            project=grant.project, organisation=case.organisation, case=case, held_on=day
        )
    lock = accept_first_half(grant).lock

    with told_of(lock):
        counted.aim_at("person", by=manager)
    with told_of(lock):
        open_one.aim_at("person", by=manager)
    with refused(AIMS):
        SupportCase.objects.filter(pk=counted.pk).update(support_target="person")
    # The enterprise was counted while it was open, too.
    open_one.aim_at("enterprise", by=manager)
    later.aim_at("person", by=manager)

    lock.lift(by=manager, reason="Es war die Person")
    counted.aim_at("person", by=manager)


# --- pages ---


def test_the_questionnaire_says_why_it_is_not_saved(sign_in, grant, manager):
    part = counted_participant(grant)
    accept_first_half(grant)
    answer = sign_in(manager).post(
        reverse("consultations:answers", args=[part.pk, "eintritt"]),
        {
            "entered_on": MID.isoformat(),
            "birth_on": part.person.birth_on.isoformat(),
            "postcode": part.person.postcode,
            **COMPLETE,
            "status": "employed",
            "rural": "no",
            "housing": "yes",
            "disability": "withheld",
        },
    )

    assert escape(str(TRIGGERS[PARTICIPANTS])) in answer.content.decode()
    assert part.answers.get(question__code="status").value == COMPLETE["status"]


def test_the_form_names_the_lock(sign_in, grant, manager):
    lock = accept_first_half(grant).lock
    answer = sign_in(manager).post(
        reverse("consultations:participation_new", args=[grant.project.key]),
        {"person": make_person().pk, "entered_on": MID.isoformat()},
    )

    assert escape(lock.refusal) in answer.content.decode()

"""What an accepted report counted of people and cases stays until its period is opened."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import escape

from best_portal.accounts.models import Role
from best_portal.db import TRIGGERS
from best_portal.privacy.erasing import erase
from consultations.models import Answer, Consultation, Participation
from enterprises.models import Merge, Person
from tests.factories import (
    COMPLETE,
    YEAR,
    make_case,
    make_consultation,
    make_grant,
    make_participation,
    make_person,
    make_project,
    make_user,
    write_answers,
)
from tests.reports.acceptance import (
    DAY,
    FIRST,
    MID,
    accept_first_half,
    asking_grant,
    refused,
    told,
    told_of,
)
from tests.routes.forms import forms_of

pytestmark = pytest.mark.django_db

AIMS = "consultations_locked_aims_stay"
PARTICIPANTS = "consultations_locked_participants_stay"


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def grant():
    return asking_grant()


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
    # The same days once more, and days around the period.
    inside.enter(MID, by=manager)
    around.enter(FIRST - DAY, by=manager)
    around.come_back(MID + 2 * DAY, by=manager)
    inside.come_back(MID + DAY, by=manager)
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
    with told(PARTICIPANTS):
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
    lock = accept_first_half(grant).lock

    for code, value in [
        ("gender", "man"),
        ("status", "employed"),
        ("isced", "5-8"),
        ("rural", "yes"),
        # Of part 1.2 the report tells who did not want to say, and who was not asked.
        ("housing", None),
        ("minority", None),
    ]:
        with told(PARTICIPANTS):
            write_answers(part, **{code: value})
    with refused(PARTICIPANTS):
        part.answers.filter(question__code="status").delete()
    write_answers(part, **COMPLETE, rural="no")

    lock.lift(by=manager, reason="Falsch angekreuzt")
    write_answers(part, status="employed")


def test_what_is_missing_may_come_as_long_as_nobody_is_counted_by_it(grant):
    part = make_participation(project=grant.project, entered_on=MID)
    write_answers(part, gender="woman")
    accept_first_half(grant)

    write_answers(part, gender="man", isced="3-4", rural="yes")
    # Whoever was unemployed is asked since when, and is in no figure before saying it.
    write_answers(part, status="unemployed")
    with told(PARTICIPANTS):
        write_answers(part, unemployed_since=f"{YEAR - 1}-01-01")
    with told(PARTICIPANTS):
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
        with told(PARTICIPANTS):
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
        with told(PARTICIPANTS):
            write_answers(inside, **answers)
    # That nothing came of it is in no figure, and six months later is after the period.
    write_answers(inside, exit_working=None, exit_searching="no", later_working="yes")
    write_answers(without, exit_training="no", status="employed")


def test_a_result_six_months_later_stays_where_it_counts(grant):
    part = counted_participant(
        grant, entered_on=date(YEAR - 1, 9, 1), left_on=date(YEAR - 1, 12, 15)
    )
    accept_first_half(grant)

    with told(PARTICIPANTS):
        write_answers(part, later_working="yes")
    write_answers(part, later_working="no", exit_training=f"{YEAR - 1}-12-20")


@pytest.fixture
def came_back(grant):
    """Somebody with a stay under a former grant and another one, with results, under a new one.

    The new grant's first half year is accepted; nothing of the former one is.
    """
    former = counted_participant(grant, entered_on=FIRST - 90 * DAY, left_on=FIRST - 60 * DAY)
    new = make_grant(project=grant.project, starts_on=FIRST, ends_on=grant.ends_on)
    later = counted_participant(grant, entered_on=FIRST, left_on=MID - DAY, person=former.person)
    write_answers(later, exit_training=MID.isoformat())
    return former, later, accept_first_half(new).lock


def test_answers_of_a_stay_under_a_former_grant_are_not_counted_by_the_next(came_back):
    former, later, lock = came_back

    write_answers(former, status="employed", exit_training=f"{YEAR - 1}-11-10")
    for answers in ({"status": "employed"}, {"exit_training": "no"}):
        with told(PARTICIPANTS):
            write_answers(later, **answers)
    assert lock.counts_from == FIRST


def test_an_entry_counts_in_every_grant_that_had_begun(grant, came_back):
    """The former grant runs on: for it the entry before decides about the results."""
    former, later, _lock = came_back
    accept_first_half(grant)

    with told(PARTICIPANTS):
        write_answers(former, status="employed")
    # Its own exit lies before both periods.
    write_answers(former, exit_training=f"{YEAR - 1}-11-10")
    with told(PARTICIPANTS):
        write_answers(later, exit_training="no")


def test_who_entered_before_the_grant_is_not_counted_by_it(grant):
    part = counted_participant(grant, entered_on=FIRST - DAY, left_on=MID)
    write_answers(part, exit_training=MID.isoformat())
    accept_first_half(make_grant(project=grant.project, starts_on=FIRST, ends_on=grant.ends_on))

    write_answers(part, exit_training="no", status="employed")


def test_an_early_start_counts_further_back(grant):
    part = counted_participant(grant, entered_on=FIRST - DAY, left_on=MID)
    write_answers(part, exit_training=MID.isoformat())
    new = make_grant(
        project=grant.project,
        starts_on=FIRST,
        ends_on=grant.ends_on,
        early_start_on=FIRST - 2 * DAY,
    )
    accept_first_half(new)

    with told(PARTICIPANTS):
        write_answers(part, exit_training="no")


def test_results_without_a_complete_entry_of_the_grant_are_not_counted(grant):
    """The complete entry is of a former grant; what this one asked is not."""
    former = counted_participant(grant, entered_on=FIRST - 90 * DAY, left_on=FIRST - 60 * DAY)
    later = make_participation(
        project=grant.project, entered_on=FIRST, left_on=MID, person=former.person
    )
    write_answers(later, gender="woman", exit_training=MID.isoformat())
    accept_first_half(make_grant(project=grant.project, starts_on=FIRST, ends_on=grant.ends_on))

    write_answers(later, exit_training="no")


def test_what_is_locked_again_counts_as_far_back(came_back, manager):
    former, later, lock = came_back
    lock.lift(by=manager, reason="Nachtrag")
    write_answers(later, status="employed")
    assert lock.lock_again(by=manager).counts_from == FIRST

    write_answers(former, status="unemployed", unemployed_since=f"{YEAR - 1}-01-01")
    with told(PARTICIPANTS):
        write_answers(later, status="unemployed")


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


def resend(client, consultation, **changes):
    """Open the form of a consultation and send it as a browser does, but for what is changed."""
    address = reverse("consultations:edit", args=[consultation.pk])
    form = next(each for each in forms_of(client.get(address).text) if "held_on" in each)
    return client.post(address, form | changes)


@pytest.fixture
def counted_without(grant):
    """A consultation of an accepted period that is in no case, and a case of the person."""
    held = make_consultation(project=grant.project, kind="accompaniment", held_on=MID)
    case = make_case(project=grant.project, organisation=held.organisation, opened_on=FIRST)
    return held, case


def test_the_form_of_a_consultation_names_the_lock_at_the_case(
    sign_in, grant, manager, counted_without
):
    held, case = counted_without
    lock = accept_first_half(grant).lock

    answer = resend(sign_in(manager), held, case=case.pk)

    assert answer.status_code == 200
    assert answer.context["form"].errors["case"] == [lock.refusal]
    assert Consultation.objects.get(pk=held.pk).case is None


def test_a_text_is_corrected_without_its_consultation_joining_a_case(
    sign_in, grant, manager, counted_without
):
    """Accompaniment finds its running case by itself, but not on a day that is accounted for."""
    held, case = counted_without
    lock, client = accept_first_half(grant).lock, sign_in(manager)

    assert resend(client, held, internal_note="Rückruf am Montag").status_code == 302
    held.refresh_from_db()
    assert (held.internal_note, held.case) == ("Rückruf am Montag", None)

    lock.lift(by=manager, reason="Der Fall fehlt")
    assert resend(client, held, internal_note="Rückruf am Dienstag").status_code == 302
    held.refresh_from_db()
    assert (held.internal_note, held.case) == ("Rückruf am Dienstag", case)

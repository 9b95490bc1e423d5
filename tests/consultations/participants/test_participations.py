"""Participants: once at a time, complete or reported nowhere, asked when it is time."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from consultations.models import Attendance, Participation, Question
from consultations.participants import State, lines_of
from tests.consultations.participants.days import START, TODAY, address, ago, attended, states
from tests.factories import (
    COMPLETE,
    make_case,
    make_enterprise,
    make_participation,
    make_person,
    make_project,
    make_user,
    write_answers,
)

pytestmark = pytest.mark.django_db


# --- what the database refuses ---


def test_nobody_takes_part_twice_at_one_time(taking_part, advisor):
    again = {"project": taking_part.project, "person": taking_part.person}
    with (
        pytest.raises(IntegrityError, match="consultations_participation_one_at_a_time"),
        transaction.atomic(),
    ):
        make_participation(**again, entered_on=ago(1))

    taking_part.leave(ago(1), by=advisor)
    with (
        pytest.raises(IntegrityError, match="consultations_participation_one_at_a_time"),
        transaction.atomic(),
    ):
        make_participation(**again, entered_on=ago(1))
    make_participation(**again, entered_on=TODAY)
    make_participation(person=taking_part.person)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"left_on": START - timedelta(1)}, "consultations_participation_leaves_after_entry"),
    ],
)
def test_the_days_of_a_participation_have_their_order(project, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_participation(project, **fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"participant_hours": 0}, "consultations_project_participant_hours_are_positive"),
        ({"participant_hours_near": -1}, "consultations_project_near_hours_are_not_negative"),
        ({"answers_kept_years": 31}, "consultations_project_answers_kept_for_a_time"),
    ],
)
def test_the_numbers_of_a_project_are_possible(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_project(**fields)


def test_a_postcode_has_five_digits():
    with pytest.raises(IntegrityError, match="enterprises_person_postcode_has_five_digits"):
        make_person(postcode="1335")


# --- admitting ---


def test_who_is_admitted_twice_is_refused_in_words(taking_part, advisor):
    with pytest.raises(ValidationError, match=r"."):
        Participation.objects.admit(
            taking_part.person, by=advisor, project=taking_part.project, on=TODAY
        )

    assert Participation.objects.count() == 1


def test_another_project_has_its_own_participation(taking_part, advisor):
    other = make_project(asks_participants=True, starts_on=START, ends_on=TODAY)

    Participation.objects.admit(taking_part.person, by=advisor, project=other, on=TODAY)

    assert taking_part.person.participations.count() == 2


@pytest.mark.parametrize("day", [START - timedelta(1), TODAY + timedelta(1)])
def test_nobody_enters_outside_the_project_or_in_the_future(project, advisor, day):
    with pytest.raises(ValidationError, match=r"."):
        Participation.objects.admit(make_person(), by=advisor, project=project, on=day)


def test_the_same_name_and_postcode_is_asked_about(project, advisor):
    make_participation(project, person=make_person(name="Jörg Muster", postcode="13357"))
    twin = make_person(name="Jörg Karl Muster", postcode="13357")

    def admit(**fields):
        return Participation.objects.admit(twin, by=advisor, project=project, on=TODAY, **fields)

    with pytest.raises(ValidationError) as refusal:
        admit()
    assert refusal.value.code == "alike"
    assert states(admit(is_somebody_else=True)) == [{State.ENTRY_MISSING}]
    assert all(
        State.ALIKE in line.states for line in lines_of(Participation.objects.of(project), TODAY)
    )


# --- leaving and coming back ---


def test_a_return_is_another_stay_and_nothing_is_deleted(taking_part, advisor):
    write_answers(taking_part, **COMPLETE)
    taking_part.leave(ago(200), by=advisor)
    write_answers(taking_part, exit_working=ago(199).isoformat(), later_working="yes")

    again = taking_part.come_back(ago(100), by=advisor)
    again.leave(ago(50), by=advisor)

    kept = taking_part.answers.values_list("question__code", flat=True)
    assert set(kept) == {*COMPLETE, "exit_working", "later_working"}
    assert not again.answers.exists()
    days = Participation.objects.order_by("entered_on").values_list("entered_on", "left_on")
    assert list(days) == [(START, ago(200)), (ago(100), ago(50))]


def test_of_who_came_back_the_first_entry_and_the_last_exit_are_asked(taking_part, advisor):
    taking_part.leave(ago(200), by=advisor)
    again = taking_part.come_back(ago(100), by=advisor)

    assert states(taking_part, again) == [{State.ENTRY_MISSING}, set()]
    again.leave(ago(50), by=advisor)
    assert states(taking_part, again) == [{State.ENTRY_MISSING}, {State.EXIT_DUE}]


def test_somebody_with_two_stays_is_not_their_own_double(taking_part, advisor):
    taking_part.leave(ago(200), by=advisor)
    again = taking_part.come_back(ago(100), by=advisor)

    assert not any(State.ALIKE in each for each in states(taking_part, again))


def test_who_has_not_left_cannot_come_back(taking_part, advisor):
    with pytest.raises(ValidationError, match=r"."):
        taking_part.come_back(ago(1), by=advisor)


def test_a_return_is_after_the_exit(taking_part, advisor):
    taking_part.leave(ago(10), by=advisor)

    with pytest.raises(ValidationError, match=r"."):
        taking_part.come_back(ago(10), by=advisor)


# --- what is due ---


def test_the_list_says_what_is_missing_and_what_is_due(project):
    nothing = make_participation(project)
    begun = make_participation(project)
    write_answers(begun, gender="man", status="employed")
    in_window, after_window, long_gone = (
        make_participation(project, left_on=ago(days)) for days in (28, 29, 190)
    )
    for each in (in_window, after_window, long_gone):
        write_answers(each, **COMPLETE)

    assert states(nothing) == [{State.ENTRY_MISSING}]
    assert states(begun) == [{State.INCOMPLETE}]
    assert states(in_window) == [set()]
    assert states(after_window) == [{State.EXIT_DUE}]
    assert states(long_gone) == [{State.EXIT_DUE, State.LATER_DUE}]


def test_who_never_left_a_project_that_is_over_is_due():
    over = make_project(asks_participants=True)
    someone = make_participation(over)
    write_answers(someone, **COMPLETE)

    assert states(someone) == [{State.EXIT_DUE}]


def test_the_missing_qualification_is_named(taking_part):
    write_answers(taking_part, gender="woman", status="inactive")

    [line] = lines_of(Participation.objects.all(), TODAY)

    assert not line.is_reported
    assert line.missing == [Question.objects.get(code="isced").text]


# --- whose questionnaire is needed ---


def to_ask(advisor):
    return {row["name"]: str(row["asking"]) for row in Attendance.objects.to_be_asked(advisor)}


def test_the_questionnaire_is_needed_when_hours_come_near_the_threshold(project, advisor):
    project.participant_hours = Decimal(8)
    project.save()
    few, near, there, inside = (make_person(name=name) for name in "abcd")
    for person, minutes in ((few, 359), (near, 360), (there, 480), (inside, 600)):
        attended(person, project, minutes)
    make_participation(project, person=inside)

    assert to_ask(advisor) == {"b": "soon", "c": "now"}
    assert to_ask(make_user()) == {}


def test_case_file_and_log_say_whose_questionnaire_is_needed(project, advisor, sign_in):
    project.participant_hours = Decimal(8)
    project.save()
    organisation, person = make_enterprise(), make_person(name="Jana Muster")
    organisation.involvements.create(person=person)
    attended(person, project, 390)
    client = sign_in(advisor)

    def words(page):
        return " ".join(client.get(page).content.decode().split())

    told = "Fragebogen bald nötig (6,5 von 8 Stunden)"
    assert told in words(organisation.get_absolute_url())
    assert told in words(f"{address('log')}?organisation={organisation.pk}")
    make_participation(project, person=person)
    assert told not in words(organisation.get_absolute_url())


def test_who_came_before_the_entry_or_after_the_exit_is_not_asked_for_that(project, advisor):
    before, after = make_person(), make_person()
    for person in (before, after):
        attended(person, project, 600)
    make_participation(project, person=before, entered_on=ago(29))
    make_participation(project, person=after, left_on=ago(31))

    # Without a grant all the time of the project is one.
    assert to_ask(advisor) == {}


def test_without_a_threshold_everybody_is_asked(project, advisor):
    attended(make_person(name="a"), project, 10)

    assert to_ask(advisor) == {"a": "now"}


def test_time_for_the_enterprise_counts_for_no_person(project, advisor):
    enterprise = make_enterprise()
    case = make_case(project=project, organisation=enterprise, support_target="enterprise")
    attended(make_person(), project, 600, organisation=enterprise, case=case)

    assert to_ask(advisor) == {}


def test_a_project_without_questionnaires_asks_nobody(project, advisor):
    project.asks_participants = False
    project.save()
    attended(make_person(), project, 600)

    assert to_ask(advisor) == {}

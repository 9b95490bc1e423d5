"""Answers of participants: whole, with consent, and forgotten when their time is up."""

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError

from best_portal.audit.models import Event
from consultations.models import Answer, Question
from consultations.tasks import forget_answers
from tests.consultations.participants.days import AGREED, TODAY, ago
from tests.factories import (
    make_participation,
    make_project,
    write_answers,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "fields", "constraint"),
    [
        ("isced", {"state": "maybe"}, "consultations_answer_state_is_known"),
        ("isced", {"value": ""}, "consultations_answer_value_only_where_given"),
        (
            "isced",
            {"state": "withheld"},
            "consultations_answer_value_only_where_given",
        ),
        ("disability", {"is_special": True}, "consultations_answer_special_only_with_consent"),
        (
            "isced",
            {"state": "withdrawn", "value": ""},
            "consultations_answer_withdrawn_has_its_day",
        ),
        (
            "isced",
            {"state": "forgotten", "value": ""},
            "consultations_answer_forgotten_has_its_day",
        ),
        (
            "disability",
            {
                "state": "withdrawn",
                "value": "",
                "consented_on": ago(1),
                "withdrawn_on": ago(2),
            },
            "consultations_answer_withdrawn_after_consent",
        ),
    ],
)
def test_an_answer_is_whole(taking_part, advisor, code, fields, constraint):
    question = Question.objects.get(code=code)
    whole = {"state": "given", "value": "yes", "answered_on": TODAY, "asked_by": advisor}

    with pytest.raises(IntegrityError, match=constraint):
        taking_part.answers.create(question=question, **whole | fields)


def test_a_question_is_answered_once(taking_part, advisor):
    write_answers(taking_part, isced="3-4")
    answer = taking_part.answers.get()
    answer.pk = None

    with pytest.raises(IntegrityError, match="consultations_answer_one_per_question"):
        answer.save()


@pytest.mark.parametrize(
    ("code", "fields", "constraint"),
    [
        (
            "isced",
            {"allows_no_statement": True},
            "consultations_question_first_part_must_be_answered",
        ),
        (
            "isced",
            {"ends_on": date(2020, 1, 1)},
            "consultations_question_ends_after_start",
        ),
        ("minority", {"consent": ""}, "consultations_question_special_needs_a_consent_text"),
    ],
)
def test_a_question_is_one_the_rules_know(taking_part, code, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Question.objects.filter(code=code).update(**fields)


def test_a_question_has_one_wording_per_day(taking_part):
    question = Question.objects.get(code="isced")
    question.pk = None

    with pytest.raises(IntegrityError, match="consultations_question_one_wording_per_day"):
        question.save()


# --- answers ---


def test_the_first_part_takes_no_no_statement(taking_part):
    with pytest.raises(ValidationError) as refusal:
        write_answers(taking_part, isced=None)

    assert "isced" in refusal.value.message_dict


@pytest.mark.parametrize(
    ("code", "value"),
    [("isced", "9"), ("exit_working", "gestern"), ("exit_working", "2999-01-01")],
)
def test_an_answer_that_is_not_offered_is_refused(taking_part, code, value):
    with pytest.raises(ValidationError):
        write_answers(taking_part, **{code: value})


def test_a_special_category_needs_its_own_consent(taking_part):
    with pytest.raises(ValidationError):
        write_answers(taking_part, disability="yes", consents=["minority"])

    write_answers(taking_part, disability="yes", consents=["disability"])
    assert taking_part.answers.get().consented_on == TODAY


def test_the_log_names_questions_and_no_answer(taking_part):
    write_answers(taking_part, disability="yes", housing=None, consents=AGREED)

    [event] = Event.objects.filter(verb="participation.answered")
    assert event.details == {"questions": ["disability", "housing"]}


def test_a_withdrawn_consent_empties_the_answer_and_keeps_both_days(taking_part, advisor):
    write_answers(taking_part, disability="yes", consents=AGREED)
    answer = taking_part.answers.get()

    answer.withdraw_consent(by=advisor)

    assert (answer.state, answer.value) == ("withdrawn", "")
    assert (answer.consented_on, answer.withdrawn_on) == (TODAY, TODAY)
    with pytest.raises(ValidationError):
        answer.withdraw_consent(by=advisor)


def test_saying_nothing_new_changes_nothing(taking_part, advisor):
    write_answers(taking_part, isced="3-4")
    before = Event.objects.count()

    write_answers(taking_part, isced="3-4")

    assert Event.objects.count() == before


# --- forgetting ---


@pytest.fixture
def over():
    """A project that ended on the last of 2020, its answers kept for five years."""
    return make_project(
        key="muster-vorbei",
        asks_participants=True,
        starts_on=date(2020, 1, 1),
        ends_on=date(2020, 12, 31),
        answers_kept_years=5,
    )


def test_answers_are_kept_until_the_day_the_rule_says(over):
    someone = make_participation(over)
    write_answers(someone, isced="3-4")

    assert someone.answers.get().retain_until == date(2025, 12, 31)
    assert Answer.objects.forget(date(2025, 12, 31)) == 0
    assert Answer.objects.forget(date(2026, 1, 1)) == 1


def test_what_is_forgotten_leaves_its_dates_and_takes_the_birthday(over):
    someone = make_participation(over)
    write_answers(someone, isced="3-4", disability="yes", housing=None, consents=AGREED)

    forget_answers()
    forget_answers()

    someone.person.refresh_from_db()
    assert someone.person.birth_on is None
    answers = someone.answers.all()
    assert {(each.state, each.value) for each in answers} == {("forgotten", "")}
    assert all(each.answered_on and each.forgotten_on == TODAY for each in answers)
    assert Event.objects.filter(verb="answers.forgotten").count() == 1


def test_a_birthday_is_kept_while_another_project_needs_it(over, project):
    someone = make_participation(over)
    write_answers(someone, isced="3-4")
    write_answers(make_participation(project, person=someone.person), isced="3-4")

    forget_answers()

    someone.person.refresh_from_db()
    assert someone.person.birth_on is not None


def test_the_command_deletes_nothing_unless_told(over):
    write_answers(make_participation(over), isced="3-4")
    without_rule = make_project(key="muster-ohne-regel", asks_participants=True)
    write_answers(make_participation(without_rule), isced="3-4")

    def run(*arguments):
        out = StringIO()
        call_command("forget_answers", *arguments, stdout=out)
        return out.getvalue().splitlines()

    blocked = "blocked: 1 of muster-ohne-regel, no time of keeping is recorded"
    assert run() == ["due: 1", blocked]
    assert run("--commit") == ["deleted: 1", blocked]
    assert run() == ["due: 0", blocked]


def test_a_new_end_of_the_project_moves_the_day(over):
    someone = make_participation(over)
    write_answers(someone, isced="3-4")
    over.ends_on = date(2024, 2, 29)
    over.save()

    Answer.objects.reschedule(over)

    assert someone.answers.get().retain_until == date(2029, 2, 28)

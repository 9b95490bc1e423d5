"""Participants: once per project, complete or reported nowhere, seen by their team alone."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Answer, Attendance, Participation, Question
from consultations.participants import State, lines_of
from consultations.tasks import forget_answers
from tests.factories import (
    COMPLETE,
    make_case,
    make_consultation,
    make_enterprise,
    make_founder,
    make_participation,
    make_person,
    make_project,
    make_user,
    write_answers,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
START = TODAY - timedelta(days=400)
AGREED = ("disability", "minority")


@pytest.fixture
def advisor():
    return make_user()


@pytest.fixture
def project(advisor):
    return make_project(
        team=[advisor],
        asks_participants=True,
        starts_on=START,
        ends_on=TODAY + timedelta(days=100),
    )


@pytest.fixture
def taking_part(project):
    return make_participation(project)


def ago(days):
    return TODAY - timedelta(days=days)


def address(name, *args):
    return reverse(f"consultations:{name}", args=args)


def states(*participations):
    rows = Participation.objects.filter(pk__in=[each.pk for each in participations])
    return [set(line.states) for line in lines_of(rows, TODAY)]


# --- what the database refuses ---


def test_nobody_takes_part_twice_in_one_project(taking_part):
    with pytest.raises(IntegrityError, match="consultations_participation_once_per_project"):
        make_participation(taking_part.project, person=taking_part.person)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"left_on": START - timedelta(1)}, "consultations_participation_leaves_after_entry"),
        ({"returned_on": START}, "consultations_participation_returns_after_entry"),
        (
            {"returned_on": ago(10), "left_on": ago(11)},
            "consultations_participation_leaves_after_return",
        ),
    ],
)
def test_the_days_of_a_participation_have_their_order(project, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_participation(project, **fields)


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


def test_a_return_keeps_the_first_entry_and_the_last_exit_counts(taking_part, advisor):
    write_answers(taking_part, **COMPLETE)
    taking_part.leave(ago(200), by=advisor)
    write_answers(taking_part, exit_working=ago(199).isoformat(), later_working="yes")

    taking_part.come_back(ago(100), by=advisor)
    kept = set(taking_part.answers.values_list("question__code", flat=True))
    taking_part.leave(ago(50), by=advisor)

    taking_part.refresh_from_db()
    assert kept == set(COMPLETE)
    assert (taking_part.entered_on, taking_part.left_on) == (START, ago(50))
    assert Participation.objects.count() == 1


def test_who_has_not_left_cannot_come_back(taking_part, advisor):
    with pytest.raises(ValidationError, match=r"."):
        taking_part.come_back(ago(1), by=advisor)


def test_a_return_is_after_the_exit(taking_part, advisor):
    taking_part.leave(ago(10), by=advisor)

    with pytest.raises(ValidationError, match=r"."):
        taking_part.come_back(ago(10), by=advisor)


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


def attended(person, project, minutes, **fields):
    consultation = make_consultation(project=project, minutes=minutes, held_on=ago(30), **fields)
    Attendance.objects.create(consultation=consultation, person=person)


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


# --- the pages ---


def entry(**fields):
    return {
        "entered_on": START.isoformat(),
        "birth_on": "1990-05-17",
        "postcode": "13357",
        "gender": "woman",
        "status": "unemployed",
        "unemployed_since": "2024-01-01",
        "isced": "5-8",
        "third_country": "no",
        "foreign_background": "withheld",
    } | fields


def test_an_advisor_fills_in_the_entry_questionnaire(taking_part, advisor, sign_in):
    page = sign_in(advisor).post(address("answers", taking_part.pk, "eintritt"), entry())

    assert page.status_code == 302
    [line] = lines_of(Participation.objects.all(), TODAY)
    assert line.is_reported
    states_by_code = dict(taking_part.answers.values_list("question__code", "state"))
    assert states_by_code["foreign_background"] == "withheld"
    assert "housing" not in states_by_code


def test_without_consent_the_answer_is_asked_back_and_nothing_is_lost(
    taking_part, advisor, sign_in
):
    page = sign_in(advisor).post(
        address("answers", taking_part.pk, "eintritt"), entry(disability="yes")
    )

    assert "disability_consent" in page.context["form"].errors
    assert page.context["form"]["isced"].value() == "5-8"
    assert not Answer.objects.exists()


def test_an_exit_and_its_answers_are_recorded_together(taking_part, advisor, sign_in):
    page = address("answers", taking_part.pk, "austritt")
    client = sign_in(advisor)

    refused = client.post(page, {"left_on": ago(10).isoformat(), "exit_working": "yes"})
    client.post(
        page,
        {
            "left_on": ago(10).isoformat(),
            "exit_working": "yes",
            "exit_working_on": ago(5).isoformat(),
            "exit_searching": "no",
        },
    )

    assert "exit_working_on" in refused.context["form"].errors
    taking_part.refresh_from_db()
    assert taking_part.left_on == ago(10)
    values = dict(taking_part.answers.values_list("question__code", "value"))
    assert values == {"exit_working": ago(5).isoformat(), "exit_searching": "no"}


def test_two_windows_do_not_overwrite_each_other(taking_part, advisor, sign_in):
    page, client = address("answers", taking_part.pk, "eintritt"), sign_in(advisor)
    opened = client.get(page).context["form"].initial, client.get(page).context["form"]
    as_opened = opened[1]["as_opened"].value()
    client.post(page, entry(as_opened=as_opened))

    second = client.post(page, entry(as_opened=as_opened, isced="0-2"))

    assert second.context["form"].conflict
    assert taking_part.answers.get(question__code="isced").value == "5-8"


def test_every_look_at_the_answers_is_recorded(taking_part, advisor, sign_in):
    sign_in(advisor).get(address("answers", taking_part.pk, "eintritt"))

    [event] = Event.objects.filter(verb="answers.read")
    assert (event.actor, event.details) == (advisor, {"phase": "entry"})


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FOUNDER])
def test_nobody_else_sees_the_answers(taking_part, role, sign_in):
    client = sign_in(make_user(role))

    for page in (
        address("participation", taking_part.pk),
        address("answers", taking_part.pk, "eintritt"),
    ):
        assert client.get(page).status_code == 404


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR])
def test_funders_and_evaluators_have_no_door(taking_part, role, sign_in):
    client = sign_in(make_user(role))

    assert client.get(address("participation", taking_part.pk)).status_code == 403
    assert client.get(address("participations", taking_part.project.key)).status_code == 403


def test_a_founder_fills_in_their_own_entry_and_nothing_more(project, sign_in):
    founder = make_founder()
    own = make_participation(project, person=founder.person)
    client = sign_in(founder)

    client.post(
        address("answers", own.pk, "eintritt"),
        entry(disability="yes", disability_consent="on", entered_on=TODAY.isoformat()),
    )

    own.refresh_from_db()
    assert own.entered_on == START
    answer = own.answers.get(question__code="disability")
    assert (answer.asked_by, answer.consented_on) == (founder, TODAY)
    assert client.get(address("answers", own.pk, "austritt")).status_code == 404
    assert address("participation", own.pk) in client.get("/").content.decode()
    client.post(address("consent_withdraw", own.pk, answer.pk))
    answer.refresh_from_db()
    assert answer.state == "withdrawn"


def test_the_list_is_filtered_by_what_is_to_do(project, advisor, sign_in):
    done, open_ = make_participation(project), make_participation(project)
    write_answers(done, **COMPLETE)
    client, page = sign_in(advisor), address("participations", project.key)

    def shown(**question):
        lines = client.get(page, question).context["page"]
        return {line.participation for line in lines}

    assert shown() == {done, open_}
    assert shown(state="entry_missing") == {open_}
    assert shown(state="incomplete") == set()
    assert shown(q=open_.person.name.upper()) == {open_}
    assert shown(state="nonsense") == set()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_full(
    project, advisor, sign_in, rows, django_assert_num_queries
):
    for _each in range(rows):
        write_answers(make_participation(project), **COMPLETE)
    client, page = sign_in(advisor), address("participations", project.key)
    client.get(page)

    with django_assert_num_queries(8):
        assert len(client.get(page).context["page"]) == rows


def test_a_file_of_the_list_holds_no_answer(taking_part, advisor, sign_in):
    write_answers(taking_part, disability="yes", consents=AGREED, **COMPLETE)

    response = sign_in(advisor).get(
        address("participations_export", taking_part.project.key, "csv")
    )

    text = b"".join(response).decode()
    head, line = text.splitlines()
    assert taking_part.person.name in line
    assert not any(word in line for word in ("yes", "3-4", "1990"))


def test_admitting_leads_to_the_entry_questionnaire(project, advisor, sign_in):
    person = make_person()
    page = address("participation_new", project.key)
    client = sign_in(advisor)
    attended(person, project, 60)

    form = client.get(page, {"person": person.pk}).context["form"]
    response = client.post(page, {"person": person.pk, "entered_on": ago(30).isoformat()})

    assert form["entered_on"].value() == ago(30)
    own = Participation.objects.get(person=person)
    assert response.headers["Location"] == address("answers", own.pk, "eintritt")


def test_a_namesake_can_be_admitted_after_the_question(project, advisor, sign_in):
    make_participation(project, person=make_person(name="Jana Muster", postcode="13357"))
    twin = make_person(name="Jana Muster", postcode="13357")
    page, client = address("participation_new", project.key), sign_in(advisor)
    typed = {"person": twin.pk, "entered_on": TODAY.isoformat()}

    refused = client.post(page, typed)
    client.post(page, typed | {"is_somebody_else": "on"})

    assert not refused.context["form"]["is_somebody_else"].is_hidden
    assert Participation.objects.filter(person=twin).exists()


def test_the_blank_questionnaire_has_every_question_of_the_day(project, advisor, sign_in):
    text = sign_in(advisor).get(address("questionnaire", project.key, "eintritt")).content.decode()

    for question in Question.objects.filter(phase="entry"):
        assert question.wording in text

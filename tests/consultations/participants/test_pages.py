"""The pages of participants, seen by their team alone."""

import pytest

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Answer, Participation, Question
from consultations.participants import lines_of
from tests.consultations.participants.days import AGREED, START, TODAY, address, ago, attended
from tests.factories import (
    COMPLETE,
    make_founder,
    make_participation,
    make_person,
    make_user,
    write_answers,
)

pytestmark = pytest.mark.django_db


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

    with django_assert_num_queries(9):
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

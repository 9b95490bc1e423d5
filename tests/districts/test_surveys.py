"""Tests of surveys: built by a manager, answered by nobody we know, small numbers hidden."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.pages.small_cells import told
from districts.models import Survey, SurveyReply, SurveyResponse
from tests.factories import make_district, make_response, make_survey, make_user

pytestmark = pytest.mark.django_db
ASKED = [
    ("choice", "Was fehlt?", "Laden\nTreffpunkt\nSchule"),
    ("several", "Was wäre gut?", "Garten\nWerkstatt"),
    ("scale", "Wie gern wohnen Sie hier?", ""),
    ("text", "Was könnten Sie tun?", ""),
]


@pytest.fixture(autouse=True)
def nobody_has_asked_yet():
    cache.clear()


@pytest.fixture
def survey():
    return make_survey(questions=ASKED)


def sheet(survey, **answers):
    """A form as a phone sends it: p1 is the first question."""
    keys = {f"p{row.position}": f"q{row.pk}" for row in survey.questions.all()}
    return {"form_key": uuid.uuid4()} | {keys.get(name, name): v for name, v in answers.items()}


def over(survey):
    yesterday = timezone.localdate() - timedelta(days=1)
    Survey.objects.filter(pk=survey.pk).update(closes_on=yesterday)
    return Survey.objects.get(pk=survey.pk)


# --- small numbers ---


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([0, 7, 9], [0, 7, 9]),
        ([3, 7, 9], [None, None, 9]),
        ([3, 4, 9], [None, None, 9]),
        ([3, 0, 0], [None, 0, 0]),
        ([], []),
    ],
)
def test_small_numbers_are_hidden_and_cannot_be_reckoned_back(numbers, shown):
    assert told(numbers, 5) == shown


def test_where_nothing_adds_up_only_the_small_one_is_hidden():
    assert told([3, 7], 5, adds_up=False) == [None, 7]


# --- answering ---


def test_everyone_answers_without_an_account(client, survey):
    form = sheet(survey, p1="2", p2=["1", "2"], p3="4", p4="Einen Stand machen")

    response = client.post(f"/umfragen/{survey.slug}/", form)

    assert response.url == f"/umfragen/{survey.slug}/danke/"
    kept = SurveyReply.objects.order_by("question__position", "number")
    assert [row.answer for row in kept] == [
        "Treffpunkt",
        "Garten",
        "Werkstatt",
        "4",
        "Einen Stand machen",
    ]


def test_nothing_is_kept_of_who_answered():
    columns = {column.name for column in SurveyResponse._meta.get_fields()}

    assert columns == {"id", "survey", "district", "given_on", "form_key", "replies"}


def test_the_same_form_is_one_response(client, survey):
    form = sheet(survey, p1="1")

    client.post(f"/umfragen/{survey.slug}/", form)
    client.post(f"/umfragen/{survey.slug}/", form)

    assert SurveyResponse.objects.count() == 1


def test_robots_are_thanked_and_not_counted(client, survey):
    assert client.post(f"/umfragen/{survey.slug}/", sheet(survey, fax="x")).status_code == 302
    assert not SurveyResponse.objects.exists()


def test_what_must_be_answered_is_asked_for_and_nothing_is_lost(client, survey):
    survey.questions.filter(position=1).update(is_required=True)

    html = client.post(f"/umfragen/{survey.slug}/", sheet(survey, p4="Mein Text")).content.decode()

    assert "Mein Text" in html
    assert not SurveyResponse.objects.exists()


def test_an_answer_nobody_offered_is_refused(client, survey):
    assert client.post(f"/umfragen/{survey.slug}/", sheet(survey, p1="9")).status_code == 200
    assert not SurveyResponse.objects.exists()


def test_the_only_area_is_noted_by_itself_and_several_are_asked(client):
    areas = [make_district(), make_district()]
    one = make_survey(questions=ASKED, areas=areas[:1])
    two = make_survey(questions=ASKED, areas=areas)

    client.post(f"/umfragen/{one.slug}/", sheet(one, p1="1"))
    client.post(f"/umfragen/{two.slug}/", sheet(two, p1="1", district=areas[1].pk))

    given = dict(SurveyResponse.objects.values_list("survey", "district"))
    assert given == {one.pk: areas[0].pk, two.pk: areas[1].pk}


@pytest.mark.parametrize("days", [(-9, -1), (1, 9)])
def test_only_between_its_days_can_it_be_answered(client, days):
    today = timezone.localdate()
    first, last = (today + timedelta(days=each) for each in days)
    survey = make_survey(questions=ASKED, opens_on=first, closes_on=last)

    client.post(f"/umfragen/{survey.slug}/", sheet(survey, p1="1"))

    assert not SurveyResponse.objects.exists()
    with pytest.raises(ValidationError):
        make_response(survey, p1=[1])


def test_a_draft_is_nobodys_but_the_staffs(client, sign_in):
    survey = make_survey(questions=ASKED, is_open=False)

    assert client.get(f"/umfragen/{survey.slug}/").status_code == 404
    assert survey.title not in client.get("/umfragen/").content.decode()
    assert sign_in(make_user()).get(f"/umfragen/{survey.slug}/").status_code == 200


def test_the_page_of_an_area_leads_to_its_open_surveys(client):
    area = make_district()
    survey = make_survey(questions=ASKED, areas=[area])
    draft = make_survey(questions=ASKED, areas=[area], is_open=False)

    html = client.get(area.get_absolute_url()).content.decode()

    assert survey.title in html
    assert draft.title not in html


# --- results ---


def test_everyone_sees_figures_once_it_is_over_but_no_small_ones_and_no_words(client, survey):
    for _time in range(6):
        make_response(survey, p1=[1], p4="Geheime Worte")
    make_response(survey, p1=[2], p4="")
    address = f"/umfragen/{survey.slug}/ergebnis/"
    assert client.get(address).status_code == 404  # not before it is over
    over(survey)

    html = client.get(address).content.decode()

    assert "7 Menschen" in html
    assert "verborgen" in html
    assert "Geheime Worte" not in html


def test_too_few_answers_show_no_figure_at_all(client, survey):
    make_response(survey, p1=[1])
    over(survey)

    html = client.get(f"/umfragen/{survey.slug}/ergebnis/").content.decode()

    assert "Weniger als 5" in html
    assert "Treffpunkt" not in html


def test_a_scale_says_what_its_ends_mean_wherever_it_is_read(client, sign_in):
    survey = make_survey(
        questions=[("scale", "Wie gern wohnen Sie hier?", "")], results_public=True
    )
    asked = client.get(survey.get_absolute_url()).text
    for _time in range(6):
        make_response(survey, p1=[5])
    over(survey)

    shown = client.get(f"/umfragen/{survey.slug}/ergebnis/").text

    for html in (asked, shown):
        assert "1 – gar nicht" in html
        assert "5 – sehr" in html


def test_figures_may_be_kept_to_the_staff(client, sign_in):
    survey = over(make_survey(questions=ASKED, results_public=False))

    assert client.get(f"/umfragen/{survey.slug}/ergebnis/").status_code == 404
    advisor = sign_in(make_user())
    assert advisor.get(f"/umfragen/{survey.slug}/ergebnis/").status_code == 200


def test_the_staff_read_all_and_make_needs_of_it(sign_in, survey):
    make_response(survey, p1=[2], p4="Hier fehlt ein Waschsalon")
    reply = SurveyReply.objects.in_words().get()

    html = sign_in(make_user()).get(f"/umfragen/{survey.slug}/ergebnis/").content.decode()

    assert "Hier fehlt ein Waschsalon" in html
    assert f"/bedarf/neu/?reply={reply.pk}" in html


def test_every_answer_comes_as_a_file_to_the_staff_only(client, sign_in, survey):
    make_response(survey, p1=[2], p4="=1+1")
    address = f"/umfragen/{survey.slug}/ergebnis/liste.csv"

    assert client.get(address).status_code == 302
    csv = b"".join(sign_in(make_user()).get(address).streaming_content).decode("utf-8-sig")
    assert "Treffpunkt" in csv
    assert "'=1+1" in csv


@pytest.mark.parametrize("number", [1, 3])
def test_the_results_cost_the_same_however_many_answered(sign_in, survey, count_queries, number):
    for _time in range(number):
        make_response(survey, p1=[1], p4="Worte")

    page = sign_in(make_user())

    assert count_queries(page.get, f"/umfragen/{survey.slug}/ergebnis/") <= 13


# --- planning ---


def test_a_manager_plans_asks_and_publishes(sign_in):
    page = sign_in(make_user(Role.MANAGER))
    today = timezone.localdate()
    planned = {
        "title": "Was fehlt im Kiez?",
        "introduction": "Wir fragen.",
        "opens_on": today,
        "closes_on": today + timedelta(days=9),
        "results_public": "on",
    }
    page.post("/umfragen/neu/", planned)
    survey = Survey.objects.get()
    address = f"/umfragen/{survey.slug}"

    page.post(f"{address}/veroeffentlichen/")
    assert Survey.objects.get().is_draft  # nothing is asked yet

    question = {"position": 1, "words": "Was?", "kind": "choice", "options": "A\n\nB"}
    page.post(f"{address}/fragen/neu/", question)
    page.post(f"{address}/veroeffentlichen/")

    survey.refresh_from_db()
    assert survey.is_open
    assert survey.questions.get().choices == [(1, "A"), (2, "B")]


def test_published_questions_are_fixed(sign_in, survey):
    page, question = sign_in(make_user(Role.MANAGER)), survey.questions.first()
    typed = {"position": 1, "words": "Anders?", "kind": "text", "options": ""}

    page.post(f"/umfragen/{survey.slug}/fragen/{question.pk}/", typed)
    page.post(f"/umfragen/{survey.slug}/fragen/neu/", typed | {"position": 9})
    page.post(f"/umfragen/{survey.slug}/fragen/{question.pk}/entfernen/")

    assert survey.questions.count() == len(ASKED)
    question.refresh_from_db()
    assert question.words == "Was fehlt?"


def test_a_choice_needs_two_answers(sign_in):
    survey = make_survey(is_open=False)
    typed = {"position": 1, "words": "Was?", "kind": "choice", "options": "Nur eine"}

    response = sign_in(make_user(Role.MANAGER)).post(f"/umfragen/{survey.slug}/fragen/neu/", typed)

    assert "mindestens zwei" in response.content.decode()


def test_a_survey_can_be_ended_early(sign_in, client, survey):
    sign_in(make_user(Role.MANAGER)).post(f"/umfragen/{survey.slug}/beenden/")

    survey.refresh_from_db()
    assert survey.is_over


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("districts_survey_closes_after_opening", {"closes_on": "2020-01-01"}),
        ("districts_survey_says_what_it_is_about", {"introduction": ""}),
    ],
)
def test_a_survey_must_make_sense(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_survey(**fields)


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("districts_surveyquestion_kind_is_known", ("riddle", "Was?", "")),
        ("districts_surveyquestion_asks_something", ("text", "", "")),
        ("districts_surveyquestion_options_where_one_chooses", ("choice", "Was?", "")),
        ("districts_surveyquestion_options_where_one_chooses", ("text", "Was?", "A")),
    ],
)
def test_a_question_must_make_sense(name, question):
    with pytest.raises(IntegrityError, match=name):
        make_survey(questions=[question])


def test_a_position_is_taken_once(survey):
    with pytest.raises(IntegrityError, match="districts_surveyquestion_one_per_position"):
        survey.questions.create(position=1, words="Was?", kind="text")


@pytest.mark.parametrize("fields", [{"number": None, "text": ""}, {"number": 1, "text": "x"}])
def test_an_answer_is_a_choice_or_words(survey, fields):
    response, question = make_response(survey), survey.questions.first()

    with pytest.raises(IntegrityError, match="districts_surveyreply_is_a_choice_or_words"):
        response.replies.create(question=question, **fields)


def test_an_answer_is_given_once(survey):
    response, question = make_response(survey, p1=[1]), survey.questions.first()

    with pytest.raises(IntegrityError, match="districts_surveyreply_once"):
        response.replies.create(question=question, number=1)

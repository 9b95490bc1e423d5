"""Tests of the chain from need to job: its stages, its ends, and where it begins."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import ChainStage, Idea, Need
from enterprises.models import LegalForm, Organisation, Stage
from tests.factories import (
    make_consultation,
    make_district,
    make_enterprise,
    make_forum,
    make_founder,
    make_idea,
    make_job,
    make_meeting,
    make_need,
    make_organisation,
    make_resource,
    make_response,
    make_survey,
    make_user,
    make_visit,
)

pytestmark = pytest.mark.django_db


def stage_of(need):
    return Need.objects.with_stage().get(pk=need.pk).stage


# --- the chain ---


def test_a_need_goes_all_the_way_to_a_job():
    advisor, need = make_user(), make_need(title="Waschsalon")
    assert stage_of(need) == ChainStage.NEED
    idea = make_idea(need=need)
    assert stage_of(need) == ChainStage.IDEA
    initiative = idea.found("Initiative Waschsalon", by=advisor)
    assert stage_of(need) == ChainStage.INITIATIVE
    initiative.found(timezone.localdate(), LegalForm.EG, by=advisor)
    assert stage_of(need) == ChainStage.ENTERPRISE
    make_job(organisation=initiative)
    assert stage_of(need) == ChainStage.JOBS


def test_a_job_in_the_bin_is_no_job():
    idea = make_idea()
    idea.become(make_enterprise(), by=make_user())
    make_job(organisation=idea.organisation).withdraw(by=make_user())

    assert stage_of(idea.need) == ChainStage.ENTERPRISE


def test_where_all_ideas_ended_the_chain_ended_and_says_why(sign_in):
    idea = make_idea()
    idea.end(by=make_user(), because="room", note="Kein Laden zu finden")

    assert stage_of(idea.need) == ChainStage.ENDED
    html = sign_in(make_user()).get(idea.need.get_absolute_url()).content.decode()
    assert "Kein Laden zu finden" in html


def test_an_initiative_given_up_ends_its_idea():
    idea, advisor = make_idea(), make_user()
    initiative = idea.found("Initiative", by=advisor)
    initiative.move_to(Stage.GIVEN_UP, on=timezone.localdate(), by=advisor, reason="kein Geld")

    assert stage_of(idea.need) == ChainStage.ENDED
    assert not Idea.objects.alive().exists()


def test_the_furthest_idea_counts():
    need = make_need()
    make_idea(need=need).end(by=make_user(), because="money")
    make_idea(need=need).become(make_enterprise(), by=make_user())

    assert stage_of(need) == ChainStage.ENTERPRISE


def test_the_list_counts_every_stage_and_the_reasons_of_ends(sign_in):
    make_need()
    make_idea()
    make_idea().end(by=make_user(), because="money")

    assert [(str(stage), number) for stage, number in Need.objects.by_stage()] == [
        ("need", 1),
        ("idea", 1),
        ("initiative", 0),
        ("enterprise", 0),
        ("jobs", 0),
        ("ended", 1),
    ]
    assert "Kein Geld: 1" in sign_in(make_user()).get("/bedarf/").content.decode()


# --- verbs ---


def test_an_idea_is_owned_by_several_and_by_each_once():
    idea, advisor, body = make_idea(), make_user(), make_organisation()
    idea.share(by=advisor, organisation=body)
    idea.share(by=advisor, name="Muster")

    with pytest.raises(ValidationError):
        idea.share(by=advisor, organisation=body)
    assert [str(owner) for owner in idea.owners.all()] == [str(body), "Muster"]


def test_an_idea_becomes_one_initiative():
    idea, advisor = make_idea(), make_user()
    idea.become(make_organisation(), by=advisor)

    with pytest.raises(ValidationError):
        idea.become(make_organisation(), by=advisor)


def test_a_refused_initiative_leaves_no_file_behind():
    idea, advisor = make_idea(), make_user()
    idea.end(by=advisor, because="money")

    with pytest.raises(ValidationError):
        idea.found("Ohne Idee", by=advisor)
    assert not Organisation.objects.filter(name="Ohne Idee").exists()


def test_what_ended_can_go_on_and_ends_once():
    idea, advisor = make_idea(), make_user()
    idea.end(by=advisor, because="money")
    with pytest.raises(ValidationError):
        idea.end(by=advisor, because="money")
    idea.reopen(by=advisor)
    with pytest.raises(ValidationError):
        idea.reopen(by=advisor)
    assert stage_of(idea.need) == ChainStage.IDEA


def test_a_need_ends_when_nobody_works_on_it():
    idea, advisor = make_idea(), make_user()
    with pytest.raises(ValidationError):
        idea.need.end("Es gibt jetzt einen.", by=advisor)
    idea.end(by=advisor, because="met")
    idea.need.end("Es gibt jetzt einen.", by=advisor)
    with pytest.raises(ValidationError):
        idea.need.end("Nochmals.", by=advisor)
    idea.need.reopen(by=advisor)
    with pytest.raises(ValidationError):
        idea.need.reopen(by=advisor)


# --- where it begins: one button ---


def test_a_visit_becomes_a_need_with_what_was_said(sign_in):
    advisor = make_user()
    visit = make_visit(advisor=advisor, need="Hier fehlt ein Lieferdienst.")
    page = sign_in(advisor)
    address = f"/bedarf/neu/?visit={visit.pk}"
    assert address in page.get(visit.get_absolute_url()).content.decode()
    assert "Hier fehlt ein Lieferdienst." in page.get(address).content.decode()

    page.post(address, {"title": "Lieferdienst", "noted_on": "2024-06-03"})

    need = Need.objects.get()
    assert (need.source, need.visit) == ("visit", visit)


def test_a_consultation_becomes_a_need(sign_in):
    consultation = make_consultation()

    sign_in(make_user(Role.MANAGER)).post(
        f"/bedarf/neu/?consultation={consultation.pk}",
        {"title": "Werkstatt", "noted_on": "2024-06-03"},
    )

    assert Need.objects.get().consultation == consultation


def test_an_answer_to_a_survey_becomes_a_need(sign_in):
    survey = make_survey(questions=[("text", "Was fehlt?", "")])
    reply = make_response(survey, p1="Ein Waschsalon").replies.get()
    page = sign_in(make_user())
    address = f"/bedarf/neu/?reply={reply.pk}"
    assert "Ein Waschsalon" in page.get(address).content.decode()

    page.post(address, {"title": "Waschsalon", "noted_on": "2024-06-03"})

    assert Need.objects.get().source == "survey"


def test_a_forum_and_its_meeting_become_needs(sign_in):
    area, page = make_district(), sign_in(make_user())
    forum = make_forum([area], name="Kiezrunde")
    meeting = make_meeting(forum=forum, starts_at=datetime(2024, 6, 3, 18, tzinfo=UTC))
    for row, said in [(forum, f"forum={forum.pk}"), (meeting, f"meeting={meeting.pk}")]:
        address = f"/bedarf/neu/?{said}"
        assert address in page.get(row.get_absolute_url()).text
        form = page.get(address).context["form"]
        given = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
        typed = {name: value for name, value in given.items() if value} | {"title": "Waschsalon"}
        assert page.post(address, typed).status_code == 302

    at_meeting, at_forum = Need.objects.order_by("noted_on")
    assert (at_forum.source, at_forum.heard_where) == ("forum", "Kiezrunde")
    assert at_forum.district == area
    assert at_meeting.heard_where == "Kiezrunde, 03.06.2024 20:00"
    assert at_meeting.noted_on == date(2024, 6, 3)


def test_a_need_heard_at_a_forum_of_several_areas_asks_for_the_area(sign_in):
    forum = make_forum([make_district(), make_district()])

    form = sign_in(make_user()).get(f"/bedarf/neu/?forum={forum.pk}").context["form"]

    assert "district" not in form.initial or form.initial["district"] is None


# --- offers of partners that may help ---


def offers_at(page, need):
    context = page.get(need.get_absolute_url()).context
    return {
        str(idea): [(each.resource.title, each.reasons) for each in idea.offers]
        for idea in context["ideas"]
    }


def test_beside_an_idea_stand_the_offers_in_its_words_and_of_its_area(sign_in):
    area, elsewhere = make_district(name="Kiez"), make_district()
    need = make_need(title="Reparieren", district=area)
    make_idea(need=need, title="Offene Werkstatt")
    make_resource([area], title="Laden")
    make_resource(title="Werkstattraum am Abend")
    make_resource([area], title="Werkstatt mit Werkzeug")
    make_resource(title="Kurs Buchführung")
    make_resource([elsewhere], title="Werkstatt woanders")
    make_resource([area], side="need", title="Werkstatt gesucht")
    make_resource([area], title="Werkstatt vergeben").settle(by=make_user(), because="weg")

    assert offers_at(sign_in(make_user()), need) == {
        "Offene Werkstatt": [
            (
                "Werkstatt mit Werkzeug",
                ("gleiche Wörter: werkstatt", "gleiches Gebiet: Kiez"),
            ),
            ("Werkstattraum am Abend", ("gleiche Wörter: werkstattraum",)),
            ("Laden", ("gleiches Gebiet: Kiez",)),
        ]
    }


def test_an_idea_that_ended_needs_no_offer_and_a_need_without_ideas_shows_them(sign_in):
    need, page = make_need(title="Werkstatt"), sign_in(make_user())
    make_resource(title="Werkstatt mit Werkzeug")
    assert "Werkstatt mit Werkzeug" in page.get(need.get_absolute_url()).text

    make_idea(need=need, title="Laden").end(by=make_user(), because="money")

    assert offers_at(page, need) == {"Laden": []}


@pytest.mark.parametrize("query", ["visit=1", "reply=0", "consultation=999999999", "forum=1"])
def test_what_is_not_there_is_the_beginning_of_nothing(sign_in, query):
    assert sign_in(make_user()).get(f"/bedarf/neu/?{query}").status_code == 404


def test_the_same_form_is_one_need(sign_in):
    page = sign_in(make_user())
    typed = {"title": "Laden", "source": "forum", "noted_on": "2024-06-03"}
    typed["form_key"] = "3e5c2d8e-1111-4222-8333-444455556666"

    page.post("/bedarf/neu/", typed)
    page.post("/bedarf/neu/", typed)

    assert Need.objects.count() == 1


# --- pages ---


def test_the_pages_walk_the_chain(sign_in):
    page, need = sign_in(make_user()), make_need()
    page.post(f"/bedarf/{need.pk}/ideen/neu/", {"title": "Salon", "begun_on": "2024-06-03"})
    idea = Idea.objects.get()
    page.post(f"/ideen/{idea.pk}/mitinhaber/neu/", {"name": "Muster"})
    page.post(f"/ideen/{idea.pk}/initiative/", {"name": "Initiative Salon"})

    html = page.get(need.get_absolute_url()).content.decode()

    for words in ("Salon", "Muster", "Initiative Salon"):
        assert words in html


def test_the_file_of_an_initiative_leads_back_to_its_need(sign_in):
    idea, initiative = make_idea(), make_organisation()
    founder = make_founder(initiative)
    idea.become(initiative, by=make_user())
    address = initiative.get_absolute_url()

    assert idea.get_absolute_url() in sign_in(make_user()).get(address).text
    own = sign_in(founder).get(address)
    assert own.status_code == 200
    assert idea.get_absolute_url() not in own.text


def test_the_list_is_filtered(sign_in):
    make_need(title="Laden")
    make_idea(need=make_need(title="Garten"))
    page = sign_in(make_user())

    assert "Garten" not in page.get("/bedarf/?stage=need").content.decode()
    assert "Laden" not in page.get("/bedarf/?words=gart").content.decode()
    assert page.get("/bedarf/?district=x").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_and_the_chain_cost_the_same_however_long(sign_in, count_queries, number):
    need = make_need()
    for _time in range(number):
        make_need()
        idea = make_idea(need=need)
        idea.share(by=make_user(), organisation=make_organisation())
        idea.become(make_enterprise(), by=make_user())
        make_job(organisation=idea.organisation)
        make_resource(title=need.title)
    page = sign_in(make_user())

    assert count_queries(page.get, "/bedarf/") <= 14
    assert count_queries(page.get, need.get_absolute_url()) <= 12


@pytest.mark.parametrize("role", [Role.FUNDER, Role.FOUNDER, Role.EVALUATOR])
def test_needs_are_the_staffs(sign_in, role):
    page, need = sign_in(make_user(role)), make_need()

    assert page.get("/bedarf/").status_code == 403
    assert page.get(need.get_absolute_url()).status_code == 403


# --- the database ---


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("consultations_need_says_what_is_lacking", {"title": ""}),
        ("consultations_need_source_is_known", {"source": "rumour"}),
        ("consultations_need_ended_with_reason", {"ended_on": "2024-06-03"}),
    ],
)
def test_a_need_must_make_sense(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_need(**fields)


def test_a_need_comes_from_where_it_says():
    with pytest.raises(IntegrityError, match="consultations_need_comes_from_where_it_says"):
        make_need(source="forum", visit=make_visit())


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("consultations_idea_has_a_title", {"title": ""}),
        ("consultations_idea_ended_with_reason", {"ended_on": "2024-06-03"}),
        ("consultations_idea_ended_with_reason", {"ended_because": "money"}),
    ],
)
def test_an_idea_must_make_sense(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_idea(**fields)


def test_an_owner_is_an_organisation_or_a_name():
    with pytest.raises(IntegrityError, match="consultations_ideaowner_is_one_of_both"):
        make_idea().owners.create()

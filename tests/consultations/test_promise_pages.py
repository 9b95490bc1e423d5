"""Pages of promises: the list and its files, the form, one press to keep, the founder's own."""

import csv
import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role, User
from consultations.models import Promise
from tests.factories import (
    make_case,
    make_consultation,
    make_contact_rule,
    make_founder,
    make_organisation,
    make_person,
    make_project,
    make_promise,
    make_user,
)
from tests.routes.forms import forms_of

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("consultations:promises"), reverse("consultations:promise_new")
FILES = {
    ending: reverse("consultations:promises_export", args=[ending]) for ending in ("csv", "xlsx")
}


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def page_of(verb, promise):
    return reverse(f"consultations:promise_{verb}", args=[promise.pk])


def answers(**fields):
    return {
        "form_key": str(uuid.uuid4()),
        "promiser": "advisor",
        "what": "Satzung gegenlesen",
        "made_on": str(today()),
        "due_on": str(today(7)),
    } | fields


def whats(page):
    return [promise.what for promise in page.context["page"]]


# --- the list ---


def test_the_list_begins_with_ones_own_open_ones_and_is_filtered_in_the_address(sign_in):
    advisor = make_user()
    mine = {"advisor": advisor}
    late = make_promise(what="spät", due_on=today(-1), **mine)
    make_promise(what="irgendwann", **mine)
    make_promise(what="Gründerin", promiser="person", due_on=today(3), **mine)
    make_promise(what="getan", **mine).keep(by=advisor)
    make_promise(what="entfallen", **mine).drop(by=advisor, reason="Umzug")
    other = make_promise(what="fremd", due_on=today(1))
    client = sign_in(advisor)

    for question, expected in [
        ({}, ["spät", "Gründerin", "irgendwann"]),
        ({"whose": "team"}, ["spät", "fremd", "Gründerin", "irgendwann"]),
        ({"advisor": other.advisor.pk}, ["fremd"]),
        ({"state": "overdue"}, ["spät"]),
        ({"state": "without_date"}, ["irgendwann"]),
        ({"state": "kept"}, ["getan"]),
        ({"state": "dropped"}, ["entfallen"]),
        ({"promiser": "person"}, ["Gründerin"]),
        ({"until": str(today(2)), "whose": "team"}, ["spät", "fremd"]),
        ({"organisation": late.organisation.pk}, ["spät"]),
        ({"organisation": late.organisation.name, "whose": "team"}, ["spät"]),
        ({"until": "gestern"}, []),
        ({"state": "Kaffee"}, []),
    ]:
        assert whats(client.get(LIST, question)) == expected, question
    assert len(whats(client.get(LIST, {"state": "all"}))) == 5


def test_next_steps_of_consultations_stand_beside_them_until_the_next_one(sign_in):
    advisor = make_user()
    project = make_project(team=[advisor], ends_on=today(30))
    organisation, client = make_organisation(), sign_in(advisor)

    def steps(**question):
        return [row.next_step for row in client.get(LIST, question).context["steps"]]

    def log(step, day, **fields):
        return make_consultation(
            [advisor],
            project=project,
            held_on=today(day),
            next_step=step,
            next_step_on=today(day + 5),
            **{"organisation": organisation} | fields,
        )

    log("überholt", -20)
    log("fällig", -9)
    log("später", -1, organisation=make_organisation())
    log("aufgegeben", -9, organisation=make_organisation(stage="given_up"))
    log("zurückgenommen", -2).withdraw(by=advisor)
    make_consultation(project=project, next_step="fremd", held_on=today(-1))
    make_consultation([advisor], next_step="vorbei", held_on=today(-1))

    assert steps() == ["fällig", "später"]
    assert steps(state="overdue") == ["fällig"]
    assert steps(until=str(today(-4))) == ["fällig"]
    assert steps(organisation=organisation.pk) == ["fällig"]
    assert set(steps(whose="team")) == {"fällig", "später", "fremd"}
    assert steps(state="kept") == steps(promiser="person") == steps(until="gestern") == []


def test_the_manager_sees_what_is_open_late_and_quiet_with_whom(sign_in, make_quiet):
    busy, idle, former = make_user(), make_user(), make_user()
    make_promise(advisor=busy, due_on=today(-1))
    make_promise(advisor=busy)
    make_promise(advisor=former)
    User.objects.filter(pk=former.pk).update(is_active=False)
    make_quiet(advisor=busy)

    page = sign_in(make_user(Role.MANAGER)).get(LIST)

    lines = [(row.advisor, row.open, row.overdue, row.quiet) for row in page.context["team"]]
    assert lines == [(busy, 2, 1, 1), (former, 1, 0, 0)]
    assert idle.name not in [row.advisor.name for row in page.context["team"]]
    assert page.context["number"] == 3


@pytest.fixture
def make_quiet():
    make_contact_rule(stage="idea", days=30)
    return make_case


def test_the_files_hold_what_the_page_shows(sign_in):
    advisor = make_user(name="Maria Muster", language="de")
    organisation = make_organisation(name="Musterladen")
    make_promise(advisor=advisor, what="=1+1", organisation=organisation, due_on=today(1))
    make_promise(advisor=advisor, what="getan").keep(by=advisor)
    client = sign_in(advisor)

    written = b"".join(client.get(FILES["csv"]).streaming_content)
    [headings, line] = csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=";")
    assert line[:3] == [f"{today(1):%d.%m.%Y}", "'=1+1", "Musterladen"]
    assert line[4:7] == ["Maria Muster", "Musterladen", "Maria Muster"]
    assert len(headings) == len(line)

    asked = client.get(FILES["xlsx"], {"state": "all"})
    sheet = openpyxl.load_workbook(io.BytesIO(asked.getvalue())).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["=1+1", "getan"]
    assert client.get(FILES["csv"], {"until": "gestern"}).status_code == 302


def test_a_longer_list_costs_no_more_queries(sign_in, count_queries):
    advisor = make_user()
    client = sign_in(advisor)

    def fill():
        person = make_person()
        make_promise(advisor=advisor, promiser="person", person=person).keep(by=advisor)
        make_promise(advisor=advisor, person=person, due_on=today())

    fill()
    few = count_queries(client.get, LIST, {"state": "all"})
    for _each in range(3):
        fill()

    assert count_queries(client.get, LIST, {"state": "all"}) == few


# --- the form ---


def test_a_promise_of_a_file_takes_two_answers(sign_in):
    advisor, organisation = make_user(), make_organisation()
    founder = make_founder(organisation)
    client, address = sign_in(advisor), f"{NEW}?organisation={organisation.pk}"
    [form] = forms_of(client.get(address).text)

    answer = client.post(address, form | {"what": "Satzung lesen", "due_on": str(today(3))})

    promise = Promise.objects.get()
    assert answer.headers["Location"] == promise.get_absolute_url()
    assert (promise.organisation, promise.advisor) == (organisation, advisor)
    assert (promise.what, promise.due_on, promise.made_on) == ("Satzung lesen", today(3), today())
    asked = answers(promiser="person", person=founder.person.pk, due_on="")
    assert client.post(address, asked).status_code == 302
    assert Promise.objects.get(promiser="person").from_whom == founder.name


def test_a_promise_of_a_consultation_belongs_to_it_and_to_its_case(sign_in):
    advisor, case = make_user(), make_case()
    consultation = make_consultation(
        [advisor], organisation=case.organisation, project=case.project, case=case
    )
    client, address = sign_in(advisor), f"{NEW}?consultation={consultation.pk}"
    [form] = forms_of(client.get(address).text)

    answer = client.post(address, form | {"what": "Satzung lesen"})

    promise = Promise.objects.get()
    assert answer.headers["Location"] == consultation.get_absolute_url()
    assert (promise.consultation, promise.case) == (consultation, case)
    assert promise.made_on == consultation.held_on
    assert "Satzung lesen" in client.get(consultation.get_absolute_url()).text


def test_without_a_file_the_organisation_is_looked_for(sign_in):
    organisation = make_organisation(name="Musterladen")
    client = sign_in(make_user())

    assert client.post(NEW, answers(organisation="Musterladen")).status_code == 302
    assert Promise.objects.get().organisation == organisation


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": " "},
        {"what": "x" * 301},
        {"promiser": "owl"},
        {"promiser": "person"},
        {"due_on": "gestern"},
        {"due_on": "2001-01-01"},
        {"made_on": "2099-01-01", "due_on": ""},
        {"advisor": "0"},
        {"form_key": "nichts"},
        {"person": "0"},
    ],
)
def test_a_slip_is_said_and_nothing_typed_is_lost(sign_in, wrong):
    organisation = make_organisation()
    client = sign_in(make_user())

    page = client.post(f"{NEW}?organisation={organisation.pk}", answers() | wrong)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert "Satzung gegenlesen" in page.text or "what" in wrong
    assert not Promise.objects.exists()


def test_the_same_form_sent_twice_is_one_promise(sign_in):
    organisation = make_organisation()
    client, asked = sign_in(make_user()), answers()

    for _each in range(2):
        assert client.post(f"{NEW}?organisation={organisation.pk}", asked).status_code == 302

    assert Promise.objects.count() == 1


@pytest.mark.parametrize("question", ["organisation=0", "consultation=0"])
def test_what_is_not_there_has_no_form(sign_in, question):
    assert sign_in(make_user()).get(f"{NEW}?{question}").status_code == 404


def test_nonsense_in_the_address_is_left_out(sign_in):
    assert sign_in(make_user()).get(f"{NEW}?organisation=x&consultation=²").status_code == 200


# --- what becomes of it ---


def test_one_press_keeps_a_promise_and_the_next_page_offers_to_undo_it(sign_in):
    advisor = make_user()
    promise = make_promise(advisor=advisor, due_on=today())
    client = sign_in(advisor)

    page = client.post(page_of("keep", promise), {"next": "/"}, follow=True)

    assert page.redirect_chain == [("/", 302)]
    assert page_of("reopen", promise) in page.text
    assert not Promise.objects.open().exists()
    page = client.post(page_of("reopen", promise), {"next": "/"}, follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert Promise.objects.open().exists()


def test_a_press_leads_to_no_other_site(sign_in):
    advisor = make_user()
    promise = make_promise(advisor=advisor)

    answer = sign_in(advisor).post(page_of("keep", promise), {"next": "//feind.invalid/"})

    assert answer.headers["Location"] == LIST


def test_pressing_twice_is_said_and_changes_nothing(sign_in):
    advisor = make_user(language="en")
    promise = make_promise(advisor=advisor)
    client = sign_in(advisor)
    client.post(page_of("keep", promise))
    kept_at = Promise.objects.get().kept_at

    page = client.post(page_of("keep", promise), follow=True)

    assert "Someone changed this promise" in page.text
    assert Promise.objects.get().kept_at == kept_at


def test_postponing_asks_for_the_day_and_the_reason_and_the_page_shows_both(sign_in):
    advisor = make_user()
    promise = make_promise(advisor=advisor, due_on=today(1))
    client, address = sign_in(advisor), page_of("postpone", promise)

    for wrong in [{"due_on": ""}, {"reason": " "}, {"due_on": str(today(-1))}]:
        page = client.post(address, {"due_on": str(today(5)), "reason": "Urlaub"} | wrong)
        assert page.context["form"].errors
    answer = client.post(address, {"due_on": str(today(5)), "reason": "Urlaub"}, follow=True)

    assert "Urlaub" in answer.text
    assert f"{today(1):%d.%m.%Y}" in answer.text
    assert f"{today(5):%d.%m.%Y}" in answer.text


def test_of_two_windows_that_postpone_the_second_sees_the_first(sign_in):
    advisor = make_user()
    promise = make_promise(advisor=advisor, due_on=today(1))
    client, address = sign_in(advisor), page_of("postpone", promise)
    [opened] = forms_of(client.get(address).text)
    promise.postpone(today(3), reason="Krank", by=make_user(name="Bea Muster"))

    page = client.post(address, opened | {"due_on": str(today(8)), "reason": "Urlaub"})

    assert page.context["form"].conflict
    assert "Bea Muster" in page.text
    assert "Urlaub" in page.text
    promise.refresh_from_db()
    assert promise.due_on == today(3)


def test_dropping_asks_for_the_reason(sign_in):
    advisor = make_user()
    promise = make_promise(advisor=advisor)
    client, address = sign_in(advisor), page_of("drop", promise)

    assert client.post(address, {"reason": " "}).context["form"].errors
    assert "Zieht weg" in client.post(address, {"reason": "Zieht weg"}, follow=True).text
    assert client.get(address).status_code == 200


def test_a_colleagues_promise_is_read_only(sign_in):
    promise = make_promise()
    client = sign_in(make_user())

    page = client.get(promise.get_absolute_url())

    assert page.status_code == 200
    assert page_of("keep", promise) not in page.text
    for verb in ("keep", "reopen", "postpone", "drop"):
        assert client.post(page_of(verb, promise)).status_code == 403


# --- the founder ---


def test_a_founder_sees_both_sides_and_marks_the_own_as_done(sign_in):
    organisation = make_organisation()
    founder = make_founder(organisation)
    shared = {"organisation": organisation}
    mine = make_promise(promiser="person", person=founder.person, what="Zahlen", **shared)
    ours = make_promise(what="Satzung", **shared)
    make_promise(what="Vertraulich", person=make_person(), **shared)
    dropped = make_promise(what="Raum", **shared)
    dropped.drop(by=dropped.advisor, reason="Vermietet")
    client = sign_in(founder)

    for page in (client.get(LIST), client.get("/")):
        assert "Zahlen" in page.text
        assert "Satzung" in page.text
        assert "Vertraulich" not in page.text
        assert page_of("keep", mine) in page.text
        assert page_of("keep", ours) not in page.text
    assert "Vermietet" in client.get(LIST).text

    client.post(page_of("keep", mine))

    mine.refresh_from_db()
    assert mine.kept_by == founder
    assert founder.name in sign_in(mine.advisor).get(mine.get_absolute_url()).text


def test_the_case_file_shows_open_promises_and_tells_the_settled_ones(sign_in):
    organisation = make_organisation()
    founder, advisor = make_founder(organisation), make_user(language="en")
    shared = {"organisation": organisation, "advisor": advisor}
    mine = make_promise(promiser="person", person=founder.person, what="Zahlen", **shared)
    ours = make_promise(what="Satzung", **shared)
    make_promise(what="Vertraulich", person=make_person(), **shared)
    dropped = make_promise(what="Raum", **shared)
    dropped.drop(by=advisor, reason="Vermietet")
    address = f"{organisation.get_absolute_url()}?kind=promise"

    page = sign_in(advisor).get(address).text
    assert all(word in page for word in ("Zahlen", "Satzung", "Vertraulich", "Vermietet"))
    assert page_of("keep", ours) in page
    assert f"{NEW}?organisation={organisation.pk}" in page
    page = sign_in(founder).get(address).text
    assert all(word in page for word in ("Zahlen", "Satzung", "Vermietet"))
    assert "Vertraulich" not in page
    assert page_of("keep", mine) in page
    assert page_of("keep", ours) not in page


def test_a_founder_marks_nothing_else(sign_in):
    organisation = make_organisation()
    founder = make_founder(organisation)
    ours, foreign = make_promise(organisation=organisation), make_promise()
    client = sign_in(founder)

    assert client.post(page_of("keep", ours)).status_code == 403
    assert client.post(page_of("keep", foreign)).status_code == 404
    assert client.get(ours.get_absolute_url()).status_code == 403
    assert client.get(NEW).status_code == 403
    assert client.get(FILES["csv"]).status_code == 403
    assert Promise.objects.open().count() == 2

"""Tests of reported barriers: the form, the letter, the deadline, the answer; and small numbers."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from best_portal.pages.models import Barrier, SmallCellRule
from tests.factories import make_barrier, make_small_cell_rule, make_user

pytestmark = pytest.mark.django_db
FORM = "/barrierefreiheit/melden/"


@pytest.fixture(autouse=True)
def nobody_has_asked_yet():
    cache.clear()


def typed(**fields):
    return {"form_key": uuid.uuid4(), "text": "Der Knopf ist stumm.", **fields}


def test_a_barrier_becomes_a_letter_to_the_agency_and_a_deadline(client, settings):
    settings.AGENCY = settings.AGENCY | {"email": "post@beispiel.example"}
    settings.BARRIER_ANSWER_DAYS = 30

    response = client.post(FORM, typed(place="/termine/"))

    barrier = Barrier.objects.get()
    assert response.status_code == 302
    assert barrier.due_on == timezone.localdate() + timedelta(days=30)
    letter = Letter.objects.get()
    assert letter.recipient == "post@beispiel.example"
    assert f"{barrier.due_on:%d.%m.%Y}" in letter.subject
    assert "Der Knopf ist stumm." in letter.text


def test_without_an_address_of_the_agency_every_manager_is_told(client, settings):
    settings.AGENCY = settings.AGENCY | {"email": ""}
    managers = {make_user(Role.MANAGER).email, make_user(Role.MANAGER).email}

    client.post(FORM, typed())

    assert set(Letter.objects.values_list("recipient", flat=True)) == managers


def test_the_same_form_is_one_report(client):
    form = typed()

    client.post(FORM, form)
    client.post(FORM, form)

    assert Barrier.objects.count() == 1


def test_robots_are_thanked_and_forgotten(client):
    assert client.post(FORM, typed(fax="1")).status_code == 302
    assert not Barrier.objects.exists()


def test_too_many_at_once_are_told_to_come_back_and_lose_nothing(client):
    for _time in range(10):
        client.post(FORM, typed())

    response = client.post(FORM, typed(text="Der elfte Bericht"))

    assert "Der elfte Bericht" in response.content.decode()
    assert Barrier.objects.count() == 10


def test_the_form_says_until_when_it_is_answered(client, settings):
    day = timezone.localdate() + timedelta(days=settings.BARRIER_ANSWER_DAYS)

    assert f"{day:%d.%m.%Y}" in client.get(FORM).content.decode()


def test_who_left_an_address_gets_the_answer_in_their_language(english):
    barrier = make_barrier(email="a@beispiel.example", name="Muster", language="en")

    barrier.reply("It has a name now.", by=make_user(Role.MANAGER))

    letter = Letter.objects.get()
    assert letter.recipient == "a@beispiel.example"
    assert "Good day" in letter.text
    assert "It has a name now." in letter.text


def test_without_an_address_nobody_is_written_to():
    make_barrier().reply("Behoben.", by=make_user(Role.MANAGER))

    assert not Letter.objects.exists()


def test_a_barrier_is_answered_once():
    barrier, manager = make_barrier(), make_user(Role.MANAGER)
    barrier.reply("Behoben.", by=manager)

    with pytest.raises(ValidationError):
        barrier.reply("Nochmals.", by=manager)


def test_the_manager_sees_what_is_late_and_answers(sign_in):
    manager = make_user(Role.MANAGER)
    barrier = make_barrier(due_on=timezone.localdate() - timedelta(days=1))
    page = sign_in(manager)

    assert "zu spät" in page.get("/seiten/barrieren/").content.decode()
    page.post(f"/seiten/barrieren/{barrier.pk}/", {"words": "Behoben."})

    barrier.refresh_from_db()
    assert (barrier.answer, barrier.answered_by) == ("Behoben.", manager)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(sign_in, count_queries, number):
    for _time in range(number):
        make_barrier()

    page = sign_in(make_user(Role.MANAGER))

    assert count_queries(page.get, "/seiten/barrieren/") <= 8


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FUNDER, Role.FOUNDER, Role.EVALUATOR])
def test_only_the_management_reads_them(sign_in, role):
    page = sign_in(make_user(role))

    assert page.get("/seiten/barrieren/").status_code == 403
    assert page.get(f"/seiten/barrieren/{make_barrier().pk}/").status_code == 403


def test_a_barrier_says_something():
    with pytest.raises(IntegrityError, match="pages_barrier_says_something"):
        make_barrier(text="")


def test_an_answer_has_somebody_who_gave_it():
    with pytest.raises(IntegrityError, match="pages_barrier_answered_by_somebody"):
        make_barrier(answer="Behoben.", answered_at=timezone.now())


# --- rules for small numbers ---


def test_the_newest_rule_that_has_begun_holds():
    SmallCellRule.objects.all().delete()
    today = timezone.localdate()
    assert SmallCellRule.objects.fewest() == 1
    make_small_cell_rule(starts_on=today - timedelta(days=9), fewest=3)
    make_small_cell_rule(starts_on=today, fewest=7)
    make_small_cell_rule(starts_on=today + timedelta(days=1), fewest=9)

    assert SmallCellRule.objects.fewest() == 7


def test_the_manager_sets_the_next_rule(sign_in):
    typed = {"fewest": 6, "starts_on": "2026-05-01", "note": "Beschluss des Vorstands"}

    sign_in(make_user(Role.MANAGER)).post("/seiten/", typed)

    assert SmallCellRule.objects.filter(fewest=6, note="Beschluss des Vorstands").exists()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("pages_smallcellrule_is_plausible", {"fewest": 0}),
        ("pages_smallcellrule_has_a_reason", {"note": ""}),
    ],
)
def test_a_rule_must_make_sense(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_small_cell_rule(**fields)


def test_there_is_one_rule_per_day():
    make_small_cell_rule()

    with pytest.raises(IntegrityError, match="pages_smallcellrule_one_per_day"):
        make_small_cell_rule()

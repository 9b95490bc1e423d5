"""The own day: what is due, who is met today, what is quiet, what was handed over."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from tests.factories import (
    BERLIN,
    make_appointment,
    make_case,
    make_consultation,
    make_contact_rule,
    make_organisation,
    make_project,
    make_promise,
    make_user,
)

pytestmark = pytest.mark.django_db

HOME = reverse("home")


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def noon(days=0):
    return datetime.combine(today(days), time(12), BERLIN)


@pytest.fixture
def advisor():
    return make_user(language="en")


def step(advisor, what, days):
    project = make_project(team=[advisor], ends_on=today(30))
    return make_consultation(
        [advisor],
        project=project,
        held_on=today(-20),
        next_step=what,
        next_step_on=today(days),
    )


def test_promises_and_next_steps_due_stand_together_the_longest_overdue_first(sign_in, advisor):
    make_promise(advisor=advisor, what="heute", due_on=today())
    make_promise(advisor=advisor, what="gestern", due_on=today(-1), promiser="person")
    step(advisor, "Schritt", -4)
    make_promise(advisor=advisor, what="bald", due_on=today(7))
    make_promise(advisor=advisor, what="noch nicht", due_on=today(8))
    make_promise(advisor=advisor, what="ohne Termin")
    make_promise(what="fremd", due_on=today())
    step(make_user(), "fremder Schritt", -4)

    page = sign_in(advisor).get(HOME)

    assert [(row.what, row.days_late) for row in page.context["due"]] == [
        ("Schritt", 4),
        ("gestern", 1),
        ("heute", 0),
        ("bald", -7),
    ]
    assert page.context["dateless"] == 1
    assert "overdue by 4 days" in page.text
    assert "overdue by a day" in page.text


def test_todays_appointments_stand_apart_from_the_next_ones(sign_in, advisor):
    mine = {"advisor": advisor}
    this = make_appointment(starts_at=noon(), **mine)
    tomorrow = make_appointment(starts_at=noon(1), **mine)
    make_appointment(
        starts_at=noon() + timedelta(hours=2),
        status="cancelled",
        cancelled_at=timezone.now(),
        **mine,
    )
    make_appointment(starts_at=noon(-1), **mine)
    make_appointment(starts_at=noon())

    page = sign_in(advisor).get(HOME)

    assert list(page.context["today"]) == [this]
    assert list(page.context["appointments"]) == [tomorrow]


def test_the_own_quiet_cases_and_what_colleagues_handed_over_are_there(sign_in, advisor):
    make_contact_rule(stage="idea", days=30)
    mine = make_case(advisor=advisor, organisation=make_organisation(name="Stiller Laden"))
    make_case(organisation=make_organisation(name="Fremder Laden"))
    promise = make_promise(advisor=make_user(name="Bea Muster"), what="Vertrag lesen")
    promise.pass_on(to=advisor, by=make_user(Role.MANAGER))

    page = sign_in(advisor).get(HOME)

    assert list(page.context["quiet"]) == [mine]
    assert "Stiller Laden" in page.text
    assert "Fremder Laden" not in page.text
    assert "Vertrag lesen" in page.text
    assert "handed over by Bea Muster" in page.text


def test_the_manager_is_led_to_what_is_overdue_and_quiet(sign_in):
    make_contact_rule(stage="idea", days=30)
    make_case()
    make_promise(due_on=today(-1))
    make_promise(due_on=today())

    page = sign_in(make_user(Role.MANAGER)).get(HOME)

    assert (page.context["overdue"], page.context["quiet"]) == (1, 1)
    assert f"{reverse('consultations:promises')}?state=overdue" in page.text
    assert reverse("consultations:quiet_cases") in page.text


def test_a_fuller_day_costs_no_more_queries(sign_in, advisor, count_queries):
    make_contact_rule(stage="idea", days=30)

    def fill(number):
        make_promise(advisor=advisor, due_on=today(), promiser="person")
        make_promise(advisor=make_user()).pass_on(to=advisor, by=advisor)
        make_case(advisor=advisor)
        step(advisor, "Schritt", -number)
        make_appointment(advisor=advisor, starts_at=noon() + number * timedelta(hours=1))

    client = sign_in(advisor)
    fill(1)
    few = count_queries(client.get, HOME)
    for number in (2, 3, 4):
        fill(number)

    assert count_queries(client.get, HOME) == few

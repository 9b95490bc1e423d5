"""The first page tells each role what waits for them, and nothing of others."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import DeclinedRequest
from tests.factories import (
    make_appointment,
    make_consultation,
    make_document,
    make_founder,
    make_grant,
    make_organisation,
    make_person,
    make_project,
    make_user,
    make_waiting_entry,
)

pytestmark = pytest.mark.django_db

HOME = reverse("home")


def soon(days=3):
    return timezone.now() + timedelta(days=days)


def todays_project(**fields):
    today = timezone.localdate()
    return make_project(
        starts_on=today - timedelta(days=400), ends_on=today + timedelta(days=400), **fields
    )


def test_an_advisor_sees_who_comes_next_and_what_is_still_to_be_logged(sign_in):
    advisor = make_user(Role.ADVISOR, language="en")
    make_appointment(advisor=advisor, starts_at=soon(), person=make_person(name="Ada Beispiel"))
    make_appointment(advisor=advisor, starts_at=soon(-3))
    make_appointment(starts_at=soon(), person=make_person(name="Fremd Muster"))

    page = sign_in(advisor).get(HOME)

    assert "Ada Beispiel" in page.text
    assert "Fremd Muster" not in page.text
    assert page.context["unlogged"] == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "past appointment without a consultation"),
        (2, "past appointments without a consultation"),
    ],
)
def test_the_manager_reads_how_many_are_still_to_be_logged(sign_in, number, words):
    for _each in range(number):
        make_appointment(starts_at=soon(-3))

    page = sign_in(make_user(Role.MANAGER, language="en")).get(HOME)

    assert f">{words}<" in page.text


def test_the_manager_reads_who_asked_and_was_not_advised(sign_in):
    first = timezone.localdate().replace(day=1)
    make_waiting_entry()
    make_waiting_entry(status="stopped", ended_at=timezone.now())
    for on in (first, timezone.localdate(), first - timedelta(days=1)):
        DeclinedRequest.objects.note(by=None, place="Potsdam", on=on)

    page = sign_in(make_user(Role.MANAGER, language="en")).get(HOME)

    assert (page.context["waiting"], page.context["declined"]) == (1, 2)
    assert f'href="{reverse("consultations:capacity")}">3</a>' in page.text


def test_an_advisor_sees_the_own_month_and_last_consultations(sign_in):
    advisor = make_user(Role.ADVISOR)
    project = todays_project(team=[advisor])
    today = timezone.localdate()
    own = make_consultation(advisors=[advisor], project=project, held_on=today, minutes=45)
    make_consultation(project=project, held_on=today, minutes=600)
    make_consultation(
        advisors=[advisor], project=project, held_on=today.replace(day=1) - timedelta(days=1)
    )

    page = sign_in(advisor).get(HOME)

    assert page.context["month"] == {"count": 1, "minutes": 45}
    assert own in list(page.context["consultations"])


def test_a_new_advisor_is_told_how_to_begin(sign_in):
    page = sign_in(make_user(Role.ADVISOR, language="en")).get(HOME)

    assert "Nothing logged yet" in page.text
    assert reverse("consultations:import") in page.text


def test_the_manager_sees_deadlines_of_the_next_months_only(sign_in):
    grant = make_grant()
    today = timezone.localdate()
    for title, days in (("Bald fällig", 30), ("Längst vorbei", -1), ("Weit weg", 200)):
        grant.deadlines.create(title=title, due_on=today + timedelta(days=days))

    page = sign_in(make_user(Role.MANAGER)).get(HOME)

    assert "Bald fällig" in page.text
    assert "Längst vorbei" not in page.text
    assert "Weit weg" not in page.text


def test_a_founder_sees_the_own_appointments(sign_in):
    founder = make_founder(make_organisation())
    make_appointment(person=founder.person, starts_at=soon(), advisor=make_user(name="Bea Muster"))
    make_appointment(starts_at=soon(), advisor=make_user(name="Fremde Beratung"))

    page = sign_in(founder).get(HOME)

    assert "Bea Muster" in page.text
    assert "Fremde Beratung" not in page.text


def test_a_founder_sees_the_papers_marked_for_founders_and_where_to_add_some(sign_in):
    organisation = make_organisation()
    make_document(organisation, title="Satzung", is_shared=True)
    make_document(organisation, title="Interne Prüfung")
    make_document(title="Fremder Plan", is_shared=True)

    page = sign_in(make_founder(organisation)).get(HOME)

    assert "Satzung" in page.text
    assert "Interne Prüfung" not in page.text
    assert "Fremder Plan" not in page.text
    assert reverse("enterprises:document_new", args=[organisation.pk]) in page.text


def test_an_evaluator_sees_the_projects_evaluated(sign_in):
    evaluator = make_user(Role.EVALUATOR)
    make_project(name="Eigenes", evaluators=[evaluator])
    make_project(name="Fremdes")

    page = sign_in(evaluator).get(HOME)

    assert "Eigenes" in page.text
    assert "Fremdes" not in page.text


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_first_page_also_with_nothing_on_it(sign_in, role):
    assert sign_in(make_user(role)).get(HOME).status_code == 200


def test_the_first_page_costs_the_same_however_full(sign_in, count_queries):
    advisor = make_user(Role.ADVISOR)
    project = todays_project(team=[advisor])

    def fill(day):
        make_appointment(advisor=advisor, project=project, starts_at=soon(day))
        make_consultation(advisors=[advisor], project=project, held_on=timezone.localdate())

    fill(1)
    page = sign_in(advisor)
    before = count_queries(page.get, HOME)
    for day in (2, 3, 4):
        fill(day)

    assert count_queries(page.get, HOME) == before

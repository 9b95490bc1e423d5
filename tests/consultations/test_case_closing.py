"""A case is closed with its outcome, and its closing may be taken back."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from tests.factories import make_case, make_consultation, make_project, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TO_COME = "day to come|der noch kommt"
TOO_EARLY = "before it was opened|nicht vor ihrem Beginn"
LAST = "last consultation|letzte Beratung"


@pytest.fixture
def case():
    advisor = make_user()
    return make_case(project=make_project(team=[advisor]), advisor=advisor)


def page_of(case, name="close"):
    return reverse(f"consultations:case_{name}", args=[case.pk])


def closing(day, outcome="Gegründet als Genossenschaft"):
    return {"on": f"{day:%Y-%m-%d}", "outcome": outcome}


# --- the verbs ---


def test_a_case_closes_on_the_day_of_its_last_consultation_at_the_earliest(case):
    last = case.opened_on + 30 * DAY
    make_consultation(project=case.project, organisation=case.organisation, case=case, held_on=last)
    gone = make_consultation(
        project=case.project, organisation=case.organisation, case=case, held_on=last + DAY
    )
    gone.withdraw(by=make_user(Role.MANAGER))

    with pytest.raises(ValidationError, match=LAST) as caught:
        case.close(on=last - DAY, outcome="fertig", by=case.advisor)
    assert f"{last:%d.%m.%Y}" in caught.value.messages[0]
    case.close(on=last, outcome="fertig", by=case.advisor)

    case.refresh_from_db()
    assert (case.closed_on, case.outcome) == (last, "fertig")


def test_a_case_closes_neither_before_its_opening_nor_on_a_day_to_come(case):
    with pytest.raises(ValidationError, match=TOO_EARLY):
        case.close(on=case.opened_on - DAY, outcome="fertig", by=case.advisor)
    with pytest.raises(ValidationError, match=TO_COME):
        case.close(on=timezone.localdate() + DAY, outcome="fertig", by=case.advisor)
    case.close(on=timezone.localdate(), outcome="fertig", by=case.advisor)


def test_a_case_that_was_closed_runs_again_and_the_log_says_who_did_it(case):
    manager = make_user(Role.MANAGER)
    case.close(on=case.opened_on, outcome="fertig", by=case.advisor)
    case.reopen(by=manager)

    case.refresh_from_db()
    assert (case.closed_on, case.outcome) == (None, "fertig")
    event = Event.objects.about(case).get(verb="case.reopened")
    assert (event.actor, event.details) == (manager, {"before": case.opened_on.isoformat()})


def test_a_case_that_runs_is_not_reopened(case):
    with pytest.raises(ValidationError, match="running|läuft"):
        case.reopen(by=case.advisor)
    assert not Event.objects.about(case).filter(verb="case.reopened").exists()


def test_of_two_who_reopen_at_once_the_second_is_told(case):
    case.close(on=case.opened_on, outcome="fertig", by=case.advisor)
    stale = type(case).objects.get(pk=case.pk)
    case.reopen(by=case.advisor)

    with pytest.raises(ValidationError, match=r"meantime|inzwischen"):
        stale.reopen(by=case.advisor)


def test_a_case_is_not_reopened_beside_another_that_runs(case):
    case.close(on=case.opened_on, outcome="fertig", by=case.advisor)
    make_case(
        project=case.project,
        organisation=case.organisation,
        opened_on=case.opened_on + 40 * DAY,
    )

    with pytest.raises(ValidationError, match="running|läuft"):
        case.reopen(by=case.advisor)
    case.refresh_from_db()
    assert case.closed_on == case.opened_on


# --- the pages ---


def test_an_advisor_closes_a_case_from_the_file_and_takes_it_back(sign_in, case):
    client = sign_in(case.advisor)
    file = case.organisation.get_absolute_url()
    assert page_of(case) in client.get(file).text
    assert f'value="{timezone.localdate():%Y-%m-%d}"' in client.get(page_of(case)).text

    assert client.post(page_of(case), closing(case.opened_on)).url == file
    case.refresh_from_db()
    assert (case.closed_on, case.outcome) == (case.opened_on, "Gegründet als Genossenschaft")
    shown = client.get(file).text
    assert page_of(case, "reopen") in shown
    assert page_of(case) not in shown

    assert case.outcome in client.get(page_of(case, "reopen")).text
    assert client.post(page_of(case, "reopen")).url == file
    case.refresh_from_db()
    assert case.closed_on is None
    assert case.outcome in client.get(page_of(case)).text


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"on": "", "outcome": "fertig"}, "on", "Bitte füllen Sie dieses Feld aus"),
        ({"on": "2024-13-40", "outcome": "fertig"}, "on", "."),
        ({"on": "2023-12-31", "outcome": "fertig"}, "on", TOO_EARLY),
        ({"on": "9999-12-31", "outcome": "fertig"}, "on", TO_COME),
        ({"on": "2024-02-01", "outcome": "fertig"}, "on", LAST),
        ({"on": "2024-05-01", "outcome": "  "}, "outcome", "."),
        ({"on": "2024-05-01", "outcome": "x" * 301}, "outcome", "300"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(sign_in, case, sent, field, words):
    make_consultation(
        project=case.project,
        organisation=case.organisation,
        case=case,
        held_on=case.opened_on + 60 * DAY,
    )

    page = sign_in(case.advisor).post(page_of(case), sent)

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert re.search(words, str(page.context["form"].errors[field]))
    case.refresh_from_db()
    assert case.closed_on is None


def test_a_second_closing_is_refused_and_the_first_outcome_stays(sign_in, case):
    client = sign_in(case.advisor)
    client.post(page_of(case), closing(case.opened_on))

    again = client.post(page_of(case), closing(case.opened_on + DAY, "Anders"))

    assert again.context["form"].non_field_errors()
    assert page_of(case, "reopen") in again.text
    case.refresh_from_db()
    assert case.outcome == "Gegründet als Genossenschaft"


@pytest.mark.parametrize("name", ["close", "reopen"])
def test_whoever_may_not_change_the_case_does_not_close_it(sign_in, case, name):
    address = page_of(case, name)

    def answers(user):
        client = sign_in(user)
        sent = closing(case.opened_on) if name == "close" else {}
        return client.get(address).status_code, client.post(address, sent).status_code

    assert answers(make_user()) == (404, 404)
    for role in (Role.FOUNDER, Role.FUNDER, Role.EVALUATOR):
        assert answers(make_user(role)) == (403, 403)
    case.refresh_from_db()
    assert case.closed_on is None
    if name == "close":
        assert answers(make_user(Role.MANAGER)) == (200, 302)


def test_a_deleted_case_is_not_closed(sign_in, case):
    case.withdraw(by=case.advisor)
    assert sign_in(case.advisor).get(page_of(case)).status_code == 404

"""A case goes from one advisor to another, with what is still promised in it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from tests.factories import make_case, make_project, make_promise, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    former, successor = make_user(), make_user()
    case = make_case(project=make_project(team=[former, successor]), advisor=former)
    case.successor = successor
    return case


def promise_in(case, **fields):
    return make_promise(organisation=case.organisation, case=case, **fields)


def test_the_successor_gets_the_case_and_its_open_promises(case):
    former = case.advisor
    still_open = promise_in(case, advisor=former)
    kept = promise_in(case, advisor=former)
    kept.keep(by=former)
    case.hand_over(to=case.successor, by=former)
    for row in (case, still_open, kept):
        row.refresh_from_db()
    assert case.advisor == case.successor
    assert (still_open.advisor, still_open.taken_over_from) == (case.successor, former)
    assert kept.advisor == former
    [event] = Event.objects.about(case)
    assert (event.verb, event.details) == (
        "case.handed_over",
        {"before": former.pk, "to": case.successor.pk},
    )


def test_a_promise_a_colleague_gave_stays_with_the_colleague(case):
    colleague = make_user()
    promise = promise_in(case, advisor=colleague)
    case.hand_over(to=case.successor, by=case.advisor)
    promise.refresh_from_db()
    assert promise.advisor == colleague


def test_a_second_click_is_told_so_and_changes_nothing(case):
    by = case.advisor
    case.hand_over(to=case.successor, by=by)
    with pytest.raises(ValidationError, match=case.successor.name):
        case.hand_over(to=case.successor, by=by)
    assert Event.objects.about(case).count() == 1


@pytest.mark.parametrize("fields", [{}, {"role": Role.FOUNDER}, {"role": Role.FUNDER}])
def test_nobody_gets_a_case_they_could_not_work_on(case, fields):
    with pytest.raises(ValidationError, match=r"team|Team"):
        case.hand_over(to=make_user(**fields), by=case.advisor)


def test_nobody_gets_a_case_who_left(case):
    case.successor.is_active = False
    with pytest.raises(ValidationError, match=r"team|Team"):
        case.hand_over(to=case.successor, by=case.advisor)


def test_a_closed_case_stays_where_it_is(case):
    case.close(on=timezone.localdate(), outcome="Erreicht", by=case.advisor)
    with pytest.raises(ValidationError, match=r"meantime|inzwischen"):
        case.hand_over(to=case.successor, by=case.advisor)


def test_the_page_hands_it_over_and_offers_the_team_only(sign_in, case):
    stranger = make_user(name="Fremde Muster")
    client = sign_in(case.advisor)
    address = reverse("consultations:case_hand_over", args=[case.pk])
    page = client.get(address).content.decode()
    assert case.successor.name in page
    assert stranger.name not in page
    assert client.post(address, {"to": stranger.pk}).status_code == 200
    assert (
        client.post(address, {"to": case.successor.pk}).url == case.organisation.get_absolute_url()
    )
    case.refresh_from_db()
    assert case.advisor == case.successor
    assert client.post(address, {"to": case.successor.pk}).status_code == 200

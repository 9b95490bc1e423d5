"""Cases gone quiet: the rules by stage, what counts as contact, and the boundaries of days."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Attendance, ContactRule, SupportCase
from tests.factories import (
    BERLIN,
    make_appointment,
    make_case,
    make_consultation,
    make_contact_rule,
    make_founder,
    make_organisation,
    make_person,
    make_project,
    make_user,
    make_visit,
)

pytestmark = pytest.mark.django_db

LIST, RULES = reverse("consultations:quiet_cases"), reverse("consultations:contact_rules")
ON = date(2026, 6, 30)


def before(days):
    return ON - timedelta(days=days)


def at(days):
    return datetime.combine(before(days), time(9), BERLIN)


@pytest.fixture(autouse=True)
def rule():
    """An idea may be quiet for 30 days; no other stage has a rule."""
    ContactRule.objects.all().delete()
    return make_contact_rule(stage="idea", days=30)


def opened(days, **fields):
    """A case opened so many days before, of an organisation that is an idea."""
    return make_case(opened_on=before(days), **fields)


def quiet(on=ON):
    return list(SupportCase.objects.quiet(on))


# --- which are quiet ---


@pytest.mark.parametrize(("days", "expected"), [(29, False), (30, False), (31, True)])
def test_a_case_is_quiet_once_more_days_are_over_than_its_stage_allows(days, expected):
    case = opened(100)
    make_consultation(organisation=case.organisation, held_on=before(days))

    assert quiet() == ([case] if expected else [])


@pytest.mark.parametrize(("days", "expected"), [(30, False), (31, True)])
def test_without_any_contact_it_counts_from_the_opening(days, expected):
    case = opened(days)

    assert quiet() == ([case] if expected else [])


@pytest.mark.parametrize(("days", "expected"), [(0, False), (2, False), (3, True), (4, True)])
def test_nobody_is_nudged_before_the_third_day_after_the_opening(days, expected):
    case = opened(days)
    make_consultation(organisation=case.organisation, held_on=before(90))

    assert quiet() == ([case] if expected else [])


@pytest.mark.parametrize(
    ("status", "counts"),
    [("booked", True), ("took_place", True), ("no_show", False), ("cancelled", False)],
)
def test_an_appointment_is_contact_unless_it_was_cancelled_or_missed(status, counts):
    case = opened(100)
    fields = {"cancelled_at": timezone.now()} if status == "cancelled" else {}
    make_appointment(organisation=case.organisation, starts_at=at(5), status=status, **fields)

    assert quiet() == ([] if counts else [case])


def test_whoever_has_an_appointment_ahead_is_not_quiet():
    case = opened(100)
    make_appointment(organisation=case.organisation, starts_at=at(-20))

    assert quiet() == []


def test_a_group_session_attended_is_contact():
    case = opened(100)
    session = make_consultation(organisation=None, kind="training", held_on=before(5))
    Attendance.objects.create(
        consultation=session, person=make_person(), organisation=case.organisation
    )

    assert quiet() == []


def test_a_visit_is_contact_until_it_is_withdrawn():
    case = opened(100)
    visit = make_visit(organisation=case.organisation, visited_on=before(5))

    assert quiet() == []
    visit.withdraw(by=make_user())
    assert quiet() == [case]


def test_a_withdrawn_consultation_is_no_contact():
    case = opened(100)
    make_consultation(organisation=case.organisation, held_on=before(5)).withdraw(by=make_user())

    assert quiet() == [case]


def test_closed_cases_and_stages_without_a_rule_are_never_quiet():
    opened(100, closed_on=before(50), outcome="Fertig")
    opened(100, organisation=make_organisation(stage="founding"))
    opened(100, organisation=make_organisation(stage="given_up"))

    assert quiet() == []


def test_another_organisations_contact_counts_for_that_one_only():
    case = opened(100)
    make_consultation(held_on=before(1))

    assert quiet() == [case]


def test_a_case_says_since_when_it_is_quiet():
    case = opened(100)
    make_consultation(organisation=case.organisation, held_on=before(41))
    make_consultation(organisation=case.organisation, held_on=before(40))

    [found] = quiet()

    assert (found.met_on, found.silent_for, found.allowed_days) == (before(40), 40, 30)


def test_the_rule_of_that_day_counts():
    case = opened(25)
    ContactRule.objects.settle(by=make_user(), stage="idea", days=20, starts_on=before(1))

    assert quiet(before(2)) == []
    assert quiet() == [case]


def test_many_cases_cost_one_question(django_assert_num_queries):
    for _each in range(5):
        make_consultation(organisation=opened(100).organisation, held_on=before(40))

    with django_assert_num_queries(1):
        assert len(list(SupportCase.objects.quiet(ON).for_list().longest_first())) == 5


# --- the rules ---


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"stage": "given_up"}, "consultations_contactrule_stage_is_known"),
        ({"days": 0}, "consultations_contactrule_days_are_plausible"),
        ({"days": 3651}, "consultations_contactrule_days_are_plausible"),
        ({"ends_on": date(1999, 1, 1)}, "consultations_contactrule_ends_after_start"),
    ],
)
def test_a_rule_is_possible(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_contact_rule(**{"stage": "concept"} | fields)


def test_a_stage_has_one_rule_at_a_time(rule):
    with pytest.raises(IntegrityError, match="consultations_contactrule_one_at_a_time"):
        ContactRule.objects.create(stage="idea", days=5, starts_on=date(2026, 1, 1))


def test_a_new_rule_ends_the_one_before(rule):
    manager = make_user(Role.MANAGER)

    new = ContactRule.objects.settle(
        by=manager, stage="idea", days=14, starts_on=ON, note=" Eigene Praxis "
    )

    rule.refresh_from_db()
    assert (rule.days, rule.ends_on) == (30, before(1))
    assert (new.days, new.note, new.set_by) == (14, "Eigene Praxis", manager)
    assert Event.objects.about(new).get().verb == "contact_rule.settled"
    assert [each.days for each in ContactRule.objects.valid_on(before(1))] == [30]
    assert [each.days for each in ContactRule.objects.valid_on(ON)] == [14]


def test_a_rule_of_the_same_first_day_is_corrected(rule):
    ContactRule.objects.settle(by=make_user(), stage="idea", days=9, starts_on=rule.starts_on)

    assert ContactRule.objects.get().days == 9


@pytest.mark.usefixtures("english")
def test_a_rule_before_a_later_one_is_refused_in_words(rule):
    with pytest.raises(ValidationError, match="later rule"):
        ContactRule.objects.settle(by=make_user(), stage="idea", days=9, starts_on=date(1990, 1, 1))


# --- the pages ---


def names(page):
    return {case.organisation.name for case in page.context["page"]}


def test_an_advisor_begins_with_the_own_cases_and_may_look_at_the_teams(sign_in):
    advisor = make_user()
    own = make_case(advisor=advisor)
    other = make_case()
    client = sign_in(advisor)

    assert names(client.get(LIST)) == {own.organisation.name}
    assert names(client.get(LIST, {"whose": "team"})) == {
        own.organisation.name,
        other.organisation.name,
    }
    assert names(client.get(LIST, {"advisor": other.advisor.pk})) == {other.organisation.name}
    assert names(client.get(LIST, {"advisor": "Kaffee"})) == set()


def test_the_manager_sees_the_teams_and_changes_the_rules(sign_in):
    case, manager = make_case(), make_user(Role.MANAGER)
    client = sign_in(manager)

    assert names(client.get(LIST)) == {case.organisation.name}
    asked = {"stage": "concept", "days": "10", "starts_on": "2026-01-01", "note": "Teamsitzung"}
    assert client.post(RULES, asked).status_code == 302
    assert ContactRule.objects.get(stage="concept").days == 10


@pytest.mark.parametrize("wrong", [{"days": "0"}, {"starts_on": "gestern"}, {"stage": "given_up"}])
def test_a_slip_is_said_and_the_rest_stays(sign_in, wrong):
    asked = {"stage": "idea", "days": "10", "starts_on": "2026-01-01", "note": "Teamsitzung"}

    page = sign_in(make_user(Role.MANAGER)).post(RULES, asked | wrong)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert "Teamsitzung" in page.text


def test_the_pages_are_the_staffs_and_the_rules_the_managers(sign_in):
    advisor = make_user()
    assert sign_in(advisor).get(RULES).status_code == 403
    for stranger in (make_founder(), make_user(Role.FUNDER), make_user(Role.EVALUATOR)):
        assert sign_in(stranger).get(LIST).status_code == 403
        assert not ContactRule.objects.visible_to(stranger).exists()


def test_a_longer_list_costs_no_more_queries(sign_in, count_queries):
    advisor, project = make_user(), make_project()
    client = sign_in(advisor)
    make_case(advisor=advisor, project=project)
    few = count_queries(client.get, LIST)
    for _each in range(3):
        make_case(advisor=advisor, project=project)

    assert count_queries(client.get, LIST) == few

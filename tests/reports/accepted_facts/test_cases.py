"""Results count a year after a case was closed: its forms ask before an accepted one changes."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import escape

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import SupportCase
from reports.models import Acceptance
from tests.factories import (
    YEAR,
    make_case,
    make_consultation,
    make_enterprise,
    make_grant,
    make_indicator,
    make_officer,
    make_project,
    make_report,
    make_submitted,
    make_target,
    make_user,
)
from tests.reports.acceptance import DAY, FIRST, MID, accept
from tests.reports.accepted_facts.asking import AGREED, is_asked
from tests.reports.eu import count, make_confirmed_job, make_scope

pytestmark = pytest.mark.django_db

BACK = date(YEAR - 1, 6, 30)


@pytest.fixture
def grant():
    """One of two years that counts jobs a year after the support."""
    days = {"starts_on": date(YEAR - 1, 1, 1), "ends_on": date(YEAR, 12, 31)}
    grant = make_grant(project=make_project(**days), **days)
    make_target(grant=grant, indicator=make_indicator(rule="jobs_created"))
    return grant


@pytest.fixture
def case(grant):
    """One that was opened before the period that is accepted."""
    body = make_enterprise(founded_on=date(YEAR - 2, 1, 1))
    opened_on = grant.starts_on
    make_consultation(project=grant.project, organisation=body, held_on=opened_on)
    make_confirmed_job(body, since=date(YEAR - 1, 3, 1))
    return make_case(
        project=grant.project,
        organisation=body,
        opened_on=opened_on,
        support_target="enterprise",
    )


@pytest.fixture
def page(sign_in):
    return sign_in(make_user(Role.MANAGER))


def page_of(case, name):
    return reverse(f"consultations:case_{name}", args=[case.pk])


def closing(day):
    return {"on": day.isoformat(), "outcome": "fertig"}


def noted(case):
    return Event.objects.about(case).get(verb="supportcase.changed_once_accepted").details


def test_a_case_closed_in_the_portal_counts_a_year_later(page, grant, case):
    assert count("jobs_created", make_scope(grant)).value == 0

    page.post(page_of(case, "close"), closing(BACK))

    figure = count("jobs_created", make_scope(grant))
    assert figure.value == Decimal("0.5")
    assert [row.on for row in figure.rows] == [MID]


def test_a_case_is_closed_so_that_an_accepted_report_changes_only_with_a_reason(page, grant, case):
    lock = accept(grant, starts_on=FIRST, ends_on=MID).lock

    for sent in ({}, {"all_the_same": "on"}, {"because": "Vergessen"}):
        answer = page.post(page_of(case, "close"), closing(BACK) | sent)
        assert answer.status_code == 200
        assert escape(lock.because) in answer.text
        assert answer.context["form"].errors.keys() == AGREED.keys() - sent.keys()
    case.refresh_from_db()
    assert case.closed_on is None

    assert page.post(page_of(case, "close"), closing(BACK) | AGREED).status_code == 302
    case.refresh_from_db()
    assert case.closed_on == BACK
    assert noted(case)["reason"] == AGREED["because"]
    assert lock.because in noted(case)["periods"][0]


def test_a_closing_whose_results_come_after_it_is_not_asked_about(page, grant, case):
    accept(grant, starts_on=FIRST, ends_on=MID)

    assert page.post(page_of(case, "close"), closing(BACK + DAY)).status_code == 302
    assert not Event.objects.filter(verb="supportcase.changed_once_accepted").exists()


def test_a_closing_is_taken_back_with_a_reason_where_its_results_were_accepted(page, grant, case):
    case.close(on=BACK, outcome="fertig", by=case.advisor)
    lock = accept(grant, starts_on=FIRST, ends_on=MID).lock
    address = page_of(case, "reopen")

    assert escape(lock.because) in page.get(address).text
    assert is_asked(page.post(address))
    assert is_asked(page.post(address, {"because": "Doch nicht"}))
    case.refresh_from_db()
    assert case.closed_on == BACK

    assert page.post(address, AGREED).status_code == 302
    case.refresh_from_db()
    assert case.closed_on is None
    assert noted(case)["reason"] == AGREED["because"]


def test_a_case_whose_results_were_accepted_is_reopened_before_it_is_deleted(page, grant, case):
    case.close(on=BACK, outcome="fertig", by=case.advisor)
    accept(grant, starts_on=FIRST, ends_on=MID)

    with pytest.raises(ValidationError, match="Reopen|wieder auf"):
        case.withdraw(by=case.advisor)
    assert SupportCase.objects.valid().contains(case)
    page.post(page_of(case, "reopen"), AGREED)
    case.refresh_from_db()
    case.withdraw(by=case.advisor)


def test_a_deleted_case_comes_back_into_no_accepted_period(grant, case):
    case.close(on=BACK, outcome="fertig", by=case.advisor)
    case.withdraw(by=case.advisor)
    accept(grant, starts_on=FIRST, ends_on=MID)

    with pytest.raises(ValidationError, match="ohne diese Angabe"):
        case.restore(by=case.advisor)
    assert not SupportCase.objects.valid().exists()


@pytest.mark.parametrize(("opened_on", "is_one"), [(MID, True), (MID + DAY, False)])
def test_a_case_dated_back_into_what_was_accepted_is_asked_about(
    page, grant, case, opened_on, is_one
):
    case.withdraw(by=case.advisor)
    accept(grant, starts_on=FIRST, ends_on=MID)
    address = reverse("consultations:case_new", args=[case.organisation.pk])
    sent = {
        "project": grant.project.pk,
        "advisor": case.advisor.pk,
        "opened_on": opened_on.isoformat(),
        "support_target": "enterprise",
    }

    answer = page.post(address, sent)

    assert is_asked(answer) == is_one
    if is_one:
        assert 'name="all_the_same"' in answer.text
        assert 'name="because"' in answer.text
        assert page.post(address, sent | AGREED).status_code == 302
        assert noted(SupportCase.objects.valid().get())["reason"] == AGREED["because"]
    assert SupportCase.objects.valid().get().opened_on == opened_on


def test_another_case_takes_back_the_results_of_the_one_before(page, grant, case):
    """Opened after the accepted days, but a year after the first one ended lies in them."""
    case.close(on=BACK, outcome="fertig", by=case.advisor)
    accept(grant, starts_on=FIRST, ends_on=MID)
    sent = {
        "project": grant.project.pk,
        "advisor": case.advisor.pk,
        "opened_on": (MID + DAY).isoformat(),
        "support_target": "enterprise",
    }

    assert is_asked(page.post(reverse("consultations:case_new", args=[case.organisation.pk]), sent))


@pytest.mark.parametrize("rule", ["hours", "new_jobs", "enterprises_by_size"])
def test_where_no_figure_reads_cases_nothing_is_asked(page, grant, case, rule):
    grant.targets.all().delete()
    make_target(grant=grant, indicator=make_indicator(rule=rule))
    accept(grant, starts_on=FIRST, ends_on=MID)

    assert page.post(page_of(case, "close"), closing(BACK)).status_code == 302


def test_reports_of_another_project_are_not_asked_about(page, grant, case):
    other = make_grant(starts_on=FIRST, ends_on=date(YEAR, 12, 31))
    make_target(grant=other, indicator=make_indicator(rule="jobs_created"))
    make_consultation(project=other.project, organisation=case.organisation, held_on=FIRST)
    version = make_submitted(report=make_report(grant=other, starts_on=FIRST, ends_on=MID))
    Acceptance.objects.accept(version, by=make_officer(version))

    assert page.post(page_of(case, "close"), closing(BACK)).status_code == 302

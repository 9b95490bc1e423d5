"""What changed since an acceptance is told of where the next report is checked."""

import pytest
from django.utils import timezone

from reports.data_check import check
from reports.document import plain
from reports.freezing import freeze
from reports.models import Acceptance, Indicator
from tests.factories import (
    make_confirmation,
    make_indicator,
    make_job,
    make_officer,
    make_report,
    make_submitted,
    make_target,
    make_user,
    make_version,
    produced,
)
from tests.reports.acceptance import DAY, FIRST, MID
from tests.reports.eu import take_part

pytestmark = pytest.mark.django_db


def accept_as_counted(report):
    """What is counted of it now is what its funder accepts."""
    alike = make_version(report=make_report(grant=report.grant, kind="final", **days_of(report)))
    kept = plain(freeze(alike, at=timezone.now()))
    version = make_submitted(produced(frozen=kept), report=report)
    return Acceptance.objects.accept(version, by=make_officer(version))


def days_of(report):
    return {"starts_on": report.starts_on, "ends_on": report.ends_on}


def test_figures_that_changed_since_are_told_of_where_reports_are_checked(grant, organisation):
    for rule in ("new_jobs", "foundings", "consultations"):
        make_target(grant=grant, indicator=make_indicator(code=f"BEST-{rule.upper()}", rule=rule))
    job = make_job(organisation=organisation, since=MID)
    accepted = make_report(grant=grant, ends_on=MID)
    accept_as_counted(accepted)
    following = make_report(grant=grant, starts_on=MID + DAY, ends_on=grant.ends_on)

    def told():
        found = [check(each).found for each in (accepted, following)]
        return [[each.text for each in those if "drift" in each.code] for those in found]

    assert told() == [[], []]
    make_confirmation(organisation=organisation, job=job).answer("yes")
    organisation.found(MID, "ug", make_user())

    for [text] in told():
        assert "BEST-NEW_JOBS 0 → 1" in text
        assert "BEST-FOUNDINGS 0 → 1" in text
        assert "BEST-CONSULTATIONS" not in text


def test_what_changed_only_since_the_start_is_told_of_as_that(grant, organisation):
    make_target(grant=grant, indicator=make_indicator(code="BEST-STELLEN", rule="new_jobs"))
    job = make_job(organisation=organisation, since=FIRST)
    accepted = make_report(grant=grant, starts_on=FIRST + 40 * DAY, ends_on=MID)
    accept_as_counted(accepted)

    make_confirmation(organisation=organisation, job=job).answer("yes")

    [text] = [each.text for each in check(accepted).found if each.code == "drift-figures"]
    assert "0 → 1" in text
    assert "BEST-STELLEN 0" not in text


def test_a_consent_taken_back_is_not_found_by_the_figure_that_is_one_less(grant):
    for code in ("EECO01", "EECO12"):
        make_target(grant=grant, indicator=Indicator.objects.get(code=code))
    part = take_part(grant.project, MID, disability="yes")
    accepted = make_report(grant=grant, ends_on=MID)
    accept_as_counted(accepted)

    part.answers.get(question__code="disability").withdraw_consent(by=make_user())

    assert not [each for each in check(accepted).found if "drift" in each.code]

"""What the check of a report's data means for its release and its submission."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports.data_check import check, hindering
from reports.freezing import freeze
from reports.models import Report, ReportVersion, Submission, SubmissionWay
from reports.releasing import release
from reports.views.data_check import check_of
from tests.factories import (
    make_consultation,
    make_draft,
    make_enterprise,
    make_grant,
    make_indicator,
    make_plan_line,
    make_releasable,
    make_released,
    make_report,
    make_review,
    make_target,
    make_user,
    make_version,
)
from tests.reports.checked import blocked

pytestmark = pytest.mark.django_db


def found_of(version, code):
    """What is found in a version that waits to go out, by the code of it."""
    checked = check(Report.objects.get(pk=version.report_id), version, make_user(Role.MANAGER))
    return [each for each in checked.found if each.code == code]


def test_what_blocks_is_frozen_with_the_version():
    grant = make_grant()
    target = make_target(grant=grant, value=100)

    document = freeze(make_version(report=make_report(grant=grant)), at=timezone.now())

    assert document.blocked_by == (f"target:{target.indicator.code}", "no-text")


@pytest.mark.parametrize("is_frozen", [True, False])
def test_what_blocks_refuses_the_release_whether_the_version_knows_it_or_not(is_frozen, english):
    manager, grant = make_user(Role.MANAGER), make_grant()
    make_plan_line(grant=grant, planned=Decimal("100.00"))
    make_plan_line(grant=grant, planned=Decimal("90.00"), kind="income", origin="grant")
    draft = make_releasable(blocked(*["plan"] * is_frozen), grant=grant)

    [finding] = hindering(draft, manager)
    with pytest.raises(ValidationError, match="One finding of the data check") as refusal:
        release(draft, by=manager)

    assert finding.code == "plan"
    assert finding.text in refusal.value.messages[0]
    assert check(draft.report, draft, manager).open == [finding]


def test_a_version_whose_data_block_is_released_when_it_is_explained():
    manager, grant, body = make_user(Role.MANAGER), make_grant(), make_enterprise()
    make_target(grant=grant, indicator=make_indicator(rule="enterprises_by_size"))
    make_consultation(project=grant.project, organisation=body)
    draft = make_releasable(grant=grant)
    [finding] = hindering(draft, manager)

    draft.report.explain(finding.code, by=manager, reason="Erklärung folgt.")
    release(draft, by=manager)

    assert ReportVersion.objects.get().is_released
    assert (
        Event.objects.filter(verb="report.explained").get().details["reason"] == "Erklärung folgt."
    )


def test_what_blocked_when_the_version_was_made_leads_to_a_new_one_although_it_is_settled(english):
    manager = make_user(Role.MANAGER)
    draft = make_releasable(blocked("size-1", "plan"))

    [finding] = hindering(draft, manager)

    assert finding.href == reverse("reports:version_new", args=[draft.report_id])
    with pytest.raises(ValidationError, match="Make a new version"):
        release(draft, by=manager)
    released = make_released(blocked("size-1", "plan"))
    assert not found_of(released, "former-data")
    Report.objects.filter(pk=released.report_id).update(exceptions={})
    assert found_of(released, "former-data")[0].is_open


def test_whatever_refuses_a_release_is_in_the_data_check_with_its_place_and_owner():
    """Each of the ways in which a draft cannot go out, beside one in which it can."""
    assert not check_of(make_releasable().report, make_user(Role.MANAGER)).open

    newer = make_releasable()
    newer_one = make_released(report=newer.report)
    review = make_review(version=make_releasable())
    alone = make_releasable()
    alone.report.grant.programme.wants_review = True
    alone.report.grant.programme.save()
    beyond = make_releasable()
    beyond.report.grant.ends_on = beyond.report.ends_on - timedelta(days=1)
    beyond.report.grant.save()

    for draft, code, owner in (
        (newer, "newer-release", ""),
        (review.version, "in-review", review.reviewer.name),
        (alone, "second-person", ""),
        (beyond, "period", ""),
    ):
        manager, draft = make_user(Role.MANAGER), ReportVersion.objects.get(pk=draft.pk)
        [finding] = check(draft.report, draft, manager).open
        assert (finding.code, bool(finding.href)) == (code, True)
        assert finding.owner == owner or not owner
        with pytest.raises(ValidationError) as refusal:
            release(draft, by=manager)
        assert finding.text in refusal.value.messages[0]
    assert newer_one.is_released


def test_a_reason_that_is_taken_back_stops_the_submission():
    manager = make_user(Role.MANAGER)
    draft = make_released(blocked("size"))
    draft.report.explain("size", by=manager, reason=" ")

    with pytest.raises(ValidationError):
        Submission.objects.hand_in(
            draft, by=manager, submitted_on=timezone.localdate(), way=SubmissionWay.POST
        )


def test_a_version_from_before_the_check_is_not_stopped_by_what_it_does_not_know():
    draft = make_releasable()

    release(draft, by=make_user(Role.MANAGER))

    assert ReportVersion.objects.get().is_released


def test_what_was_done_since_the_version_was_made_deserves_a_look():
    draft = make_releasable()
    assert not found_of(draft, "texts-since")
    draft.report.write(by=None, narrative={"summary": "Neu"}, reasons={}, seen=None)
    make_draft(report=draft.report)

    assert [found_of(draft, code)[0].blocks for code in ("texts-since", "newer-version")] == [
        False,
        False,
    ]

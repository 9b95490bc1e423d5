"""What a person decides about a version: cancelling, trying again, releasing, taking it home."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports.models import ReportVersion, VersionStatus
from reports.releasing import release
from tests.factories import make_draft, make_releasable, make_released, make_user, make_version
from tests.reports.threads import in_threads

pytestmark = pytest.mark.django_db


def status_of(version):
    return ReportVersion.objects.get(pk=version.pk).status


def verbs_about(version):
    return list(Event.objects.about(version).order_by("pk").values_list("verb", flat=True))


def claimed(**fields):
    return ReportVersion.objects.claim(make_version(**fields).pk)


@pytest.mark.parametrize("take", [make_version, claimed], ids=["waiting", "being made"])
def test_a_version_under_way_can_be_cancelled(take):
    version = take()

    version.cancel(by=make_user(Role.MANAGER))

    assert version.status == VersionStatus.CANCELLED
    assert "report.cancelled" in verbs_about(version)


def test_a_finished_version_cannot_be_cancelled():
    with pytest.raises(ValidationError, match="inzwischen geändert"):
        make_draft().cancel(by=make_user(Role.MANAGER))


def test_a_failed_version_can_be_tried_again_with_all_its_attempts():
    version = claimed()
    version.fail("No.")

    version.retry(by=make_user(Role.MANAGER))

    again = ReportVersion.objects.claim(version.pk)
    assert (again.attempts, again.error) == (1, "")


def test_a_draft_cannot_be_tried_again():
    with pytest.raises(ValidationError, match="inzwischen geändert"):
        make_draft().retry(by=make_user(Role.MANAGER))


def test_nothing_is_tried_again_while_another_version_is_made():
    version = make_version()
    version.cancel(by=make_user(Role.MANAGER))
    version.report.add_version(by=make_user(Role.MANAGER))

    with pytest.raises(ValidationError, match="wird gerade erstellt"):
        version.retry(by=make_user(Role.MANAGER))


def test_a_draft_is_released_by_the_manager():
    version = make_releasable()
    manager = make_user(Role.MANAGER)

    release(version, by=manager)

    assert (version.status, version.released_by) == (VersionStatus.RELEASED, manager)
    assert version.released_at is not None
    assert verbs_about(version)[-1] == "report.released"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_nobody_but_the_manager_releases(role):
    version = make_draft()

    with pytest.raises(ValidationError, match="Nur die Leitung"):
        release(version, by=make_user(role))

    assert status_of(version) == VersionStatus.READY


@pytest.mark.parametrize("take", [make_version, claimed, make_released])
def test_only_a_draft_can_be_released(take):
    with pytest.raises(ValidationError, match="inzwischen geändert"):
        release(take(), by=make_user(Role.MANAGER))


def test_an_old_draft_is_not_released_after_a_newer_version_and_the_reason_is_that(english):
    old = make_draft()
    make_released(report=old.report)

    with pytest.raises(ValidationError, match="Version 2 is newer and has been released already"):
        release(old, by=make_user(Role.MANAGER))

    assert status_of(old) == VersionStatus.READY


def test_a_draft_is_not_released_whose_period_the_grant_does_not_cover_any_more(english):
    draft = make_draft()
    report = draft.report
    report.grant.ends_on = report.ends_on - timedelta(days=1)
    report.grant.save()

    with pytest.raises(ValidationError, match="this report goes beyond it"):
        release(draft, by=make_user(Role.MANAGER))

    assert status_of(draft) == VersionStatus.READY


def test_an_old_draft_may_be_released_before_a_newer_draft():
    old = make_releasable()
    make_draft(report=old.report)

    release(old, by=make_user(Role.MANAGER))

    assert status_of(old) == VersionStatus.RELEASED


@pytest.mark.django_db(transaction=True)
def test_of_two_drafts_released_at_once_the_older_never_follows_the_newer():
    old = make_releasable()
    new = make_draft(report=old.report)
    manager = make_user(Role.MANAGER)
    waiting, together = [old, new], threading.Barrier(2)

    def let_out():
        mine = waiting.pop()
        together.wait()
        with suppress(ValidationError):
            release(mine, by=manager)
        connection.close()

    in_threads(let_out, times=2)

    old.refresh_from_db()
    new.refresh_from_db()
    assert new.is_released
    assert not old.is_released or old.released_at <= new.released_at


@pytest.mark.parametrize("extension", ["pdf", "csv", "json"])
def test_each_download_is_recorded(extension):
    version = make_released()
    funder = make_user(Role.FUNDER)

    content = version.download(by=funder, format=extension)

    assert content == bytes(getattr(version.document, extension))
    assert version.downloads.get().user == funder
    assert verbs_about(version)[-1] == "report.downloaded"


def test_a_version_without_documents_cannot_be_downloaded():
    with pytest.raises(ValidationError, match="keine Dokumente"):
        make_version().download(by=make_user(Role.MANAGER), format="pdf")

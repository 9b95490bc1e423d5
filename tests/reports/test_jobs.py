"""Reports as jobs: made once, under a lease, whatever happens to the workers."""

import hashlib
import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports.models import Document, LeaseLostError, ReportVersion, Step, VersionStatus
from reports.production import NotProducedError
from reports.tasks import render_report, sweep
from reports.work import work_on
from tests.factories import make_user, make_version, produced
from tests.reports.threads import in_threads

pytestmark = pytest.mark.django_db


def status_of(version):
    return ReportVersion.objects.get(pk=version.pk).status


def verbs_about(version):
    return list(Event.objects.about(version).order_by("pk").values_list("verb", flat=True))


def claimed(**fields):
    return ReportVersion.objects.claim(make_version(**fields).pk)


def let_the_lease_run_out(version):
    ReportVersion.objects.filter(pk=version.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )


# --- claiming ---


def test_a_claim_starts_a_lease_by_the_databases_clock(settings):
    version = claimed()

    remaining = (version.lease_until - timezone.now()).total_seconds()
    assert version.status == VersionStatus.WORKING
    assert version.attempts == 1
    assert settings.REPORT_LEASE_SECONDS - 5 < remaining <= settings.REPORT_LEASE_SECONDS + 1


def test_a_second_delivery_finds_nothing_to_claim():
    version = claimed()

    assert ReportVersion.objects.claim(version.pk) is None
    assert render_report(version.pk) is None
    assert status_of(version) == VersionStatus.WORKING


def test_a_version_that_does_not_exist_is_nothing_to_claim():
    assert ReportVersion.objects.claim(4711) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_gets_the_version():
    version = make_version()
    together = threading.Barrier(8)
    got = []

    def take():
        together.wait()
        got.append(ReportVersion.objects.claim(version.pk))
        connection.close()

    in_threads(take, times=8)

    assert len(got) == 8
    assert len([one for one in got if one is not None]) == 1


# --- making ---


def test_a_finished_version_is_a_draft_with_its_documents_and_hash():
    version = claimed()

    work_on(version, produce=lambda version, progress: produced(pdf=b"%PDF-1.7 eins"))

    version.refresh_from_db()
    assert version.status == VersionStatus.READY
    assert bytes(version.document.pdf) == b"%PDF-1.7 eins"
    assert version.sha256 == hashlib.sha256(b"%PDF-1.7 eins").hexdigest()
    assert version.seconds is not None


def test_the_steps_are_seen_while_they_happen():
    version = claimed()
    seen = []

    def produce(version, progress):
        for step in Step:
            progress(step)
            seen.append(ReportVersion.objects.get(pk=version.pk).current_step)
        return produced()

    work_on(version, produce=produce)

    assert seen == list(Step)


def test_what_cannot_be_made_fails_at_once_with_its_sentence():
    version = claimed()

    def refuse(version, progress):
        raise NotProducedError("The report is too large to be printed in one piece.")

    work_on(version, produce=refuse)

    version.refresh_from_db()
    assert version.status == VersionStatus.FAILED
    assert version.attempts == 1
    assert "too large" in version.error


def test_what_broke_off_is_tried_three_times_and_then_fails_with_a_sentence():
    version = make_version()

    def break_off(version, progress):
        raise RuntimeError("worn out")

    for attempt in (1, 2, 3):
        mine = ReportVersion.objects.claim(version.pk)
        with pytest.raises(RuntimeError):
            work_on(mine, produce=break_off)
        assert mine.attempts == attempt

    version.refresh_from_db()
    assert version.status == VersionStatus.FAILED
    assert "Try again" in version.error
    assert ReportVersion.objects.claim(version.pk) is None


def test_a_version_cancelled_while_it_is_made_stores_nothing():
    version = claimed()

    def produce(version, progress):
        ReportVersion.objects.get(pk=version.pk).cancel(by=make_user(Role.MANAGER))
        progress(Step.PRINTING)
        pytest.fail("The work goes on although nobody wants it any more.")

    work_on(version, produce=produce)

    assert status_of(version) == VersionStatus.CANCELLED
    assert not Document.objects.exists()


def test_a_version_cancelled_in_its_last_step_stores_nothing():
    version = claimed()

    def produce(version, progress):
        ReportVersion.objects.get(pk=version.pk).cancel(by=make_user(Role.MANAGER))
        return produced()

    work_on(version, produce=produce)

    assert status_of(version) == VersionStatus.CANCELLED
    assert not Document.objects.exists()


def test_a_zombie_that_lost_its_lease_writes_nothing():
    zombie = claimed()
    let_the_lease_run_out(zombie)
    ReportVersion.objects.sweep()
    living = ReportVersion.objects.claim(zombie.pk)

    for write in (
        zombie.extend_lease,
        zombie.give_back,
        lambda: zombie.enter(Step.PRINTING),
        lambda: zombie.fail("late"),
        lambda: zombie.finish(produced(pdf=b"late"), seconds=1),
    ):
        with pytest.raises(LeaseLostError):
            write()

    living.finish(produced(pdf=b"in time"), seconds=1)
    assert bytes(Document.objects.get().pdf) == b"in time"


def test_documents_and_status_are_stored_together_or_not_at_all():
    version = claimed()

    with pytest.raises(IntegrityError), transaction.atomic():
        version.finish(produced(json=None), seconds=1)

    assert status_of(version) == VersionStatus.WORKING


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_keeps_the_lease_while_the_work_goes_on(settings):
    settings.REPORT_LEASE_SECONDS, settings.REPORT_HEARTBEAT_SECONDS = 1, 0.2
    version = claimed()

    def produce(version, progress):
        time.sleep(1.3)
        assert ReportVersion.objects.sweep() == []
        return produced()

    work_on(version, produce=produce)

    assert status_of(version) == VersionStatus.READY


# --- sweeping ---


def test_a_sweep_leaves_alone_what_is_being_made():
    version = claimed()

    assert ReportVersion.objects.sweep() == []
    assert status_of(version) == VersionStatus.WORKING


def test_a_sweep_takes_back_what_its_worker_left_and_rings_for_it():
    version = claimed()
    let_the_lease_run_out(version)

    assert ReportVersion.objects.sweep() == [version.pk]
    assert status_of(version) == VersionStatus.QUEUED


def test_a_version_that_kills_its_workers_fails_after_the_third():
    version = make_version()
    for _ in range(3):
        let_the_lease_run_out(ReportVersion.objects.claim(version.pk))
        ReportVersion.objects.sweep()

    version.refresh_from_db()
    assert version.status == VersionStatus.FAILED
    assert version.error
    assert verbs_about(version) == ["report.requeued", "report.requeued", "report.failed"]


def test_a_sweep_rings_for_what_nobody_began_but_not_in_a_storm():
    fresh = make_version(rung_at=timezone.now())
    unheard = make_version(rung_at=timezone.now() - timedelta(minutes=1))

    rung = [ReportVersion.objects.sweep() for _ in range(10)]

    assert rung == [[unheard.pk]] + [[]] * 9
    assert status_of(fresh) == VersionStatus.QUEUED


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_ring_once_for_each():
    versions = {make_version().pk for _ in range(4)}
    together = threading.Barrier(4)
    rung = []

    def take():
        together.wait()
        rung.extend(ReportVersion.objects.sweep())
        connection.close()

    in_threads(take, times=4)

    assert sorted(rung) == sorted(versions)


def test_the_sweep_task_may_be_delivered_twice():
    version = claimed()
    let_the_lease_run_out(version)

    sweep()
    sweep()

    assert verbs_about(version) == ["report.requeued"]

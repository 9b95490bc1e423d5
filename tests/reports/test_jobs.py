"""Reports as jobs: asked for once, made once, under a lease, whatever happens to the workers."""

import hashlib
import socket
import threading
import time
import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.celery import app as celery_app
from reports.models import (
    Document,
    LeaseLostError,
    Report,
    ReportKind,
    ReportVersion,
    Step,
    VersionStatus,
)
from reports.production import NotProducedError
from reports.tasks import render_report, sweep
from reports.work import work_on
from tests.factories import (
    YEAR,
    make_draft,
    make_grant,
    make_released,
    make_report,
    make_user,
    make_version,
    produced,
)

pytestmark = pytest.mark.django_db

WHOLE_YEAR = {
    "kind": ReportKind.INTERIM,
    "starts_on": date(YEAR, 1, 1),
    "ends_on": date(YEAR, 12, 31),
}


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


# --- asking ---


def test_asking_queues_the_first_version_and_says_who_asked():
    manager = make_user(Role.MANAGER)

    version = Report.objects.request(by=manager, grant=make_grant(), **WHOLE_YEAR)

    assert (version.number, version.status) == (1, VersionStatus.QUEUED)
    assert Event.objects.about(version).get().actor == manager


def test_the_same_form_sent_twice_gives_the_same_version():
    asking = {"by": make_user(Role.MANAGER), "grant": make_grant(), "form_key": uuid.uuid4()}

    first = Report.objects.request(**asking, **WHOLE_YEAR)
    second = Report.objects.request(**asking, **WHOLE_YEAR)

    assert first == second
    assert ReportVersion.objects.count() == 1


def test_the_key_of_one_form_cannot_ask_for_another_report():
    asking = {"by": make_user(Role.MANAGER), "form_key": uuid.uuid4()}
    Report.objects.request(grant=make_grant(), **asking, **WHOLE_YEAR)

    with pytest.raises(ValidationError, match="schon abgeschickt"):
        Report.objects.request(grant=make_grant(), **asking, **WHOLE_YEAR)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_once_gives_the_same_version():
    asking = {"by": make_user(Role.MANAGER), "grant": make_grant(), "form_key": uuid.uuid4()}
    together = threading.Barrier(5)
    versions = []

    def ask():
        together.wait()
        versions.append(Report.objects.request(**asking, **WHOLE_YEAR).pk)
        connection.close()

    in_threads(ask, times=5)

    assert len(versions) == 5
    assert len(set(versions)) == 1


def test_a_second_version_waits_until_the_first_is_made():
    asking = {"by": make_user(Role.MANAGER), "grant": make_grant()}
    Report.objects.request(**asking, **WHOLE_YEAR)

    with pytest.raises(ValidationError, match="wird gerade erstellt"):
        Report.objects.request(**asking, **WHOLE_YEAR)


def test_another_version_of_a_draft_has_the_next_number():
    draft = make_draft()

    version = draft.report.add_version(by=make_user(Role.MANAGER))

    assert version.number == draft.number + 1


def test_a_correction_of_a_released_report_says_what_changed():
    released = make_released()
    manager = make_user(Role.MANAGER)

    with pytest.raises(ValidationError, match="mit der neuen Version"):
        released.report.add_version(by=manager, change_note=" ")

    version = released.report.add_version(by=manager, change_note="Zwei Beratungen nachgetragen.")
    assert version.change_note == "Zwei Beratungen nachgetragen."


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(YEAR - 1, 12, 31), date(YEAR, 12, 31)),
        (date(YEAR, 1, 1), date(YEAR + 1, 1, 1)),
        (date(YEAR, 6, 1), date(YEAR, 5, 31)),
    ],
)
def test_a_period_outside_the_grant_is_refused(starts_on, ends_on):
    with pytest.raises(ValidationError):
        Report.objects.request(
            by=None,
            grant=make_grant(),
            kind=ReportKind.FINAL,
            starts_on=starts_on,
            ends_on=ends_on,
        )


def test_an_approved_early_start_may_be_accounted_for():
    grant = make_grant(early_start_on=date(YEAR - 1, 12, 1))

    version = Report.objects.request(
        by=None,
        grant=grant,
        kind=ReportKind.FINAL,
        starts_on=date(YEAR - 1, 12, 1),
        ends_on=date(YEAR, 12, 31),
    )

    assert version.report.starts_on == date(YEAR - 1, 12, 1)


# --- writing its words ---


def test_words_are_kept_and_logged_without_their_text():
    report = make_report()

    report.write(by=make_user(Role.MANAGER), narrative={"outlook": "Geheim"}, reasons={}, seen=None)

    assert Report.objects.get().narrative == {"outlook": "Geheim"}
    assert "Geheim" not in str(Event.objects.about(report).get().details)


def test_nobody_writes_over_what_somebody_else_just_wrote():
    report = make_report()
    report.write(by=make_user(Role.MANAGER), narrative={"outlook": "A"}, reasons={}, seen=None)

    with pytest.raises(ValidationError, match="Jemand anderes"):
        report.write(by=make_user(Role.MANAGER), narrative={"outlook": "B"}, reasons={}, seen=None)

    assert Report.objects.get().narrative == {"outlook": "A"}


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


def in_threads(work, *, times):
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


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


# --- deciding ---


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
    version = make_draft()
    manager = make_user(Role.MANAGER)

    version.release(by=manager)

    assert (version.status, version.released_by) == (VersionStatus.RELEASED, manager)
    assert version.released_at is not None
    assert verbs_about(version)[-1] == "report.released"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_nobody_but_the_manager_releases(role):
    version = make_draft()

    with pytest.raises(ValidationError, match="Nur die Leitung"):
        version.release(by=make_user(role))

    assert status_of(version) == VersionStatus.READY


@pytest.mark.parametrize("take", [make_version, claimed, make_released])
def test_only_a_draft_can_be_released(take):
    with pytest.raises(ValidationError, match="inzwischen geändert"):
        take().release(by=make_user(Role.MANAGER))


def test_an_old_draft_is_not_released_after_a_newer_version():
    old = make_draft()
    make_released(report=old.report)

    with pytest.raises(ValidationError, match="inzwischen geändert"):
        old.release(by=make_user(Role.MANAGER))


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


# --- the broker is only a doorbell ---


@pytest.fixture(params=["closed", "hung"])
def dead_broker(request, monkeypatch):
    """A broker that refuses connections, and one that takes them and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "hung":
            listener.listen()
        port = listener.getsockname()[1]
        monkeypatch.setattr(celery_app.conf, "broker_write_url", f"redis://127.0.0.1:{port}/0")
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("dead_broker")
def test_a_dead_broker_neither_fails_nor_delays_and_a_sweep_makes_good():
    manager, grant = make_user(Role.MANAGER), make_grant()
    render_report.ring(0)  # what is imported once in a process is not what this measures
    begun = time.monotonic()

    version = Report.objects.request(by=manager, grant=grant, **WHOLE_YEAR)
    render_report.delay_on_commit(version.pk)

    assert time.monotonic() - begun < 1
    later = timezone.now() - timedelta(minutes=1)
    ReportVersion.objects.filter(pk=version.pk).update(rung_at=later)
    assert ReportVersion.objects.sweep() == [version.pk]

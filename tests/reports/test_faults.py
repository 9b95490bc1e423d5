"""Workers are killed, frozen and forgotten by their broker: every report is made exactly once."""

import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.db import connection

from best_portal.accounts.models import Role
from reports.models import Document, Report, ReportKind, ReportVersion, VersionStatus
from reports.tasks import render_report
from tests.factories import make_grant, make_user
from tests.reports.worker import POISON

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

# As it is in production, and the same in short, so that a test need not wait for a minute.
REAL = {"lease": 60, "heartbeat": 10, "sweep": 10, "ring again": 15}
SHORT = {"lease": 4, "heartbeat": 1, "sweep": 1, "ring again": 2}
# What we promise for the real values; starting a worker on a busy machine is in it.
PROMISED_SECONDS = 120

# With the real values the tests wait for minutes: REAL_LEASES=1 pytest -m faults.
only_when_asked = pytest.mark.skipif(
    "REAL_LEASES" not in os.environ, reason="REAL_LEASES=1 waits for real leases, about 6 minutes"
)
paces = pytest.mark.parametrize(
    "pace",
    [
        pytest.param(SHORT, id="short"),
        pytest.param(REAL, id="real", marks=[pytest.mark.slow, only_when_asked]),
    ],
)


class Fleet:
    """Workers and a beat in processes of their own, with a corner of the broker of their own."""

    def __init__(self, folder, pace, seconds):
        self.folder = folder
        self.prefix = f"best-faults-{uuid.uuid4().hex}:"
        self.processes = []
        address = urlsplit(os.environ["DATABASE_URL"])
        database = address._replace(path=f"/{connection.settings_dict['NAME']}")
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database.geturl(),
            "REDIS_KEY_PREFIX": self.prefix,
            "REPORT_LEASE_SECONDS": str(pace["lease"]),
            "REPORT_HEARTBEAT_SECONDS": str(pace["heartbeat"]),
            "REPORT_SWEEP_SECONDS": str(pace["sweep"]),
            "REPORT_RING_AGAIN_SECONDS": str(pace["ring again"]),
            "MAKING_SECONDS": str(seconds),
        }

    def start(self, *command):
        log = (self.folder / f"{len(self.processes)}-{command[0]}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tests.reports.worker", *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self.processes.append(process)
        return process

    def worker(self, concurrency=1):
        return self.start("worker", f"--concurrency={concurrency}", "--loglevel=INFO")

    def beat(self):
        return self.start("beat", f"--schedule={self.folder / 'schedule'}", "--pidfile=")

    def forget(self):
        """What a FLUSHDB does to the broker, but to our own keys only."""
        broker = redis.Redis.from_url(os.environ["REDIS_URL"])
        if keys := list(broker.scan_iter(f"{self.prefix}*")):
            broker.delete(*keys)
        broker.close()
        return len(keys)

    def stop(self):
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.forget()

    def logs(self):
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


def children_of(process):
    return [
        int(pid)
        for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    ]


@pytest.fixture
def fleet(tmp_path, monkeypatch, request):
    fleets = []

    def start(pace, seconds):
        fleet = Fleet(tmp_path, pace, seconds)
        fleets.append(fleet)
        # What the test itself rings for goes the same way.
        transport = render_report.app.conf.broker_transport_options
        monkeypatch.setitem(transport, "global_keyprefix", fleet.prefix)
        return fleet

    yield start
    for fleet in fleets:
        fleet.stop()
        print(fleet.logs())


def ask(number=1, change_note=""):
    grant, manager = make_grant(), make_user(Role.MANAGER)
    versions = [
        Report.objects.request(
            by=manager,
            grant=grant,
            kind=ReportKind.INTERIM,
            starts_on=grant.starts_on,
            ends_on=grant.ends_on.replace(day=day),
            change_note=change_note,
        )
        for day in range(1, number + 1)
    ]
    for version in versions:
        render_report.delay_on_commit(version.pk)
    return versions


def wait_until(happened, seconds=PROMISED_SECONDS):
    """Return how long it took, and fail when it does not happen in time."""
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() - begun < seconds, "It did not happen in time."
        time.sleep(0.1)
    return time.monotonic() - begun


def in_the_middle(version):
    return lambda: ReportVersion.objects.filter(
        pk=version.pk, status=VersionStatus.WORKING, step__gte=2
    ).exists()


def all_made(versions):
    keys = [version.pk for version in versions]
    return lambda: ReportVersion.objects.readable().filter(pk__in=keys).count() == len(keys)


def assert_made_once(versions):
    assert Document.objects.count() == len(versions)
    assert ReportVersion.objects.readable().count() == len(versions)


@paces
@pytest.mark.parametrize("victim", ["the whole worker", "the process that makes it"])
def test_a_worker_killed_in_the_middle_of_a_report(fleet, record_property, pace, victim):
    fleet = fleet(pace, seconds=3)
    fleet.beat()
    worker = fleet.worker()
    [version] = ask()
    wait_until(in_the_middle(version))

    if victim == "the whole worker":
        os.killpg(worker.pid, signal.SIGKILL)
        fleet.worker()
    else:
        [child] = children_of(worker)
        os.kill(child, signal.SIGKILL)

    record_property("seconds", wait_until(all_made([version])))
    assert_made_once([version])
    version.refresh_from_db()
    assert version.attempts == 2


@paces
def test_a_broker_that_forgets_ten_reports(fleet, record_property, pace):
    fleet = fleet(pace, seconds=1)
    fleet.beat()
    fleet.worker()
    versions = ask(10)
    wait_until(lambda: Document.objects.exists())

    assert fleet.forget()

    record_property("seconds", wait_until(all_made(versions)))
    assert_made_once(versions)


@paces
def test_a_worker_that_wakes_up_after_its_lease(fleet, record_property, pace):
    fleet = fleet(pace, seconds=3)
    fleet.beat()
    sleeper = fleet.worker()
    [version] = ask()
    wait_until(in_the_middle(version))

    os.killpg(sleeper.pid, signal.SIGSTOP)
    fleet.worker()
    record_property("seconds", wait_until(all_made([version])))
    made = bytes(Document.objects.get().pdf)
    os.killpg(sleeper.pid, signal.SIGCONT)
    wait_until(lambda: "no longer ours" in fleet.logs())

    assert_made_once([version])
    assert bytes(Document.objects.get().pdf) == made


def test_a_worker_that_comes_back_needs_no_beat(fleet):
    fleet = fleet(SHORT, seconds=0.1)
    versions = ask(3)
    fleet.forget()
    time.sleep(SHORT["ring again"])

    fleet.worker()

    wait_until(all_made(versions))
    assert_made_once(versions)


def test_a_report_that_kills_its_workers_stops_no_other(fleet):
    fleet = fleet(SHORT, seconds=0.5)
    fleet.beat()
    fleet.worker()
    [poison] = ask(change_note=POISON)
    others = ask(5)

    wait_until(lambda: ReportVersion.objects.filter(status=VersionStatus.FAILED).exists())
    wait_until(all_made(others))

    poison.refresh_from_db()
    assert poison.attempts == 3
    assert poison.error
    assert_made_once(others)

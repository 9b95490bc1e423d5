"""Senders that are killed: nobody gets a letter twice, and who may have got none is listed."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import LEASE, Letter, LetterStatus
from tests.factories import make_letter, make_user

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

LETTERS = 200
KILLS = 4
ROOT = Path(__file__).resolve().parents[2]
SENDER = """
import django
django.setup()
from django.db import connections
from best_portal.outbox.models import Letter
connections.settings["default"]["NAME"] = {name!r}
print("ready", flush=True)
while Letter.objects.deliver_due():
    pass
"""


def start_sender(taken):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.outbox.settings",
        "TAKEN": str(taken),
    }
    return subprocess.Popen(
        [sys.executable, "-c", SENDER.format(name=connection.settings_dict["NAME"])],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )


def test_senders_killed_in_the_middle_send_nothing_twice_and_lose_nothing(tmp_path):
    taken = tmp_path / "taken"
    taken.touch()
    for _number in range(LETTERS):
        make_letter()

    for kill in range(KILLS):
        pair = [start_sender(taken), start_sender(taken)]
        for sender in pair:
            assert sender.stdout.readline() == b"ready\n"
        time.sleep(0.1 + 0.03 * kill)
        for sender in pair:
            sender.send_signal(signal.SIGKILL)
            sender.communicate()
    last = start_sender(taken)
    last.communicate(timeout=60)

    assert_nobody_got_two_and_nobody_is_forgotten(taken)


def assert_nobody_got_two_and_nobody_is_forgotten(taken):
    """At most two letters are unclear for each kill; everything else went out once."""
    # The lease of what the dead were holding runs out.
    Letter.objects.filter(status=LetterStatus.SENDING).update(
        claimed_at=timezone.now() - LEASE - timedelta(minutes=1)
    )
    Letter.objects.give_up_abandoned()
    times_taken = Counter(taken.read_text(encoding="utf-8").split())
    unsettled = Letter.objects.unsettled()
    assert set(times_taken.values()) == {1}
    assert unsettled.count() <= 2 * KILLS
    sent = Letter.objects.filter(status=LetterStatus.SENT)
    assert {letter.message_id for letter in sent} <= set(times_taken)
    assert not Letter.objects.exclude(Q(pk__in=sent) | Q(pk__in=unsettled)).exists()


@contextmanager
def worker(folder, taken, prefix):
    """A worker with its beat, as the portal runs them; killed at the end like by a power cut."""
    address = urlsplit(os.environ["DATABASE_URL"])
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.outbox.settings",
        "DATABASE_URL": address._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "REDIS_KEY_PREFIX": prefix,
        "TAKEN": str(taken),
    }
    log = (folder / f"{uuid.uuid4().hex}.log").open("wb")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "best_portal", "worker"),
            *("--pool", "threads", "--concurrency", "2", "--beat"),
            *("--schedule", str(folder / "schedule"), "--loglevel", "INFO"),
        ],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


def wait_until(holds, process, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < end, "the worker does nothing"
        time.sleep(0.01)


def test_a_worker_killed_again_and_again_sends_nothing_twice_and_the_post_lists_the_rest(
    tmp_path, sign_in
):
    taken, prefix = tmp_path / "taken", f"best-outbox-{uuid.uuid4().hex}:"
    taken.touch()
    for _number in range(LETTERS):
        make_letter()

    def lines():
        return len(taken.read_text(encoding="utf-8").splitlines())

    try:
        for kill in range(1, KILLS + 1):
            with worker(tmp_path, taken, prefix) as process:
                wait_until(lambda kill=kill: lines() >= kill * LETTERS // (KILLS + 1), process)
        with worker(tmp_path, taken, prefix) as process:
            wait_until(lambda: not Letter.objects.due().exists(), process)
            wait_until(lambda: lines() >= LETTERS - 2 * KILLS, process)
            time.sleep(1)
    finally:
        forget(prefix)

    assert_nobody_got_two_and_nobody_is_forgotten(taken)
    page = sign_in(make_user(Role.MANAGER)).get(reverse("letters"))
    assert {letter.recipient for letter in page.context["page"]} == set(
        Letter.objects.unsettled().values_list("recipient", flat=True)
    )


def forget(prefix):
    """Take our own keys out of the broker."""
    broker = redis.Redis.from_url(os.environ["REDIS_URL"])
    if keys := list(broker.scan_iter(f"{prefix}*")):
        broker.delete(*keys)
    broker.close()

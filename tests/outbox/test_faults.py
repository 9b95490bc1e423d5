"""Senders that are killed: nobody gets a letter twice, and who may have got none is listed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from best_portal.outbox.models import LEASE, Letter, LetterStatus
from tests.factories import make_letter

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
    # The lease of what the dead were holding runs out.
    Letter.objects.filter(status=LetterStatus.SENDING).update(
        claimed_at=timezone.now() - LEASE - timedelta(minutes=1)
    )
    Letter.objects.deliver_due()

    times_taken = Counter(taken.read_text(encoding="utf-8").split())
    unsettled = Letter.objects.unsettled()
    assert set(times_taken.values()) == {1}
    assert unsettled.count() <= 2 * KILLS
    sent = Letter.objects.filter(status=LetterStatus.SENT)
    assert {letter.message_id for letter in sent} <= set(times_taken)
    assert not Letter.objects.exclude(Q(pk__in=sent) | Q(pk__in=unsettled)).exists()

"""Sweeps that run at once and sweeps that are killed: everybody is reminded once."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import Appointment
from tests.factories import make_appointment, make_person, make_project, make_user

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
SWEEPER = """
import django
django.setup()
from django.db import connections
from consultations.models import Appointment
connections.settings["default"]["NAME"] = {name!r}
print("ready", flush=True)
Appointment.objects.remind()
"""


def make_many(number):
    advisor = make_user()
    project = make_project(team=[advisor])
    start = timezone.now() + timedelta(hours=3)
    return [
        make_appointment(
            advisor=advisor,
            project=project,
            person=make_person(email=f"muster-{n}@beispiel.example"),
            starts_at=start + timedelta(minutes=5 * n),
            ends_at=start + timedelta(minutes=5 * n + 5),
            agreed_at=timezone.now() - timedelta(days=7),
        )
        for n in range(number)
    ]


def sweep():
    try:
        return Appointment.objects.remind()
    finally:
        connection.close()


def start_sweeper():
    return subprocess.Popen(
        [sys.executable, "-c", SWEEPER.format(name=connection.settings_dict["NAME"])],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.outbox.settings"},
        stdout=subprocess.PIPE,
    )


def test_four_sweeps_at_once_queue_each_reminder_once():
    appointments = make_many(60)

    with ThreadPoolExecutor(4) as pool:
        queued = sum(pool.map(lambda _number: sweep(), range(4)))
    sweep()

    assert queued <= len(appointments)
    assert len(appointments) == Letter.objects.count()


def test_sweeps_killed_in_the_middle_and_started_again_remind_everybody_once():
    appointments = make_many(200)

    for kill in range(3):
        sweeper = start_sweeper()
        assert sweeper.stdout.readline() == b"ready\n"
        time.sleep(0.05 + 0.1 * kill)
        sweeper.send_signal(signal.SIGKILL)
        sweeper.wait()
        sweeper.stdout.close()
    sweep()

    keys = {appointment.reminder_key("reminder_24h") for appointment in appointments}
    assert set(Letter.objects.values_list("key", flat=True)) == keys
    assert Letter.objects.count() == 200


def test_who_is_cancelled_while_the_sweep_runs_keeps_no_waiting_reminder():
    appointments = make_many(60)

    def cancel():
        try:
            for appointment in appointments:
                appointment.cancel(by=appointment.advisor)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(cancel), pool.submit(sweep), pool.submit(sweep)]:
            done.result()
    sweep()

    waiting = Letter.objects.filter(key__contains="reminder", status=LetterStatus.QUEUED)
    assert not waiting.exists()

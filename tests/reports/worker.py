"""A worker for the fault tests: the portal's own, but each report takes as long as the test says.

Started as `celery -A tests.reports.worker worker`. MAKING_SECONDS is the time one report takes; a
report whose change note is POISON kills whoever makes it, as one that eats up all memory would.
"""

import os
import signal
import time
from functools import partial

import django

from best_portal.celery import app

django.setup()  # Celery sets Django up only after it has found the application here

from reports import tasks  # noqa: E402 - models need Django to be set up
from reports.models import Step  # noqa: E402
from reports.production import Produced  # noqa: E402
from reports.work import work_on  # noqa: E402

__all__ = ["app"]

POISON = "poison"
SECONDS = float(os.environ.get("MAKING_SECONDS", "1"))


def slowly(version, progress):
    for step in Step:
        progress(step)
        if version.change_note == POISON and step == Step.PRINTING:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(SECONDS / len(Step))
    paper = f"%PDF by {os.getpid()}".encode()
    return Produced(frozen={}, pdf=paper, csv=b"", json=b"{}", pages=1)


tasks.work_on = partial(work_on, produce=slowly)

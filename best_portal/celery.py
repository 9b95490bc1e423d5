"""The Celery application, and the bell that may be out of order.

The broker is only a doorbell: every job is a row in PostgreSQL first, and the sweeps that beat
starts (CELERY_BEAT_SCHEDULE) find the rows whose bell was never heard.
"""

import logging
import os
from dataclasses import dataclass

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import connection, transaction
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "best_portal.settings")

logger = logging.getLogger(__name__)

# Nobody waits for a bell: with the worker's own patience a dead broker holds a page for 6 s.
IMPATIENT = {
    "socket_connect_timeout": 0.3,
    "socket_timeout": 0.3,
    "max_retries": 0,
    "interval_start": 0,
}


@dataclass(frozen=True)
class Bell:
    """One ring for a task."""

    task: DjangoTask
    args: tuple
    kwargs: dict

    def __call__(self):
        self.task.ring(*self.args, **self.kwargs)


class Task(DjangoTask):
    """A task that is rung for: a broker out of reach neither fails nor delays who rings."""

    abstract = True

    def delay_on_commit(self, *args, **kwargs):
        """Ring once the transaction holds; an unheard bell is logged and left to the sweep.

        However often one transaction asks for the same, it is one ring.
        """
        bell = Bell(self, args, kwargs)
        if bell not in [waiting for _savepoints, waiting, _robust in connection.run_on_commit]:
            transaction.on_commit(bell)

    def ring(self, *args, **kwargs):
        options = self.app.conf.broker_transport_options | IMPATIENT
        try:
            with self.app.connection_for_write(transport_options=options) as broker:
                self.apply_async(args, kwargs, connection=broker)
        except OperationalError as error:
            logger.warning("Nobody heard the bell for %s: %s", self.name, error)


app = Celery("best_portal", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

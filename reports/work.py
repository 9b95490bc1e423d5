"""Working on one version: a heartbeat keeps the lease, and whoever lost it stores nothing."""

import logging
import threading
import time
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from reports.models import LeaseLostError
from reports.production import NotProducedError, produce

logger = logging.getLogger(__name__)


def work_on(version, produce=produce):
    """Produce a claimed version and store it.

    A version nobody can produce fails with its sentence; one that broke off goes back to the
    queue, and what broke it is raised. Returns quietly, having stored nothing, where the lease
    is lost.
    """
    begun = time.monotonic()
    try:
        with kept_alive(version):
            produced = produce(version, version.enter)
            version.finish(produced, seconds=time.monotonic() - begun)
    except LeaseLostError:
        logger.info("Version %s is no longer ours; nothing is stored.", version.pk)
    except NotProducedError as refusal:
        with suppress(LeaseLostError):
            version.fail(refusal.sentence)
    except Exception:
        with suppress(LeaseLostError):
            version.give_back()
        raise


@contextmanager
def kept_alive(version):
    """Extend the lease from a thread while the work goes on, printing included."""
    over = threading.Event()
    heart = threading.Thread(target=beat, args=(version, over), daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()


def beat(version, over):
    try:
        while not over.wait(settings.REPORT_HEARTBEAT_SECONDS):
            try:
                version.extend_lease()
            except LeaseLostError:
                return
            except (DatabaseError, InterfaceError) as error:
                # The lease outlasts several beats; the next one finds a new connection.
                logger.warning("A heartbeat of version %s was missed: %s", version.pk, error)
                connection.close()
    finally:
        # Each thread has a connection of its own, and nobody else would close it.
        connection.close()

"""The words of a PDF: read by a process of its own, with limits of memory and time."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

READER = Path(__file__).with_name("pdf_reader.py")
MIB = 2**20
# The reader gets no secret: only what libraries need to be found.
ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")
# An answer of four bytes a letter, and the line ends.
BYTES = 5


def words_of_pdf(file, most):
    """The text of a PDF as far as it was read within the limits; nothing of a scan."""
    command = [sys.executable, "-P", str(READER)]
    command += [str(settings.PDF_WORDS_MEMORY_MB * MIB), str(settings.PDF_WORDS_SECONDS), str(most)]
    with subprocess.Popen(
        command,
        env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as reader:
        try:
            found, _nothing = reader.communicate(timeout=2 * settings.PDF_WORDS_SECONDS)
        except BaseException as interruption:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(reader.pid, signal.SIGKILL)
            if not isinstance(interruption, subprocess.TimeoutExpired):
                raise
            found, _nothing = reader.communicate()
    if reader.returncode:
        logger.warning("A PDF was read in part only (status %s).", reader.returncode)
    return found[: BYTES * most].decode("utf-8", "ignore")

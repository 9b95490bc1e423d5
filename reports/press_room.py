"""Presses that stand ready: each has loaded its libraries once and prints one thing after another.

A press (reports/press.py) is a process of its own, and whatever it prints is done in a fork of it
with limits of its own, so that no document can take another, or the caller, with it.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from queue import SimpleQueue

from django.conf import settings

# The press gets no secret: only what libraries need to be found.
ENVIRONMENT = (
    *("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
    *("FONTCONFIG_FILE", "FONTCONFIG_PATH"),
)


class PressRoom:
    """As many presses as were asked for; leaving the room ends them and whatever they print.

    Presses end with the thread that started them: `staff` it from one that outlives the printing.
    """

    def __init__(self):
        self._presses = []
        self._free = SimpleQueue()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for press in self._presses:
            press.stop()

    def staff(self, presses):
        """Have at least so many presses; they load their libraries while the caller goes on."""
        while len(self._presses) < presses:
            press = Press()
            self._presses.append(press)
            self._free.put(press)

    def print(self, folder, wall):
        """Print what was laid out in a folder on the next free press; see `Press.print`."""
        press = self._free.get()
        try:
            return press.print(folder, wall)
        finally:
            self._free.put(press)


class Press:
    """One process that prints what it is given, one folder after another."""

    def __init__(self):
        self._home = tempfile.TemporaryDirectory(prefix="press-")
        self._start()

    def _start(self):
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        home = {"HOME": self._home.name, "TMPDIR": self._home.name, "LC_ALL": "C.UTF-8"}
        with (Path(self._home.name) / "stderr").open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "reports.press"],
                cwd=settings.BASE_DIR,
                env=environment | home,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                bufsize=0,
                start_new_session=True,
            )

    def print(self, folder, wall):
        """Return how the printing ended: an exit status, or None if `wall` seconds did not do.

        Below zero it is the signal that ended it, as subprocess has it.
        """
        if self._process.poll() is not None:
            self._close()
            self._start()
        try:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(os.fsencode(folder) + b"\n")
            answered, _, _ = select.select([self._process.stdout], [], [], wall)
            answer = self._process.stdout.readline() if answered else None
        except BaseException:
            # Whatever ended the waiting, nothing is left running.
            self._kill()
            raise
        if answer is None:
            self._kill()
            return None
        if answer:
            return int(answer)
        # It ended before it could begin; what it said stands where the fork would have said it.
        shutil.copy(Path(self._home.name) / "stderr", folder)
        return self._process.wait()

    def _kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _close(self):
        for pipe in (self._process.stdin, self._process.stdout):
            pipe.close()

    def stop(self):
        self._kill()
        self._close()
        self._home.cleanup()

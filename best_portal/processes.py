"""The processes `start.py` begins: they end in order, and none outlives it."""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1


class StartError(Exception):
    """What stands in the way, and what to do about it."""


def say(text):
    """Tell the person at the terminal; standard output belongs to the command's own answer."""
    print(text, file=sys.stderr, flush=True)


class Stopped(BaseException):
    """Somebody asked us to end."""


class Signals:
    """Ctrl-C, SIGTERM or a closed terminal interrupt us once; nothing disturbs the way out."""

    def __init__(self):
        self.leaving = False
        self.heeded = []

    def heed(self):
        # Ctrl-C counts even where a shell ignores it; under nohup the terminal may close.
        self.heeded = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            self.heeded.append(signal.SIGHUP)
        for number in self.heeded:
            signal.signal(number, self.leave)

    def leave(self, number, frame):
        if not self.leaving:
            self.leaving = True
            raise Stopped(number)


SIGNALS = Signals()


class Children:
    """The processes started here: they end in reverse order, and none outlives us."""

    def __init__(self):
        self.running = []
        # Looked up before any fork: a child may no longer import.
        self.prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def start(self, name, command, *, farewell=signal.SIGTERM, patience=10, **options):
        """Start a process in a session of its own, where the terminal's Ctrl-C does not reach it.

        It is ended by the signal `farewell`; Linux sends that too should we be killed.
        """

        def end_with_us():
            if self.prctl:
                self.prctl(PR_SET_PDEATHSIG, farewell)

        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_us,
            **options,
        )
        self.running.append((name, process, farewell, patience))
        return process

    def first_dead(self):
        """Return name and exit code of a child that has ended, or None."""
        for name, process, *_ in self.running:
            if process.poll() is not None:
                return name, process.returncode
        return None

    def stop(self):
        while self.running:
            name, process, farewell, patience = self.running.pop()
            with suppress(ProcessLookupError):
                process.send_signal(farewell)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                say(f"{name} does not end by itself and is killed.")
            # Whoever it started and left behind.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def call(command, environment, **options):
    """Run the command somebody asked for in front, as if it had been called alone."""
    process = subprocess.Popen(command, env=environment, **options)

    def pass_on(number, frame):
        # Ctrl-C at a terminal reaches the command without us, and not every Ctrl-C ends it.
        if number != signal.SIGINT or not at_a_terminal():
            process.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in SIGNALS.heeded}
    try:
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def at_a_terminal():
    try:
        with open("/dev/tty", "rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False

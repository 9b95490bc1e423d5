"""Reads the words of one PDF in a process of its own, and ends.

Started by best_portal/files/pdf_words.py as a script: the PDF is its standard input, the words are
its standard output, page by page, so that what was read before a limit is not lost. It knows
neither Django nor the portal's secrets.
"""

import contextlib
import ctypes
import io
import logging
import resource
import signal
import sys


def fence_in(memory, cpu):
    """Limit memory and time, write no file, and end when the caller ends."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Linux: a worker killed without warning takes its reader with it.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def forbid():
    """No network and no further process, whatever a file brings its reader to."""
    never = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system")

    def watch(event, _arguments):
        if event.startswith(never):
            raise PermissionError(f"The reader does nothing of the kind: {event}")

    sys.addaudithook(watch)


def read(content, most, out):
    """Write the words of each page as soon as they are read; a broken page stops no other."""
    from pypdf import PdfReader  # what reads a file made by hand is loaded behind the fence only

    logging.disable(logging.CRITICAL)
    left = most
    for page in PdfReader(io.BytesIO(content)).pages:
        with contextlib.suppress(Exception):
            words = page.extract_text()[:left]
            out.write(words.encode("utf-8", "ignore") + b"\n")
            out.flush()
            left -= len(words)
        if left <= 0:
            return


if __name__ == "__main__":
    fence_in(memory=int(sys.argv[1]), cpu=int(sys.argv[2]))
    forbid()
    read(sys.stdin.buffer.read(), int(sys.argv[3]), sys.stdout.buffer)

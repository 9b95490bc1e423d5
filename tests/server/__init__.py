"""A portal as it runs for real: gunicorn with its processes and threads, on the tests' database.

    def test_two_at_once(portal):                      # the fixture of tests/conftest.py
        visitor = Visitor(portal, founder)
        answers = at_once(*[lambda: visitor.ask(address, form)] * 20)

A browser of one's own is `Visitor`; `at_once` lets go of many calls in the same moment.
"""

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@contextmanager
def served(application="best_portal.wsgi"):
    """Serve an application as the image does, and hand over its address."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as door:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application),
                *("--bind", f"fd://{door.fileno()}", "--preload"),
                *("--workers", "2", "--threads", "4", "--log-level", "warning"),
            ],
            cwd=ROOT,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "tests.server.settings",
                "TESTS_DATABASE": connection.settings_dict["NAME"],
            },
            pass_fds=[door.fileno()],
        )
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        try:
            wait_for(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(PATIENCE)


def wait_for(address, process):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if Visitor(address).ask("/bereit/")[0] == 200:
            return
        time.sleep(0.1)
    raise RuntimeError("The portal did not start.")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Visitor:
    """One person with a browser of their own: signed in as `client` is, or a stranger."""

    def __init__(self, server, client=None):
        self.server = server
        self.cookies = (
            {name: morsel.value for name, morsel in client.cookies.items()} if client else {}
        )
        self.opener = urllib.request.build_opener(NoRedirect)

    def ask(self, path, data=None):
        """Return (status, address led to, page)."""
        if data is not None:
            token = self.cookies[settings.CSRF_COOKIE_NAME]
            data = urlencode(data | {"csrfmiddlewaretoken": token}).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        request = urllib.request.Request(
            self.server + path, data, {"Cookie": cookies, "Referer": self.server}
        )
        try:
            with self.opener.open(request, timeout=PATIENCE) as response:
                return self._read(response)
        except urllib.error.HTTPError as response:
            with response:
                return self._read(response)

    def _read(self, response):
        for header in response.headers.get_all("Set-Cookie", []):
            name, _equals, value = header.partition("=")
            self.cookies[name] = value.partition(";")[0]
        return response.status, response.headers.get("Location"), response.read().decode()

    def form_key(self, path):
        """Open the form, as everybody does before they press the button."""
        status, _address, page = self.ask(path)
        assert status == 200
        return re.search(r'name="form_key" value="([^"]+)"', page).group(1)


def founder_at(server, founder):
    client = Client()
    client.force_login(founder)
    return Visitor(server, client)


def at_once(*calls):
    """Call all in the same moment; return what each returned."""
    gate = threading.Barrier(len(calls))

    def run(call):
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))

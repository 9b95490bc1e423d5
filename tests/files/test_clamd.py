"""The virus scanner, asked over a real socket: what it finds, says and fails to say."""

import io
import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from best_portal.files.guard import check
from best_portal.files.refusals import RefusedFile
from tests.files.hostile_files import EICAR

CLEAN = b"Guten Tag\n"


class Scanner:
    """A server that speaks clamd's INSTREAM; `says` replaces its answer."""

    def __init__(self, server, says=None):
        self.server, self.says = server, says
        self.seen = []

    def serve(self):
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            with connection:
                self.answer(connection)

    def answer(self, connection):
        stream = connection.makefile("rb")
        with stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(length)
        self.seen.append(content)
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        connection.sendall(found if self.says is None else self.says)


@contextmanager
def scanner(family, address, says=None):
    server = socket.socket(family)
    server.bind(address)
    server.listen()
    answering = Scanner(server, says)
    thread = threading.Thread(target=answering.serve)
    thread.start()
    try:
        yield answering
    finally:
        # Wakes whoever waits in accept(); closing alone does not.
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@pytest.fixture(params=["tcp", "unix"])
def scanned(request, settings, tmp_path):
    settings.CLAMD_TIMEOUT_SECONDS = 5

    @contextmanager
    def scanned(says=None):
        if request.param == "unix":
            path = str(tmp_path / "clamd.sock")
            with scanner(socket.AF_UNIX, path, says) as answering:
                settings.CLAMD = f"unix://{path}"
                yield answering
            return
        with scanner(socket.AF_INET, ("127.0.0.1", 0), says) as answering:
            settings.CLAMD = f"tcp://127.0.0.1:{answering.server.getsockname()[1]}"
            yield answering

    return scanned


def checked(content, name="brief.txt"):
    return check(io.BytesIO(content), name)


def code_of(content):
    with pytest.raises(RefusedFile) as refusal:
        checked(content)
    return refusal.value.code


def test_what_the_scanner_finds_is_not_kept(scanned):
    with scanned():
        assert code_of(EICAR) == "virus"


def test_what_it_finds_clean_is_kept_whole(scanned):
    long = CLEAN * 20_000

    with scanned() as answering:
        assert checked(long).content.read() == long

    assert answering.seen == [long]


@pytest.mark.parametrize("says", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"x" * 10_000])
def test_a_file_it_could_not_look_at_is_not_kept(scanned, says):
    with scanned(says):
        assert code_of(CLEAN) == "not_checked"


def test_nothing_is_kept_while_it_is_down(settings, tmp_path):
    settings.CLAMD = f"unix://{tmp_path / 'nobody.sock'}"

    assert code_of(CLEAN) == "not_checked"


def test_nobody_is_asked_where_none_is_named(settings):
    settings.CLAMD = ""

    assert checked(CLEAN).content.read() == CLEAN

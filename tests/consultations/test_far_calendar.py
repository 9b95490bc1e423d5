"""Reading a calendar from the internet: never from inside our own house, never for ever."""

import datetime
import http.server
import ipaddress
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from consultations import far_calendar
from consultations.far_calendar import UnreadableError, is_public, read

HOST = "kalender.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a certificate for HOST, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "both.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return pem


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by path; what was asked is noted."""

    def do_GET(self):  # noqa: N802 - the name http.server looks for
        self.server.asked.append(self.path)
        what, _, rest = self.path[1:].partition("?")
        match what:
            case "file":
                self.answer(200, b"BEGIN:VCALENDAR")
            case "go":
                self.answer(302, b"", Location=rest)
            case "large":
                self.answer(200, b"x" * (far_calendar.MOST_BYTES + 10))
            case "slow":
                self.send_response(200)
                self.end_headers()
                for _number in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
            case _:
                self.answer(404, b"")

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that hang up are what these tests are about."""


@pytest.fixture
def server(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def far(server, certificate):
    """Read from our own server as if it stood outside; every other address is judged as ever."""
    trusting = ssl.create_default_context(cafile=str(certificate))

    def far(path, **given):
        given = {
            "resolve": lambda host, port: ["127.0.0.1"] if host == HOST else real(host, port),
            "is_allowed": lambda address: address == "127.0.0.1" or is_public(address),
            "context": trusting,
            "port": server.server_port,
        } | given
        return read(f"https://{HOST}/{path}", **given)

    return far


def real(host, port):
    # Only what needs no network: an address stands for itself.
    return [str(ipaddress.ip_address(host))]


def refused(call, *args, **given):
    with pytest.raises(UnreadableError) as refusal:
        call(*args, **given)
    return refusal.value.code


def test_a_file_is_read(far, server):
    assert far("file") == b"BEGIN:VCALENDAR"
    assert server.asked == ["/file"]


def test_a_redirect_to_another_path_is_followed(far):
    assert far(f"go?https://{HOST}/file") == b"BEGIN:VCALENDAR"
    assert far("go?/file") == b"BEGIN:VCALENDAR"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("https://10.0.0.1/", "internal"),
        ("https://169.254.169.254/latest/", "internal"),
        ("https://[::1]/", "internal"),
        ("https://192.168.1.1/", "internal"),
        (f"http://{HOST}/file", "address"),
        ("file:///etc/passwd", "address"),
        (f"https://{HOST}:22/", "address"),
        (f"https://{HOST}/go?/file", "refused"),
        ("/go?/go?/go?/go?/file", "refused"),
        ("/missing", "refused"),
    ],
)
def test_a_redirect_leads_nowhere_else(far, target, code):
    far_target = target.replace("/go?/file", "/missing") if target.startswith("https") else target

    assert refused(far, f"go?{far_target}") == code


INSIDE = [
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:53aa:64c::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_an_address_outside_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "169.254.169.254",
        "10.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
    ],
)
def test_the_real_reader_refuses_what_leads_inside(host, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", no_connection)

    assert refused(read, f"https://{host}/kalender.ics") == "internal"


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_even_beside_a_public_address(address, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", no_connection)

    for answer in ([address], ["93.184.216.34", address], [address, "93.184.216.34"]):
        assert refused(read, f"https://{HOST}/", resolve=lambda *_, a=answer: a) == "internal"


def no_connection(*_args, **_kwargs):
    raise AssertionError("connected")


def test_the_name_is_resolved_once_and_the_checked_address_connected_to(far):
    answers = iter([["127.0.0.1"]])

    assert far("file", resolve=lambda host, port: next(answers)) == b"BEGIN:VCALENDAR"


def test_a_certificate_of_another_name_is_refused(server, certificate):
    trusting = ssl.create_default_context(cafile=str(certificate))
    given = {"resolve": lambda *_: ["127.0.0.1"], "is_allowed": bool, "port": server.server_port}

    assert refused(read, "https://anders.example/file", context=trusting, **given) == "silent"
    assert refused(read, f"https://{HOST}/file", **given) == "silent"


def test_a_large_file_is_not_read_to_its_end(far):
    assert refused(far, "large") == "large"


def test_an_answer_byte_by_byte_ends_in_time(far, monkeypatch):
    monkeypatch.setattr(far_calendar, "MOST_SECONDS", 0.5)
    began = time.monotonic()

    assert refused(far, "slow") == "slow"
    assert time.monotonic() - began < 3


def test_a_server_that_says_nothing_ends_in_time(monkeypatch):
    monkeypatch.setattr(far_calendar, "SECONDS_OF_SILENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        given = {"resolve": lambda *_: ["127.0.0.1"], "is_allowed": bool}

        assert refused(read, f"https://{HOST}/", port=silent.getsockname()[1], **given) == "slow"


def test_nobody_there_is_said(far, server):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert refused(far, "file", port=port) == "silent"
    assert refused(read, f"https://{HOST}/", resolve=nothing) == "silent"


def nothing(host, port):
    raise socket.gaierror("unknown name")

"""Whatever is sent to whichever address, the portal answers, and never with a 5xx."""

import os
import random
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from best_portal.accounts.models import Role
from tests.routes.forms import forms_of
from tests.routes.matrix import ANONYMOUS, EXPECTED, LOGIN, ROUTES, ask

# `FUZZ=10 SEED=7 pytest tests/routes/test_fuzz.py` asks ten times as much, and other things.
TIMES = int(os.environ.get("FUZZ", "1"))
SEED = int(os.environ.get("SEED", "20301103"))
HOSTILE = [
    "\0",
    "a\0b",
    "😀",
    "\u202eabc\u2066",
    "\ufffe",
    "x" * 100_000,
    "-1",
    "0",
    "2147483648",
    "9223372036854775808",
    "9" * 5_000,
    "1e400",
    "NaN",
    "-Infinity",
    "1,5,5",
    "٣",
    "²",
    "31.02.2024",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2024-W99",
    "25:61",
    "None",
    "[]",
    '{"a": 1}',
    "';--",
    "%",
    "\\",
    "<script>",
    "=1+1",
    "\r\nSet-Cookie: a=b",
    "zk",
    "",
]
NUMBERS = ["0", "2147483648", "9223372036854775808", "9" * 40]
TEXTS = ["%00", "a%00b", "%F0%9F%98%80", "%FF%FE", "%ED%A0%80", "..%2F..%2Fetc", "'", "x" * 5_000]
PARAMETERS = (
    "q page project district organisation kind advisor topic since until sort year woche tag wer "
    "rows like appointment zeitraum known next channel stage headcount case schluessel names "
    "entwurf fund period year file state art name email phone address"
)
MULTIPART = "multipart/form-data; boundary=zk"
BODIES = [
    (b"", MULTIPART),
    (b"--zk", MULTIPART),
    (b'--zk\r\nContent-Disposition: form-data; name="q"\r\n\r\n', MULTIPART),
    (b'--zk\r\nContent-Disposition: form-data; name="file"; filename="a\0b"\r\n\r\nx', MULTIPART),
    (b"\xff\xfe" * 50, MULTIPART),
    (b"a=b", "multipart/form-data"),
    (b"a=b", "multipart/form-data; boundary=" + "z" * 300),
    (b"{", "application/json"),
    (b"%ff=%ff&%00=%00&q=%ed%a0%80", "application/x-www-form-urlencoded"),
    (b"&" * 5_000 + b"a=1" * 3, "application/x-www-form-urlencoded"),
    (b"a=1&" * 3_000, "application/x-www-form-urlencoded"),
    (b"a=b", "application/x-www-form-urlencoded; charset=nonsense"),
    (b"a=b", "text/plain; charset=utf-7"),
]


class Storm:
    """Sends requests and keeps those that broke the portal."""

    def __init__(self, client, visitor):
        self.client = client
        self.visitor = visitor
        self.broken = {}

    @property
    def open_lines(self):
        """The expectations of what this visitor is let in for: behind a door nothing happens."""
        return [line for line in EXPECTED if line.of(self.visitor) not in ("403", LOGIN)]

    def send(self, method, address, *data, **options):
        response = ask(self.client, method, address, *data, **options)
        self.note(response, f"{method} {address[:200]} {data!r:.300} {options!r:.200}")
        return response

    def send_body(self, address, body, kind):
        """A POST with a body as it is; `post` would encode it."""
        with transaction.atomic():
            response = self.client.generic("POST", address, body, content_type=kind)
            transaction.set_rollback(True)
        self.note(response, f"POST {address} {body[:100]!r} {kind}")

    def note(self, response, request):
        if response.status_code >= 500:
            self.broken.setdefault(self.cause(response), request)

    @staticmethod
    def cause(response):
        if not getattr(response, "exc_info", None):
            return f"status {response.status_code}"
        kind, error, trace = response.exc_info
        ours = ""
        while trace:
            path = trace.tb_frame.f_code.co_filename
            if ".venv" not in path and "/lib/" not in path:
                ours = f"{os.path.basename(path)}:{trace.tb_lineno}"
            trace = trace.tb_next
        return f"{kind.__name__}: {error!s:.120} ({ours})"

    def verdict(self):
        return "\n".join(f"{cause}\n    {request}" for cause, request in self.broken.items())


@pytest.fixture(params=[Role.MANAGER, Role.FOUNDER, ANONYMOUS])
def storm(request, visit):
    return Storm(visit(request.param), request.param)


@pytest.fixture
def chance():
    """The same accidents in every run."""
    return random.Random(SEED)


def hostile_paths(expectation, world):
    """The address with each of its parameters replaced by what nobody would type."""
    converters = ROUTES[expectation.route].pattern.converters
    address = expectation.address(world)
    for name, value in expectation.parameters(world).items():
        typed = converters[name].to_url(value)
        for hostile in NUMBERS if typed.isdecimal() else TEXTS:
            yield hostile.join(address.rsplit(typed, 1))


@pytest.mark.slow
def test_no_address_breaks_the_portal(storm, worlds, chance):
    own, _foreign = worlds
    paths = [
        (line.method, path)
        for line in storm.open_lines
        if line.objects
        for path in hostile_paths(line, own)
    ]

    for method, path in chance.sample(paths, min(len(paths), 150 * TIMES)):
        storm.send(method, path)

    assert not storm.broken, storm.verdict()


@pytest.mark.slow
def test_no_question_breaks_the_portal(storm, worlds, chance):
    own, _foreign = worlds
    asked = [line for line in storm.open_lines if line.method == "GET" and line.route != "ready"]

    for line in asked * TIMES:
        names = chance.sample(PARAMETERS.split(), 8)
        query = "&".join(f"{name}={quote(chance.choice(HOSTILE)[:3000])}" for name in names)
        storm.send("GET", f"{line.address(own)}?{query}")
        if chance.random() < 0.2:
            storm.send("GET", f"{line.address(own)}?{chance.choice(TEXTS)}=%00&q=%ff")

    assert not storm.broken, storm.verdict()


@pytest.mark.slow
def test_nothing_typed_breaks_the_portal(storm, worlds, chance):
    own, _foreign = worlds
    # The forms of the frame are on every page; each is filled in once.
    filled_in = set(map(frozenset, forms_of(storm.send("GET", reverse("home")).content.decode())))

    for line in storm.open_lines:
        page = storm.send("GET", line.address(own))
        if page.status_code != 200 or "html" not in page.headers["Content-Type"]:
            continue
        for form in forms_of(page.content.decode()):
            if line.route != "home" and frozenset(form) in filled_in:
                continue
            for _time in range(3 * TIMES):
                mutated = dict(form)
                for name in chance.sample(sorted(form), min(len(form), chance.randint(1, 4))):
                    mutated[name] = [chance.choice(HOSTILE)]
                if chance.random() < 0.1:
                    mutated["file"] = SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + b"\0" * 20)
                storm.send("POST", line.address(own), mutated)

    assert not storm.broken, storm.verdict()


@pytest.mark.slow
def test_no_body_breaks_the_portal(storm, worlds, chance):
    own, _foreign = worlds
    posts = [line for line in storm.open_lines if line.method == "POST"]

    for line in posts * TIMES:
        for body, kind in chance.sample(BODIES, 2):
            storm.send_body(line.address(own), body, kind)

    assert not storm.broken, storm.verdict()


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["sid", "csrf", "language", "theme", "messages"])
@pytest.mark.parametrize("value", ['"' + r"\000" * 40 + '"', "ð\x9f", "x" * 5_000, '"\\'])
def test_no_cookie_breaks_the_portal(cookie, value, visit):
    storm = Storm(visit(ANONYMOUS), ANONYMOUS)

    for address in (reverse("home"), reverse("account_login"), reverse("accounts:profile")):
        storm.send("GET", address, headers={"Cookie": f"{cookie}={value}"})

    assert not storm.broken, storm.verdict()

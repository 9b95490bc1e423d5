"""The press: nothing hostile gets through it, nothing too large takes the caller with it."""

import contextlib
import dataclasses
import http.server
import io
import os
import sys
import threading
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pikepdf
import pypdf
import pytest

from reports import paper, pdf
from reports.document import Change, Document
from reports.press_room import PressRoom
from tests.reports.samples import make_document

CREATED = datetime(2003, 8, 1, 9, 30, tzinfo=UTC)
CANARY = "kanarienvogel-7f3a9c"
WORDS = "<!DOCTYPE html><html lang=de><head><title>T</title></head><body><h1>T</h1>{}</body></html>"

# {file} is a file on this machine, {url} a server that must never be asked.
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src='{url}/img.png' alt='x'>",
    "<img src='{file}' alt='x'>",
    "<iframe src='{file}'></iframe>",
    "<object data='{file}'></object>",
    "<embed src='{url}/embed'>",
    "<link rel='stylesheet' href='{url}/style.css'>",
    "<link rel='attachment' href='{file}'>",
    "<a rel='attachment' href='{file}'>x</a>",
    "<style>@import url('{url}/import.css');</style>",
    "<style>body{{background:url('{url}/bg.png')}}</style>",
    "<style>@font-face{{font-family:x;src:url('{url}/font.woff')}} *{{font-family:x}}</style>",
    "<style>p::before{{content:url('{file}')}}</style>",
    "</title></head><body onload=alert(1)>",
    "<svg><image href='{file}'/><use href='{url}/use.svg#a'/></svg>",
    "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "<img alt=x src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' "
    "xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='{file}'/></svg>\">",
    "<!DOCTYPE x [<!ENTITY c SYSTEM '{file}'>]>&c;",
    "<?xml-stylesheet href='{url}/x.xsl'?>",
    "<base href='{url}/'>",
    "<meta http-equiv='refresh' content='0;url={url}/refresh'>",
    "<input type=text value=x onfocus=alert(1) autofocus>",
    "{{{{ 7|add:7 }}}}{{% include '{file}' %}}",
    "'; DROP TABLE reports_report; --",
    '=HYPERLINK("{url}/formula";"x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-->]]></p></td></tr></table></body></html>",
    "\"' onmouseover='alert(1)",
    "url({url}/plain) file://{file}",
    "&lt;b&gt; &amp;amp; &#60;script&#62;",
)
# A picture of a logo is one we have made, or it is not frozen.
NAMES_OF_CHOICE = {"form", "chart", "key", "template_version", "image"}


@pytest.fixture
def honeypot():
    """A server that only remembers that it was asked."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802 - the name http.server calls
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def canary(tmp_path):
    file = tmp_path / "canary.svg"
    file.write_text(
        f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text>{CANARY}</text></svg>"
    )
    return file.as_uri()


def press(html, **options):
    return pdf.render(html, title="T", identifier="1", created=CREATED, **options)


def unpacked(content):
    """Every byte of the file as a reader sees it, attachments included."""
    with pikepdf.open(io.BytesIO(content)) as document:
        streams = [
            thing.read_bytes() if thing.get("/Subtype") != "/Image" else thing.read_raw_bytes()
            for thing in document.objects
            if isinstance(thing, pikepdf.Stream)
        ]
    return content + b"".join(streams)


def spoiled(value, payload, name=""):
    """Put the payload into every free text of a document, however deep."""
    if dataclasses.is_dataclass(value):
        fields = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        if name == "logos":
            fields.pop("kind")
        kept = {"kind"} if type(value).__name__ in ("Cover", "FinancingLine") else set()
        changed = {
            key: item if key in kept | NAMES_OF_CHOICE else spoiled(item, payload, key)
            for key, item in fields.items()
        }
        return dataclasses.replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(spoiled(item, payload, name) for item in value)
    if isinstance(value, str):
        return payload
    assert value is None or isinstance(value, bool | int | date | datetime | Decimal | dict)
    return value


def shortened(document):
    """The document with one or two of each thing: every field, but not every row."""
    breakdowns = [
        dataclasses.replace(item, rows=item.rows[:2], chart=chart)
        for item, chart in zip(document.breakdowns, ("stacked", "bars", "line"), strict=True)
    ]
    return dataclasses.replace(
        document,
        narrative=document.narrative[:3],
        indicators=document.indicators[3:4],
        breakdowns=tuple(breakdowns),
        finances=document.finances[2:4],
        annex=document.annex[:1],
        rules=document.rules[:1],
        changes=(Change("a", "b", "c"),),
        change_reason="d",
    )


def without_blanks(text):
    return "".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize("form", ["senate", "esf", "efre"])
def test_hostile_texts_in_every_field_are_printed_as_typed(form, honeypot, canary):
    url, asked = honeypot
    payloads = [payload.format(url=url, file=canary) for payload in PAYLOADS]
    document = spoiled(shortened(make_document(form)), "\n".join(payloads))

    printed = paper.produce(document)

    assert asked == []
    assert CANARY.encode() not in unpacked(printed.content)
    reader = pypdf.PdfReader(io.BytesIO(printed.content))
    text = without_blanks("".join(sheet.extract_text() for sheet in reader.pages))
    assert [payload for payload in payloads if without_blanks(payload) not in text] == []
    with pikepdf.open(io.BytesIO(printed.content)) as opened:
        assert set(opened.attachments) == {"bericht.json", "kennzahlen.csv", "beratungen.csv"}
        attached = opened.attachments["bericht.json"].get_file().read_bytes().decode()
        assert Document.from_json(attached) == document
        assert "/OpenAction" not in opened.Root
        assert "/JavaScript" not in opened.Root.Names


@pytest.mark.parametrize("payloads", [PAYLOADS[i::6] for i in range(6)])
def test_even_markup_in_a_template_reaches_nothing_outside(payloads, honeypot, canary):
    url, asked = honeypot
    html = WORDS.format("\n".join(payloads).format(url=url, file=canary))

    content = b""
    with contextlib.suppress(pdf.PrintError):
        content = press(html).content

    assert asked == []
    assert not content or CANARY.encode() not in unpacked(content)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "../../etc/passwd",
        "asset:../settings.py",
        "asset:nothing.svg",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/x",
        "HTTP://127.0.0.1:1/x",
        "data:text/html,x",
        "data:image/svg+xml;base64,!!!",
    ],
)
def test_an_address_that_is_not_ours_refuses_the_paper(address):
    with pytest.raises(pdf.PrintError) as refusal:
        press(WORDS.format(f'<img alt="x" src="{address}">'))

    assert refusal.value.problem == "markup"


def test_small_drawings_written_into_the_template_are_shown():
    drawing = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E"
        "%3Crect width='9' height='9'/%3E%3C/svg%3E"
    )

    assert press(WORDS.format(f'<img alt="x" src="{drawing}">')).pages == 1


@pytest.mark.parametrize(
    "html",
    [
        WORDS.format('<img src="asset:eu-emblem.svg">'),
        WORDS.replace(" lang=de", "").format("<p>ohne Sprache</p>"),
        WORDS.format("<style>p { colour: red }</style><p>falsches CSS</p>"),
    ],
    ids=["no words for a picture", "no language", "unknown css"],
)
def test_what_weasyprint_would_only_have_logged_refuses_the_paper(html):
    with pytest.raises(pdf.PrintError) as refusal:
        press(html)

    assert refusal.value.problem == "markup"
    assert refusal.value.detail


BOMBS = {
    "nested flex": "<div style='display:flex'>" * 40 + "x" + "</div>" * 40,
    "many pages": "<p style='break-after:page'>x</p>" * 20_000,
    "nested tables": "<table><tr><td>" * 400 + "x",
    "wide cell": "<table><tr><td colspan=100000>x</td></tr></table>" * 20,
    "long table": "<table>" + "<tr><th>x</th><td>y</td></tr>" * 60_000 + "</table>",
}


@pytest.mark.usefixtures("press_of_its_own")
@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_stopped_within_its_limits_and_the_caller_lives(bomb):
    limits = pdf.Limits(memory=700 * pdf.MIB, cpu=4, wall=30)
    there = presses_of_this_process()
    begun = time.monotonic()

    with pytest.raises(pdf.PrintError) as refusal:
        press(WORDS.format(BOMBS[bomb]), limits=limits)

    assert refusal.value.problem in ("too_large", "too_long")
    assert time.monotonic() - begun < limits.wall + 5
    assert presses_of_this_process() == there
    assert press(WORDS.format("<p>weiter</p>")).pages == 1


def presses_of_this_process():
    with open(f"/proc/self/task/{os.getpid()}/children") as children:
        presses = set()
        for pid in children.read().split():
            with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline") as command:
                presses |= {pid} if "reports.press" in command.read() else set()
    return presses


@pytest.mark.usefixtures("press_of_its_own")
def test_a_press_that_sleeps_is_stopped_by_the_clock(monkeypatch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    there = presses_of_this_process()
    begun = time.monotonic()

    with pytest.raises(pdf.PrintError) as refusal:
        press(WORDS.format("x"), limits=pdf.Limits(memory=512 * pdf.MIB, cpu=60, wall=1))

    assert refusal.value.problem == "too_long"
    assert time.monotonic() - begun < 5
    assert presses_of_this_process() == there


def test_after_a_press_that_was_stopped_the_room_goes_on_and_leaves_nothing_open():
    at_once = pdf.Limits(memory=512 * pdf.MIB, cpu=60, wall=0)

    with PressRoom() as room:
        room.staff(1)
        with pytest.raises(pdf.PrintError):
            press(WORDS.format("x"), limits=at_once, room=room)

        # A pipe left open would be a warning, and a warning fails the test.
        assert press(WORDS.format("x"), room=room).pages == 1


def test_too_little_memory_gets_a_sentence():
    limits = pdf.Limits(memory=260 * pdf.MIB, cpu=60, wall=60)
    rows = "<tr><th>x</th><td>y</td></tr>" * 3_000

    with pytest.raises(pdf.PrintError) as refusal:
        press(WORDS.format(f"<table>{rows}</table>"), limits=limits)

    assert refusal.value.problem == "too_large"
    assert "shorter period" in refusal.value.messages[0] or "kürzer" in refusal.value.messages[0]


@pytest.mark.usefixtures("press_of_its_own")
def test_a_missing_pango_gets_a_sentence_with_the_cure(monkeypatch, tmp_path):
    # Only the press meets this: its dlopen finds no library, as on a machine without Pango.
    (tmp_path / "sitecustomize.py").write_text(
        "import cffi\n"
        "def dlopen(self, name, flags=0):\n"
        "    raise OSError(f'cannot load library {name!r}')\n"
        "cffi.FFI.dlopen = dlopen\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(pdf.PrintError) as refusal:
        press(WORDS.format("x"))

    assert refusal.value.problem == "pango"
    assert "apt-get install --no-install-recommends libpango-1.0-0" in refusal.value.messages[0]


@pytest.mark.usefixtures("press_of_its_own")
def test_the_press_is_given_no_secret(monkeypatch, tmp_path):
    seen = tmp_path / "environment"
    (tmp_path / "sitecustomize.py").write_text(
        f"import os\nopen({str(seen)!r}, 'w').write(repr(dict(os.environ)))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", CANARY)

    press(WORDS.format("x"))

    assert CANARY not in seen.read_text()
    assert "DATABASE_URL" not in seen.read_text()


def test_the_web_process_never_loads_weasyprint():
    assert "weasyprint" not in sys.modules


@pytest.mark.usefixtures("press_of_its_own")
def test_the_same_input_gives_the_same_bytes_and_other_identifiers_others():
    html = WORDS.format("<p>gleich</p>")
    attachment = pdf.Attachment("a.csv", b"a;b", "Tabelle")

    first = press(html, attachments=[attachment])
    # A moment that slipped into a font would be one of whole seconds.
    time.sleep(1.1)

    assert press(html, attachments=[attachment]) == first
    other = pdf.render(html, title="T", identifier="2", created=CREATED)
    assert other.content != first.content


@pytest.mark.usefixtures("press_of_its_own")
def test_nothing_is_left_in_the_temporary_folder(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    press(WORDS.format("x"))
    with pytest.raises(pdf.PrintError):
        press(WORDS.format("<img src='http://127.0.0.1:1/'>"))

    assert list(tmp_path.iterdir()) == []

"""Whatever somebody typed leaves the house as text: in every file that can be downloaded."""

import csv
import io
import json
import re
import unicodedata
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import icalendar
import openpyxl
import pypdf
import pytest
from django.core import mail
from django.urls import reverse

from best_portal.export import XLSX
from best_portal.outbox.models import Letter
from consultations.emails import announce
from consultations.group_emails import tell
from consultations.models import Appointment, Registration
from reports.document import printable
from tests.pages.hostile import (
    BILLS,
    LIST,
    LOG,
    PAYLOADS,
    Filling,
    bare,
    bring_hostile_lists,
    make_full_world,
    release_hostile_report,
)
from tests.pages.walk import signed_in
from tests.routes.matrix import ANONYMOUS, EXPECTED, VISITORS, ask

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# What a spreadsheet may take for a formula, however it is hidden behind blanks and quotes.
FORMULA = re.compile(r"""[\s"',;\u200b\ufeff]*[=+\-@|%＝＋－＠]""")
NUMBER = re.compile(r"-?[\d.]*\d(,\d+)?")
# Their texts were brought or frozen before; the other tests read them.
READ_BELOW = (
    "consultations:import_rejected",
    "enterprises:operations_import_rejected",
    "reports:vouchers_import_rejected",
    "enterprises:document_file",
    "reports:voucher_file",
    "reports:download",
    "reports:volume",
    "reports:everything",
)
PLAIN = [payload for payload in PAYLOADS if payload.isascii()]
# file → what stands in it of all that is typed.
HOLDS = {
    "consultations:export =csv": {
        "enterprises.Organisation.name",
        "consultations.Consultation.result",
        "consultations.Consultation.place",
    },
    "consultations:declined_export =csv": {"consultations.DeclinedRequest.place"},
    "consultations:visit_export =csv": {
        "consultations.Visit.name",
        "consultations.Visit.situation",
        "consultations.Visit.condition",
    },
    "enterprises:operations_export =csv": {"enterprises.Operation.name"},
    "enterprises:documents_export =csv": {
        "enterprises.Document.title",
        "enterprises.DocumentVersion.name",
    },
    "consultations:pseudonymous project": {"districts.District.name"},
    "consultations:appointment_ics appointment": {"consultations.Appointment.place"},
    "consultations:feed": {"enterprises.Person.name", "consultations.Appointment.place"},
}
HOLDS |= {name.replace("csv", "xlsx"): fields for name, fields in HOLDS.items()}
# The same for a report; its PDF is read text by text.
TOLD_IN_FIGURES = {"districts.District.name", "reports.Indicator.name"}
TOLD_IN_DATA = {
    "consultations.Consultation.result",
    "reports.Programme.name",
    "reports.Grant.purpose",
    "reports.Grant.reference",
    "reports.Notice.reference",
    "reports.FinancingPlanLine.label",
    "reports.Indicator.rule_text",
}
# Of each letter, in their order.
LETTERS = [
    {"enterprises.Person.name", "consultations.Appointment.place"},
    {"accounts.User.name", "consultations.Appointment.place"},
    {"enterprises.Person.name", "consultations.GroupSession.title"},
]


# --- reading ---


def of_csv(body):
    """The cells as typed; none of them begins a formula."""
    text = body.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        for cell in row:
            assert cell.startswith("'") or not FORMULA.match(cell) or NUMBER.fullmatch(cell), cell
            yield cell


def of_xlsx(body):
    """The cells as typed; none of them calculates or leads anywhere."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheets = b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)
    assert b"<f>" not in sheets
    assert b"hyperlink" not in sheets
    for sheet in openpyxl.load_workbook(io.BytesIO(body)):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type in "snd"
            yield str(cell.value)


def of_calendar(body):
    """The values of each property; what was typed made no property of its own."""
    for part in icalendar.Calendar.from_ical(body).walk():
        assert set(part) <= PROPERTIES, part
        # Of an address, whatever could mean something in it is written as its number.
        yield from (
            unquote(value) if value.startswith("mailto:") else value
            for value in map(str, part.values())
        )


def of_json(body):
    def leaves(value):
        if isinstance(value, dict):
            value = value.values()
        if isinstance(value, str):
            yield value
        elif not isinstance(value, int | float | None):
            for each in value:
                yield from leaves(each)

    return leaves(json.loads(body))


def of_feed(body):
    """The words of an Atom feed; what was typed made no element of its own."""
    for element in ElementTree.fromstring(body).iter():
        assert element.tag.startswith("{http://www.w3.org/2005/Atom}"), element.tag
        yield from (element.text or "", *element.attrib.values())


def of_zip(body):
    """What is in the files of an archive, each read as what its name says it is."""
    endings = {".csv": of_csv, ".json": of_json, ".xlsx": of_xlsx, ".pdf": of_pdf}
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            read = endings.get(Path(name).suffix, lambda content: [content.decode()])
            yield from read(content)


def of_pdf(body):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages]


PROPERTIES = {
    *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION"),
    *("STATUS", "URL"),
    *("ORGANIZER", "ATTENDEE", "CLASS", "PRODID", "VERSION", "METHOD", "X-WR-CALNAME"),
    *("REFRESH-INTERVAL", "X-PUBLISHED-TTL"),
    *("TZID", "TZNAME", "RRULE", "TZOFFSETFROM", "TZOFFSETTO"),
}
READERS = {
    "text/csv": of_csv,
    XLSX: of_xlsx,
    "text/calendar": of_calendar,
    "application/json": of_json,
    "application/ld+json": of_json,
    "application/geo+json": of_json,
    "application/atom+xml": of_feed,
    "application/zip": of_zip,
    # The service worker: our own addresses, nothing typed.
    "text/javascript": lambda body: [body.decode()],
    "application/pdf": of_pdf,
    "text/plain": lambda body: [body.decode()],
}


def texts_in(response):
    kind = response.headers["Content-Type"].partition(";")[0]
    assert kind in READERS, "read this kind of file, too"
    return "\n".join(bare(text) for text in READERS[kind](response.getvalue()))


def files_of(world, clients):
    """Every address that answers with a file: {its expectation in words: (who, address, file)}."""
    found = {}
    for each in EXPECTED:
        readers = [visitor for visitor in VISITORS if each.of(visitor) == "200"]
        if each.method == "GET" and each.route != "ready" and readers:
            place = readers[0], each.address(world)
            file = answer(clients, place)
            if not file.headers["Content-Type"].startswith("text/html"):
                found[" ".join([each.route, *each.objects])] = (*place, file)
    feed = ANONYMOUS, f"{reverse('consultations:feed')}?schluessel={world.name}"
    found["consultations:feed"] = (*feed, answer(clients, feed))
    return {name: file for name, file in found.items() if not name.startswith(READ_BELOW)}


def answer(clients, place):
    who, address, *_rest = place
    return ask(clients[who], "GET", address)


def held_by(files, filling):
    """Which of the fields stand in which file: {expectation: fields}."""
    texts = {name: texts_in(file) for name, (*_place, file) in files.items()}
    return {
        name: {field for field, typed in filling.read.items() if bare(typed) in text}
        for name, text in texts.items()
    }


# --- the tests ---


def test_each_of_them_in_each_field_is_in_the_file_as_typed(sign_in):
    world, filling, wrong = make_full_world(), Filling(), []
    clients = {visitor: signed_in(sign_in, world, visitor) for visitor in VISITORS}
    filling.write_one("Muster")
    files = files_of(world, clients)
    papers = {name for name, (*_place, file) in files.items() if is_paper(file)}
    holds = held_by(files, filling)

    for turn in range(len(PAYLOADS) // 2):
        filling.write_pair(turn)
        for name in files.keys() - papers:
            text = texts_in(answer(clients, files[name]))
            lost = [field for field in holds[name] if bare(filling.read[field]) not in text]
            wrong += [f"{filling.read[field]!r} as {field} in {name}" for field in lost]
    # Printing takes its time: all of them at once, and what no font has is not printed.
    filling.write_many()
    for name in papers:
        text = texts_in(answer(clients, files[name]))
        for field in holds[name]:
            typed = [each for each in PLAIN if each in filling.read[field]]
            wrong += [f"{each!r} as {field} in {name}" for each in typed if bare(each) not in text]

    assert not wrong, "\n".join(wrong)
    assert [name for name, fields in HOLDS.items() if not fields <= holds[name]] == []
    assert papers >= {"reports:attendance_list group_session"}


def is_paper(response):
    return response.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("route", "batch", "columns", "visitor"),
    [
        ("consultations:import_rejected", "batch", LOG, "advisor"),
        ("enterprises:operations_import_rejected", "operations_batch", LIST, "advisor"),
        ("reports:vouchers_import_rejected", "vouchers_batch", BILLS, "manager"),
    ],
)
def test_rejected_rows_come_back_as_typed(sign_in, route, batch, columns, visitor):
    world = make_full_world()
    bring_hostile_lists(world)
    client = signed_in(sign_in, world, visitor)

    address = reverse(route, args=[world.objects[batch].pk])
    text = visible(texts_in(client.get(address)))

    rarely = [each for each in PAYLOADS if text.count(visible(bare(each))) < len(columns)]
    assert rarely == []


def visible(text):
    """What an import keeps: no signs that nobody sees, and each letter written one way."""
    kept = (letter for letter in text if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", "".join(kept))


def test_a_released_report_holds_them_as_typed(sign_in):
    world, filling = make_full_world(), Filling()
    filling.write_many()
    release_hostile_report(world)
    client = signed_in(sign_in, world, "funder")

    def read(kind):
        return texts_in(
            client.get(reverse("reports:download", args=[world.objects["version"].pk, kind]))
        )

    printed, figures, data = read("pdf"), read("csv"), read("json")

    assert [text for text in PLAIN if bare(text) not in printed] == []
    assert [text for text in PLAIN if bare(text) not in data] == []
    shown = {name: bare(printable(filling.read[name])) for name in TOLD_IN_FIGURES}
    assert [name for name, typed in shown.items() if typed not in figures] == []
    told = TOLD_IN_FIGURES | TOLD_IN_DATA
    assert [name for name in told if bare(filling.read[name]) not in data] == []


def test_letters_go_out_and_say_them_as_typed():
    world, filling, wrong = make_full_world(), Filling(), []

    for payload in (*PAYLOADS, "two\r\nlines", "two\n\nlines"):
        filling.write_one(payload)
        Letter.objects.all().delete()
        announce("booked", Appointment.objects.get(pk=world.objects["appointment"].pk), by=None)
        tell("registered", Registration.objects.get(pk=world.objects["registration"].pk))
        posted = Letter.objects.count()
        mail.outbox.clear()
        assert Letter.objects.deliver_due() == posted, payload
        for sent, names in zip(mail.outbox, LETTERS, strict=True):
            said = bare(f"{sent.subject} {sent.body}")
            lost = [name for name in names if bare(filling.read[name]) not in said]
            wrong += [f"{payload!r} as {name} in {sent.subject!r}" for name in lost]

    assert not wrong, "\n".join(wrong)


def test_the_readers_notice_what_calculates():
    """Else they would find nothing in whichever file."""
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    file = io.BytesIO()
    book.save(file)

    for reader, body in [(of_csv, b"a;=1+1\r\n"), (of_xlsx, file.getvalue())]:
        with pytest.raises(AssertionError):
            list(reader(body))

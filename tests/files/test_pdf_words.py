"""The words of a PDF: read in a process of its own that costs no more than it may."""

import io
import zlib

import pytest

from best_portal.files.pdf_words import words_of_pdf
from best_portal.files.texts import words_of

PDF = "application/pdf"


def pdf(*pages, filtered=""):
    """A PDF whose pages have these content streams."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, content in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (5 + 2 * number)
        )
        how = f"/Filter/{filtered}".encode() if filtered else b""
        objects.append(b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), how, content))
    written, places = io.BytesIO(b"%PDF-1.7\n"), []
    written.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, start=1):
        places.append(written.tell())
        written.write(b"%d 0 obj %s endobj\n" % (number, content))
    start = written.tell()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    written.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table))
    written.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, start))
    return written.getvalue()


def line(words):
    return b"BT /F1 12 Tf 60 700 Td (%s) Tj ET" % words.encode("cp1252")


@pytest.fixture
def read(tmp_path):
    """What is read of such bytes; the reader wants a file as the store keeps it."""

    def reading(content, most=1000):
        path = tmp_path / "papier.pdf"
        path.write_bytes(content)
        with path.open("rb") as file:
            return words_of_pdf(file, most)

    return reading


def test_the_words_of_every_page_are_read(read):
    assert read(pdf(line("Gemeinnützige Wäscherei"), line("Straße und Öl"))).split() == [
        "Gemeinnützige",
        "Wäscherei",
        "Straße",
        "und",
        "Öl",
    ]


def test_a_word_parted_at_the_end_of_a_line_is_one(tmp_path):
    lines = b"BT /F1 12 Tf 60 700 Td (Zuwendungs-) Tj 0 -14 Td (bescheid, Kosten- und) Tj ET"
    path = tmp_path / "geteilt.pdf"
    path.write_bytes(pdf(lines))

    with path.open("rb") as file:
        assert words_of(file, PDF) == "Zuwendungsbescheid, Kosten- und"


def test_no_more_is_read_than_asked_for(read):
    assert len(read(pdf(*[line("Muster " * 20)] * 5), most=200).replace("\n", "")) == 200


def test_a_scan_has_no_words(read):
    assert read(pdf(b"0 0 100 100 re f")).strip() == ""


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
        b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF",
        pdf(line("Muster"))[:-120] + b"%%EOF",
        pdf(line("Muster")).replace(b"/Kids[4 0 R]", b"/Kids[2 0 R]"),
    ],
    ids=["nothing", "noise", "cut", "in a circle"],
)
def test_what_is_broken_breaks_nobody(read, content):
    assert isinstance(read(content), str)


def test_a_broken_page_stops_no_other(read):
    pages = [zlib.compress(line("Vorher")), b"kein zlib", zlib.compress(line("Nachher"))]

    assert read(pdf(*pages, filtered="FlateDecode")).split() == ["Vorher", "Nachher"]


def test_a_page_that_unpacks_to_gigabytes_costs_no_more_than_it_may(read, settings):
    settings.PDF_WORDS_MEMORY_MB, settings.PDF_WORDS_SECONDS = 256, 5
    bomb = zlib.compress(b"BT /F1 12 Tf (Hallo) Tj ET\n" * 4_000_000, 9)

    assert read(pdf(bomb, filtered="FlateDecode")) == ""


def test_what_takes_too_long_is_stopped_and_what_was_read_stays(read, settings):
    settings.PDF_WORDS_SECONDS = 1
    endless = b"BT /F1 12 Tf " + b"(a) Tj " * 3_000_000 + b"ET"

    assert read(pdf(line("Vorher"), endless), most=200_000).startswith("Vorher")

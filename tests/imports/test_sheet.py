"""Files of every kind: read where they can be, refused with a way out where they cannot."""

import io
import resource
import zipfile
from datetime import date, time

import openpyxl
import pytest

from best_portal.imports.guard import UnreadableFile
from best_portal.imports.sheet import Formula, read_sheets

LINES = "Datum;Dauer;Notiz\n03.02.2003;1,5;Café\n"


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file


def changed(file, name, content, compression=zipfile.ZIP_DEFLATED):
    """The archive with one more or one other member."""
    result = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(result, "w", compression) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return result


def cells_of(content, name="log.csv"):
    return [record.cells for record in read_sheets(io.BytesIO(content), name)[0].records]


def refusal(content, name):
    file = content if hasattr(content, "read") else io.BytesIO(content)
    with pytest.raises(UnreadableFile) as refused:
        read_sheets(file, name)
    assert str(refused.value.message)
    return refused.value.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_is_read_in_every_encoding_and_with_every_separator(encoding, separator):
    rows = [("Datum", "Dauer", "Notiz"), ("03.02.2003", '"1,5"', '"Café; Müll – ""gut"""')]
    text = "\r\n".join(separator.join(row) for row in rows)

    assert cells_of(text.encode(encoding)) == [
        ("Datum", "Dauer", "Notiz"),
        ("03.02.2003", "1,5", 'Café; Müll – "gut"'),
    ]


def test_records_are_counted_with_title_lines_blank_lines_and_quoted_line_breaks():
    text = (
        'Titel\r\n\r\nDatum;Dauer;Notiz\r\n03.02.2003;1;"eins\nzwei"\r\n;;\r\n04.02.2003;1;drei\r\n'
    )

    records = read_sheets(io.BytesIO(text.encode()), "log.csv")[0].records

    assert [record.number for record in records] == [1, 3, 4, 6]


def test_a_quotation_mark_that_never_closes_is_refused_where_it_opens():
    text = 'Datum;Notiz\n03.02.2003;gut\n04.02.2003;"offen\n05.02.2003;weg\n'

    with pytest.raises(UnreadableFile) as refused:
        read_sheets(io.BytesIO(text.encode()), "log.csv")

    assert refused.value.code == "unclosed_quotation"
    assert refused.value.params == {"number": 3}


def test_a_workbook_keeps_types_merged_titles_and_numbers_of_rows():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "Beratungsprotokoll"
    sheet.merge_cells("A1:C1")
    sheet.append([])
    sheet.append(["Datum", "Beginn", "Dauer"])
    sheet.append([date(2003, 2, 3), time(9, 30), 1.5])

    records = read_sheets(saved(book), "log.xlsx")[0].records

    assert [record.number for record in records] == [1, 2, 3] or records[-1].number == 4
    assert records[-1].cells[0].date() == date(2003, 2, 3)
    assert records[-1].cells[1:] == (time(9, 30), 1.5)


def test_a_formula_keeps_what_is_written_and_what_is_shown():
    file = workbook(["Datum"], ["=1+1"])
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")
    file = changed(
        file,
        "xl/worksheets/sheet1.xml",
        sheet.replace(b"<v></v>", b"<v>2</v>")
        .replace(b"<v />", b"<v>2</v>")
        .replace(b"<v/>", b"<v>2</v>"),
    )

    assert read_sheets(file, "log.xlsx")[0].records[1].cells == (Formula("=1+1", 2),)


def test_a_row_at_the_far_end_of_a_sheet_costs_nothing():
    book = openpyxl.Workbook()
    book.active["A1"] = "Datum"
    book.active["XFD1048576"] = "Ende"

    records = read_sheets(saved(book), "log.xlsx")[0].records

    assert [record.number for record in records] == [1]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "log.csv", "empty"),
        (b"\n\n  \n", "log.csv", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "log.xls", "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "log.xlsx", "old_excel"),
        (LINES.encode(), "log.xls", "old_excel"),
        (LINES.encode(), "log.xlsx", "not_excel"),
        (LINES.encode(), "log.xlsm", "macros"),
        (b"%PDF-1.7\n", "log.pdf", "other_type"),
        (b"%PDF-1.7\n", "log.csv", "not_text"),
        (b"\x89PNG\r\n\x1a\n", "log.csv", "not_text"),
        (b"<!DOCTYPE html><p>", "log.csv", "not_text"),
        (b"\x7fELF\x01\x00\x00abc" * 9, "log.csv", "not_text"),
        (LINES.encode(), "log", "other_type"),
        (LINES.encode(), "log.ods", "other_type"),
        (b"PK\x03\x04 not an archive at all", "log.xlsx", "damaged"),
        (b"\xff\xfea", "log.csv", "unknown_encoding"),
        (b"Datum;Dauer\n" + b";" * 20_000, "log.csv", "not_text"),
        (b"\n" * 200_001, "log.csv", "too_many_records"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_way_out(content, name, code):
    assert refusal(content, name) == code


def test_a_file_of_50_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "log.csv"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with path.open("rb") as file:
        assert refusal(file, "log.csv") == "too_large"
        assert file.tell() <= 50 * 1024 * 1024
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10 * 1024


SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("xl/vbaProject.bin", b"macro", "macros"),
        ("xl/macrosheets/sheet1.xml", b"<x/>", "macros"),
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", "other_archive"),
        ("[Content_Types].xml", b"<broken", "damaged"),
        (SHEET, ENTITIES, "document_type"),
        (SHEET, ENTITIES.decode().encode("utf-16"), "document_type"),
        (SHEET, b"<worksheet><sheetData><row>" + b"<c/>" * 200_000, "inflates"),
        ("xl/media/big.bin", bytes(51 * 1024 * 1024), "inflates"),
    ],
)
def test_a_hostile_workbook_is_refused(name, content, code):
    assert refusal(changed(workbook(["Datum"]), name, content), "log.xlsx") == code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        (SHEET, b"<worksheet><sheetData><row>" + b"<c/>" * 200_000, "row_too_large"),
        ("xl/styles.xml", b"<styleSheet>" + b" " * 6_000_000, "part_too_large"),
    ],
)
def test_a_workbook_that_hides_its_size_by_not_packing_is_refused(name, content, code):
    file = changed(workbook(["Datum"]), name, content, zipfile.ZIP_STORED)

    assert refusal(file, "log.xlsx") == code


def test_a_workbook_that_would_be_read_for_minutes_is_refused():
    rows = b"".join(b'<row r="%d"><c><v>%d</v></c></row>' % (n, n) for n in range(1, 160_000))
    sheet = b"<worksheet><sheetData>" + rows
    file = changed(workbook(["Datum"]), SHEET, sheet, zipfile.ZIP_STORED)

    assert refusal(file, "log.xlsx") == "too_much_in_it"


def test_an_archive_of_many_members_is_refused():
    file = workbook(["Datum"])
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(200):
            archive.writestr(f"xl/media/{number}.png", b"")

    assert refusal(file, "log.xlsx") == "too_many_members"


def test_more_than_20000_entries_are_refused():
    content = LINES + "03.02.2003;1;x\n" * 20_000

    assert refusal(content.encode(), "log.csv") == "too_many_records"

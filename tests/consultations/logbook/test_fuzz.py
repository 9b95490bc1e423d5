"""Whatever a file holds: it is read, or refused with a sentence; nothing else ever happens."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from best_portal.imports.columns import find_table, propose
from best_portal.imports.guard import UnreadableFile
from best_portal.imports.preview import lines_of
from best_portal.imports.sheet import read_sheets
from consultations.logbook import preview
from consultations.logbook.areas import Area, Areas
from consultations.logbook.columns import LogColumns, unit_of
from consultations.logbook.rows import read_log
from tests.imports.test_sheet import workbook

AREAS = Areas([Area("Helmholtzplatz")])
MEANINGS = LogColumns(AREAS)
HEADINGS = ["Datum", "Beginn", "Ende", "Dauer", "Art", "Initiative", "Gebiet", "Personen", "Notiz"]
EXCEL = workbook(HEADINGS, ["3.2.03", "9:00", "10:00", 1, "Beratung", "Küche", "=A1", 3, "x"])
ODD = [
    "31.02.2003",
    "3.2.03",
    "25:99",
    "9-10",
    "-1",
    "1e9",
    "½",
    "Summe",
    "=1+1",
    "\x00",
    "ß\u202e",
]
cells = st.one_of(st.text(max_size=12), st.sampled_from(ODD))


def look_at(content, name):
    """Everything the preview does with a file; True where it could be read."""
    try:
        table = find_table(read_sheets(io.BytesIO(content), name), MEANINGS)
    except UnreadableFile:
        return False
    columns = propose(table, MEANINGS)
    log = read_log(table, columns, AREAS, unit=unit_of(table, columns))
    lines = lines_of(
        table, log, preview.understood, lambda record: preview.written(record, columns)
    )
    rows = [line.row for line in lines]
    assert len(rows) == len(table.records)
    assert all(problem.sentence for problem in log.problems)
    told = len(log.entries) + len(log.duplicates) + len(log.rejected) + len(log.ignored)
    assert told == len(rows)
    return True


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_may_call_themselves_text(content):
    look_at(content, "log.csv")


@given(st.lists(st.lists(cells, max_size=9), max_size=8), st.sampled_from(";,\t"))
@settings(deadline=None)
def test_any_cells_may_stand_below_the_headings(rows, separator):
    lines = [separator.join(HEADINGS), *(separator.join(row) for row in rows)]

    look_at("\n".join(lines).encode("utf-8", "surrogatepass"), "log.csv")


@given(st.lists(st.tuples(st.integers(0, 10**5), st.integers(0, 255)), min_size=1, max_size=20))
@settings(deadline=None, max_examples=60)
def test_any_byte_of_a_workbook_may_be_wrong(changes):
    content = bytearray(EXCEL.getvalue())
    for place, byte in changes:
        content[place % len(content)] = byte

    look_at(bytes(content), "log.xlsx")


def test_the_workbook_itself_can_be_read():
    assert look_at(EXCEL.getvalue(), "log.xlsx")

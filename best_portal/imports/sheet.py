"""From a file to sheets of raw cells, each record with its number in the file."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from best_portal.imports.delimited import read_delimited
from best_portal.imports.guard import (
    DAMAGED,
    MAX_COLUMNS,
    TOO_MANY,
    UnreadableFile,
    check_archive,
    check_file,
)

MAX_RECORDS = 20_000
EXCEL_ROWS = 1_048_576


@dataclass(frozen=True)
class Formula:
    """A cell that is calculated: what it shows (where the file kept it) and how it is written."""

    written: str
    shown: object = None


@dataclass(frozen=True)
class Record:
    """A line that is not blank; `number` counts every line of the file from 1, blank ones too."""

    number: int
    cells: tuple


@dataclass(frozen=True)
class Sheet:
    name: str
    records: tuple[Record, ...]


def read_sheets(file, name):
    """Read every sheet of a file; the caller gives an open binary file and the name it came with.

    Raises UnreadableFile, whose message says what to do, before a file can cost memory.
    """
    if check_file(file, name) == "csv":
        sheets = [Sheet("", _kept(read_delimited(file.read())))]
    else:
        check_archive(file)
        try:
            sheets = _read_workbook(file)
        except UnreadableFile:
            raise
        except Exception as error:  # openpyxl fails on hand-made files with whatever comes first
            raise UnreadableFile(DAMAGED, "damaged") from error
    if not any(sheet.records for sheet in sheets):
        raise UnreadableFile(
            _("The file holds no entries. Choose the file that holds the list."), "empty"
        )
    return sheets


def _read_workbook(file):
    sheets = []
    written = load_workbook(file, read_only=True, keep_links=False)
    try:
        for sheet in written.worksheets:
            records = _kept(_cells(sheet))
            sheets.append(Sheet(sheet.title, records))
    finally:
        written.close()
    file.seek(0)
    if any(_is_formula(cell) for s in sheets for record in s.records for cell in record.cells):
        sheets = _with_shown_values(file, sheets)
    return sheets


def _cells(sheet):
    sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
    return sheet.iter_rows(max_row=EXCEL_ROWS, max_col=MAX_COLUMNS, values_only=True)


def _is_formula(cell):
    return isinstance(cell, str) and cell.startswith("=")


def _with_shown_values(file, sheets):
    """Read once more for the values the spreadsheet program last calculated."""
    shown = load_workbook(file, read_only=True, keep_links=False, data_only=True)
    try:
        return [
            Sheet(sheet.name, _joined(sheet.records, _cells(shown[sheet.name]))) for sheet in sheets
        ]
    finally:
        shown.close()


def _joined(records, shown_rows):
    rows = enumerate(shown_rows, start=1)
    joined = []
    for record in records:
        shown = next(cells for number, cells in rows if number == record.number)
        joined.append(
            Record(
                record.number,
                tuple(
                    Formula(cell, value) if _is_formula(cell) and value != cell else cell
                    for cell, value in zip(record.cells, shown, strict=False)
                ),
            )
        )
    return tuple(joined)


def _kept(rows):
    """Number the records from 1 and leave out the blank ones."""
    records = []
    for number, cells in enumerate(rows, start=1):
        width = len(cells)
        if cells.count(None) == width:
            continue
        while width and (cells[width - 1] is None or _is_blank(cells[width - 1])):
            width -= 1
        if not width:
            continue
        if len(records) == MAX_RECORDS:
            raise UnreadableFile(TOO_MANY, "too_many_records")
        records.append(Record(number, tuple(cells[:width])))
    return tuple(records)


def _is_blank(cell):
    return isinstance(cell, str) and not cell.strip()

"""A frozen report as an Excel file: the figures on one sheet, the rows of the list on another."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter

from reports.reading import Reading

FIGURES = ("Schlüssel", "Indikator", "Einheit", "Soll", "Ist im Zeitraum", "Ist kumuliert", "%")
ROWS = ("Nr.", "Tag", "Art", "Minuten", "Gebiet", "Fall", "Thema", "Ergebnis", "Aufgabe")
FIELDS = ("number", "on", "kind", "minutes", "district", "case_number", "topic", "result", "task")
# Fixed, so that the same version gives the same file on every day.
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDTH = 20


def workbook(frozen):
    """The bytes of the file; texts are texts, whatever they begin with."""
    file, reading = io.BytesIO(), Reading(frozen)
    book = xlsxwriter.Workbook(file, {**SAFE, "strings_to_numbers": False})
    book.set_properties({"created": CREATED})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    bold = book.add_format({"bold": True})
    figures = [line for each in reading.figures for line in lines_of(each)]
    rows = [
        [date.fromisoformat(row["on"]) if name == "on" else row.get(name) for name in FIELDS]
        for row in frozen.get("annex", [])
    ]
    sheets = [("Indikatoren", FIGURES, figures), ("Beratungen", ROWS, rows)]
    for table in reading.tables:
        lines = [*table.lines, *([table.sum] if table.sum else [])]
        values = [(line.label, *(cell.value for cell in line.cells)) for line in lines]
        sheets.insert(-1, (table.title, (table.label, *table.columns), values))
    taken = set()
    for title, headings, lines in sheets:
        sheet = book.add_worksheet(sheet_name(title, taken))
        sheet.set_column(0, len(headings), WIDTH)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for number, line in enumerate(lines, start=1):
            for column, value in enumerate(line):
                write(sheet, number, column, value, day)
    book.close()
    return file.getvalue()


def lines_of(figure):
    """The figure, and below it what it is made of."""
    numbers = (figure.target, figure.in_period, figure.cumulated, figure.percent)
    yield (figure.code, figure.name, figure.unit, *numbers)
    for part in figure.parts:
        name = f"{figure.name}: {part.label}"
        yield (figure.code, name, figure.unit, None, part.in_period, part.cumulated, None)


def sheet_name(title, taken):
    """At most 31 characters, none that Excel forbids, and no two alike."""
    name = "".join(sign for sign in title if sign not in "[]:*?/\\'")[:28] or "Tabelle"
    while name.lower() in taken:
        name = f"{name[:25]} {len(taken)}"
    taken.add(name.lower())
    return name


def write(sheet, row, column, value, day):
    match value:
        case None | "":
            return
        case Decimal() | int():
            sheet.write_number(row, column, value)
        case date():
            sheet.write_datetime(row, column, value, day)
        case _:
            sheet.write_string(row, column, str(value))

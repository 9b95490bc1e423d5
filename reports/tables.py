"""A frozen report as an Excel file: figures, money and rows, each table on a sheet of its own."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter

from best_portal.export import MAX_CELL
from reports import german
from reports.document import printable
from reports.money_tables import is_voucher_list, money_tables
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
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {**SAFE, "strings_to_numbers": False})
    book.set_properties({"created": CREATED})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    money = book.add_format({"num_format": "#,##0.00"})
    taken = set()
    for title, headings, lines in sheets_of(frozen):
        sheet = book.add_worksheet(sheet_name(title, taken))
        sheet.set_column(0, len(headings), WIDTH)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        formats = [money if heading.endswith("EUR") else None for heading in headings]
        for number, line in enumerate(lines, start=1):
            for column, value in enumerate(line):
                write(sheet, number, column, value, day, formats[column])
    book.close()
    return file.getvalue()


def sheets_of(frozen):
    """Title, headings and rows of each sheet; a Belegliste holds its money and nothing else."""
    money = [(table.title, table.headings, table.rows) for table in money_tables(frozen)]
    if is_voucher_list(frozen):
        return money
    reading = Reading(frozen)
    figures = [line for each in reading.figures for line in lines_of(each)]
    rows = [
        [date.fromisoformat(row["on"]) if name == "on" else row.get(name) for name in FIELDS]
        for row in frozen.get("annex", [])
    ]
    sheets = [("Indikatoren", FIGURES, figures)]
    for table in reading.tables:
        lines = [*table.lines, *([table.sum] if table.sum else [])]
        values = [(line.label, *(cell.value for cell in line.cells)) for line in lines]
        sheets.append((table.title, (table.label, *table.columns), values))
    return [*sheets, *money, ("Beratungen", ROWS, rows)]


def lines_of(figure):
    """The figure, and below it its milestone and what it is made of."""
    numbers = (figure.target, figure.in_period, figure.cumulated, figure.percent)
    yield (figure.code, figure.name, figure.unit, *numbers)
    for each in figure.milestones:
        name = f"{figure.name}: Etappenziel bis {german.day(each.due_on)}"
        yield (figure.code, name, figure.unit, each.value, None, None, None)
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


def write(sheet, row, column, value, day, money=None):
    match value:
        case None | "":
            return
        case Decimal() | int():
            sheet.write_number(row, column, value, money)
        case date():
            sheet.write_datetime(row, column, value, day)
        case _:
            # A cell of type text is never calculated, whatever it begins with.
            sheet.write_string(row, column, printable(str(value))[:MAX_CELL])

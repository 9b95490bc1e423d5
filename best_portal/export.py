"""Lists as files: CSV and Excel as a German spreadsheet program opens them, formulas harmless.

What a person typed stays text: a cell can start nothing, compute nothing, fetch nothing.
"""

import csv
import re
import tempfile
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain

import xlsxwriter
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

BOM = "\ufeff"  # without it Excel takes UTF-8 for Windows-1252
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The ending of each kind of file → what people call it.
ENDINGS = {"csv": "CSV", "xlsx": "Excel"}
PIECE = 64 * 1024
MAX_CELL = 32_767
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What spreadsheet programs take for the beginning of a formula or a command, in every width.
STARTERS = tuple("=+-@\t\r\n|%") + tuple("＝＋－＠﹦﹢﹣﹫−")
# What they skip before they look.
SKIPPED = " \xa0\u3000\u200b\ufeff\"';,"


def harmless(text):
    """The text, with a leading apostrophe where a spreadsheet program might calculate it."""
    risky = text.startswith(STARTERS) or text.lstrip(SKIPPED).startswith(STARTERS)
    return f"'{text}" if risky else text


# --- CSV ---


def csv_lines(headings, rows):
    """Yield the lines of a CSV file: semicolons, decimal commas, German dates."""
    line = _Line()
    writer = csv.writer(line, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    yield BOM
    for row in chain([headings], rows):
        writer.writerow([csv_cell(value) for value in row])
        yield line.text


class _Line:
    """What the csv module writes to: it keeps the last line."""

    def write(self, text):
        self.text = text


def csv_cell(value):
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case int():
            return str(value)
        case float() | Decimal():
            return f"{value}".replace(".", ",")
        case datetime():
            return f"{_local(value):%d.%m.%Y %H:%M}"
        case date():
            return f"{value:%d.%m.%Y}"
        case time():
            return f"{value:%H:%M}"
        case _:
            return harmless(str(value))


def csv_response(name, headings, rows):
    """Send a list of any length as it is counted out; `name` has no ending."""
    response = StreamingHttpResponse(
        in_readers_language(csv_lines(headings, rows)), content_type="text/csv; charset=utf-8"
    )
    return _as_attachment(response, f"{name}.csv")


# --- Excel ---


def xlsx_pieces(headings, rows):
    """Yield an .xlsx file with real dates and numbers, and texts that are only texts.

    Rows go to the disk one by one, so that a list of any length takes no more memory.
    """
    with tempfile.TemporaryFile() as file:
        _write_book(file, headings, rows)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _write_book(file, headings, rows):
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {**options, "strings_to_numbers": False})
    sheet = book.add_worksheet("BEST")
    formats = {
        "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        Decimal: book.add_format({"num_format": "#,##0.00", "valign": "top"}),
        date: book.add_format({"num_format": "dd.mm.yyyy", "valign": "top"}),
        datetime: book.add_format({"num_format": "dd.mm.yyyy hh:mm", "valign": "top"}),
        time: book.add_format({"num_format": "hh:mm", "valign": "top"}),
    }
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(headings) - 1, 0), 18)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, str(heading), formats["heading"])
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, formats)
    book.close()


def _write(sheet, row, column, value, formats):
    match value:
        case None | "":
            return
        case bool():
            sheet.write_string(row, column, _("yes") if value else _("no"))
        case Decimal():
            sheet.write_number(row, column, value, formats[Decimal])
        case int() | float():
            sheet.write_number(row, column, value)
        case datetime():
            sheet.write_datetime(row, column, _local(value).replace(tzinfo=None), formats[datetime])
        case date() | time():
            sheet.write_datetime(row, column, value, formats[type(value)])
        case _:
            # A cell of type text is never calculated, whatever it begins with.
            text = CONTROLS.sub("", "\n".join(str(value).splitlines()))
            sheet.write_string(row, column, text[:MAX_CELL], formats["text"])


def xlsx_response(name, headings, rows):
    """Send a list of any length; `name` has no ending."""
    pieces = in_readers_language(xlsx_pieces(headings, rows))
    response = StreamingHttpResponse(pieces, content_type=XLSX)
    return _as_attachment(response, f"{name}.xlsx")


def file_response(ending, name, headings, rows):
    """Send a list as the kind of file its ending says, one of `ENDINGS`."""
    return {"csv": csv_response, "xlsx": xlsx_response}[ending](name, headings, rows)


def in_readers_language(pieces):
    """The pieces, each made in the language of the request, which is over when they are sent."""
    return _in_language(get_language(), iter(pieces))


def _in_language(language, pieces):
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _local(moment):
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _as_attachment(response, name):
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response

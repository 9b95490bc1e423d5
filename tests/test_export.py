"""Lists as files: readable in a German spreadsheet program, and nothing in them calculates."""

import csv
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal

import openpyxl
import pytest

from best_portal.export import csv_lines, csv_response, xlsx_pieces, xlsx_response

HOSTILE = [
    '=HYPERLINK("http://example.invalid";"Protokoll")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    "  =1",
    '"=1',
    ";=1",
    "|calc",
    "%0A=1",
    "\n=1",
]


def workbook(headings, rows):
    return io.BytesIO(b"".join(xlsx_pieces(headings, rows)))


def read(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_cell_of_a_csv_file_begins_a_formula(typed):
    (heading,), (cell,) = read("".join(csv_lines([typed], [[typed]])))

    assert heading == cell == f"'{typed}"


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_cell_of_an_excel_file_is_a_formula_or_a_link(typed):
    sheet = openpyxl.load_workbook(workbook(["Notiz"], [[typed]])).active

    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].hyperlink is None
    assert sheet["A2"].value.strip() == typed.strip()


def test_harmless_text_stays_as_typed():
    (_heading, cells) = read("".join(csv_lines(["a"], [["Café; Müll", "3 - 2", "1,5"]])))

    assert cells == ["Café; Müll", "3 - 2", "1,5"]


def test_values_are_written_the_german_way():
    row = [None, 7, 1.5, Decimal("2.50"), date(2003, 2, 3), time(9, 30)]
    row.append(datetime(2003, 2, 3, 8, 0, tzinfo=UTC))

    text = "".join(csv_lines(["a"], [row]))

    assert text == "\ufeffa\r\n;7;1,5;2,50;03.02.2003;09:30;03.02.2003 09:00\r\n"


def test_excel_gets_real_dates_and_numbers():
    row = [7, Decimal("2.5"), date(2003, 2, 3), datetime(2003, 2, 3, 8, 0, tzinfo=UTC)]

    sheet = openpyxl.load_workbook(workbook(["a"], [row])).active

    assert [cell.value for cell in sheet[2]] == [
        7,
        2.5,
        datetime(2003, 2, 3),  # noqa: DTZ001 - a spreadsheet knows no time zones
        datetime(2003, 2, 3, 9, 0),  # noqa: DTZ001
    ]


def test_files_are_attachments_nobody_keeps_in_between():
    for response, ending in (
        (csv_response("liste", ["a"], []), ".csv"),
        (xlsx_response("liste", ["a"], []), ".xlsx"),
    ):
        assert response.headers["Content-Disposition"] == f'attachment; filename="liste{ending}"'
        assert response.headers["Cache-Control"] == "private, no-store"

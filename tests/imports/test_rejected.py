"""Rows with problems, kept without their file: every kind of cell comes back as it was."""

import json
from datetime import date, datetime, time

from django.utils import translation

from best_portal.imports.rejected import Rejected
from best_portal.imports.rows import Problem
from best_portal.imports.sheet import Formula, Record

CELLS = (
    date(2003, 2, 3),
    datetime(2003, 2, 3, 9, 30),  # noqa: DTZ001 - as openpyxl gives it
    time(9, 30),
    1.5,
    3,
    "=1+1",
    None,
)


def test_every_kind_of_cell_comes_back_as_it_was():
    problem = Problem(7, "B", "too_long", {"most": 3}, "The text is longer than %(most)s.")
    rejected = Rejected(tuple("ABCDEFG"), ((Record(7, CELLS), (problem,)),))

    kept = json.loads(json.dumps(rejected.as_json()))
    back = Rejected.from_json(kept, lambda code, params: f"{code}: %(most)s")

    ((record, (told,)),) = back.rows
    assert record == Record(7, (*CELLS[:-1], ""))
    assert told.sentence == "too_long: 3"
    with translation.override("en"):
        headings, (row,) = back.as_table()
    assert headings == [*"ABCDEFG", "Row in the file", "Problems"]
    assert row == [*CELLS[:-1], "", 7, "B: too_long: 3"]


def test_what_json_does_not_know_is_kept_as_text():
    rejected = Rejected(("A", "B"), ((Record(2, (float("inf"), Formula("=A1", 5))), ()),))

    assert rejected.as_json()["rows"] == [[2, ["inf", "=A1"], []]]

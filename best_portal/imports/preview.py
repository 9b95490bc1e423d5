"""Every row of a list as the preview shows it: what it says, what becomes of it, what is wrong."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from best_portal.imports.cells import line_of

STATES = {
    "new": _("will be imported"),
    "duplicate": _("there already"),
    "rejected": _("has problems"),
    "ignored": _("left out"),
}
REASONS = {
    "subtotal": _("a sum"),
    "heading": _("the headings once more"),
    "title": _("a title"),
    "number_only": _("only a number"),
}
# Tones of the component "status".
TONES = {"new": "success", "duplicate": "neutral", "rejected": "danger", "ignored": "neutral"}


@dataclass(frozen=True)
class Column:
    """A column of the preview."""

    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Value:
    """What stands in a column; `mark` is a word beside it where something comes of it."""

    text: object
    mark: str = ""

    def __str__(self):
        return str(self.text)


@dataclass(frozen=True)
class Line:
    """One row of the file; `problems` is empty unless its state is "rejected".

    `values` stand in the preview's columns: as understood where the row can be taken, else as
    written.
    """

    row: int
    state: str
    values: tuple
    entry: object = None
    problems: tuple = ()
    copy_of: int | None = None
    reason: str = ""
    columns: tuple = ()

    @property
    def cells(self):
        """Each value with its column."""
        return zip(self.columns, self.values, strict=True)

    @property
    def state_in_words(self):
        return STATES[self.state]

    @property
    def tone(self):
        return TONES[self.state]

    @property
    def is_wrong(self):
        return self.state == "rejected"


def lines_of(table, reading, understood, written, columns=()):
    """All rows below the headings that are not blank, in the file's order.

    `understood` gives the values of an entry under `columns`, `written` those of a record nobody
    understood.
    """
    line = partial(Line, columns=columns)
    entries = {entry.row: entry for entry in reading.entries}
    copies = {copy.entry.row: copy for copy in reading.duplicates}
    reasons = {row.row: row.reason for row in reading.ignored}
    problems = defaultdict(list)
    for problem in reading.problems:
        problems[problem.row].append(problem)
    for record in table.records:
        row = record.number
        if row in entries:
            yield line(row, "new", understood(entries[row]), entry=entries[row])
        elif row in copies:
            copy = copies[row]
            values = understood(copy.entry)
            yield line(row, "duplicate", values, entry=copy.entry, copy_of=copy.of)
        elif row in problems:
            yield line(row, "rejected", written(record), problems=tuple(problems[row]))
        else:
            yield line(row, "ignored", written(record), reason=REASONS[reasons[row]])


def lines_rejected(rejected, written, columns=()):
    """The rows with problems alone."""
    return [
        Line(record.number, "rejected", written(record), problems=problems, columns=columns)
        for record, problems in rejected.rows
    ]


def as_written(record, columns, *fields):
    """What a record says under the columns of these fields, each as one line."""

    def cell(name):
        column = columns.get(name)
        known = column is not None and column < len(record.cells)
        if not known:
            return ""
        bare = record.cells[column]
        # A number of a spreadsheet is written as people here do, not as programs do.
        return line_of(localize(Decimal(str(bare))) if is_fraction(bare) else bare)

    return tuple(cell(name) for name in fields)


def is_fraction(cell):
    return isinstance(cell, float) and not cell.is_integer()

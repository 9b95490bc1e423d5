"""The rows of a list that have problems, kept on their own once the file itself is gone."""

from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite

from django.utils.translation import gettext as _

from best_portal.imports.cells import text_of
from best_portal.imports.rows import Problem
from best_portal.imports.sheet import Record


@dataclass(frozen=True)
class Rejected:
    """Records with their problems, under the headings of their file."""

    headings: tuple
    rows: tuple  # of a record and its problems

    @classmethod
    def of(cls, table, problems):
        told = {}
        for problem in problems:
            told.setdefault(problem.row, []).append(problem)
        headings = tuple(table.heading(column) for column in range(table.width))
        return cls(
            headings,
            tuple(
                (record, tuple(told[record.number]))
                for record in table.records
                if record.number in told
            ),
        )

    # --- as a file to correct and bring again ---

    def as_table(self):
        """Headings and rows as the file had them, the number of the row and its problems behind."""
        return (
            [*self.headings, _("Row in the file"), _("Problems")],
            [
                [*self._padded(record), record.number, _told(problems)]
                for record, problems in self.rows
            ],
        )

    def _padded(self, record):
        cells = [_writable(cell) for cell in record.cells]
        return cells + [""] * (len(self.headings) - len(cells))

    # --- as JSON ---

    def as_json(self):
        return {
            "headings": self.headings,
            "rows": [
                [
                    record.number,
                    [_json(cell) for cell in record.cells],
                    [[problem.column, problem.code, problem.params] for problem in problems],
                ]
                for record, problems in self.rows
            ],
        }

    @classmethod
    def from_json(cls, kept, words):
        """What `as_json` kept; `words` gives the sentence of a code and its params."""
        return cls(
            tuple(kept["headings"]),
            tuple(
                (
                    Record(number, tuple(map(_cell, cells))),
                    tuple(
                        Problem(number, column, code, params, words(code, params))
                        for column, code, params in problems
                    ),
                )
                for number, cells, problems in kept["rows"]
            ),
        )


def _told(problems):
    return "\n".join(f"{problem.column}: {problem.sentence}" for problem in problems)


def _writable(cell):
    """A cell as it can be written again: days, times and numbers as such, the rest text."""
    return cell if isinstance(cell, (int, float, date, time)) else text_of(cell)


# Days and times have no place in JSON; by these names they are known again.
KINDS = {"datetime": datetime, "date": date, "time": time}


def _json(cell):
    cell = _writable(cell)
    for name, kind in KINDS.items():
        if isinstance(cell, kind):
            return {name: cell.isoformat()}
    return str(cell) if isinstance(cell, float) and not isfinite(cell) else cell


def _cell(kept):
    if not isinstance(kept, dict):
        return kept
    ((name, written),) = kept.items()
    return KINDS[name].fromisoformat(written)

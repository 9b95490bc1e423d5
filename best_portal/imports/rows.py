"""From a table and what its columns mean to entries, copies, problems and rows left out."""

import hashlib
import re
from dataclasses import dataclass, field

from best_portal.imports.cells import Refused, folded, is_empty, line_of
from best_portal.imports.columns import Table
from best_portal.imports.sentences import SENTENCES, said

SUM_WORDS = re.compile(
    r"^\W*(summe|zwischensumme|gesamt|insgesamt|ubertrag|uebertrag|übertrag|total|subtotal|σ|monatssumme|"
    r"jahressumme|quartalssumme|stunden gesamt|ergebnis gesamt)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken; `code` is stable, `params` fill its sentence."""

    row: int
    column: str
    code: str
    params: dict = field(default_factory=dict)
    words: str = ""

    @property
    def sentence(self):
        return said(self.words, self.params)


@dataclass(frozen=True)
class Ignored:
    """A row that is no entry: "subtotal", "heading", "title" or "number_only"."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class Duplicate:
    """A later copy of a row (`of`), or of an entry that is there already (`of` is None)."""

    entry: object
    of: int | None


@dataclass(frozen=True)
class Reading:
    """What a list holds; every row below the headings is in exactly one of the four."""

    entries: tuple
    duplicates: tuple[Duplicate, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[Ignored, ...]

    @property
    def rejected(self):
        """The numbers of the rows that have problems, in the file's order."""
        return tuple(dict.fromkeys(problem.row for problem in self.problems))

    def figures(self):
        """The totals under the names the command prints; a kind of list adds its own."""
        return {
            "imported": len(self.entries),
            "duplicates": len(self.duplicates),
            "rejected": len(self.rejected),
            "ignored": len(self.ignored),
            "problems": [
                {"row": problem.row, "column": problem.column, "problem": problem.code}
                for problem in self.problems
            ],
        }


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one kind of list; a subclass makes entries with a `fingerprint`."""

    table: Table
    mapping: dict

    # A row with this cell is an entry, whatever else it says.
    told_by = ""
    # A row of these alone is a sum.
    summed = frozenset()
    # A row of this alone was numbered in advance.
    counted = ""
    # A row of this alone was begun and not finished; any other single text is a title.
    begun_by = ""
    reading = Reading

    def read(self, record):
        """An entry and no problems, or None and every problem of the row."""
        raise NotImplementedError

    @staticmethod
    def words(code, params):
        """The sentence of a problem, its params not yet put in."""
        return SENTENCES[code]

    def read_all(self, known=()):
        """Read every row; `known` are the fingerprints that are there already.

        A row with any problem is rejected whole and tells all its problems at once.
        """
        entries, duplicates, problems, ignored = [], [], [], []
        first_row = dict.fromkeys(known)
        for record in self.table.records:
            if reason := self.reason_to_ignore(record):
                shown = " ".join(line_of(cell) for cell in record.cells if not is_empty(cell))
                ignored.append(Ignored(record.number, reason, shown[:200]))
                continue
            entry, found = self.read(record)
            if found:
                problems.extend(found)
            elif entry.fingerprint in first_row:
                duplicates.append(Duplicate(entry, first_row[entry.fingerprint]))
            else:
                first_row[entry.fingerprint] = entry.row
                entries.append(entry)
        return self.reading(tuple(entries), tuple(duplicates), tuple(problems), tuple(ignored))

    # --- cells ---

    def cell(self, record, name):
        column = self.mapping.get(name)
        return record.cells[column] if column is not None and column < len(record.cells) else None

    def column_name(self, name):
        return self.table.heading(self.mapping[name]) if name in self.mapping else ""

    # --- rows that are no entries ---

    def reason_to_ignore(self, record):
        filled = [cell for cell in record.cells if not is_empty(cell)]
        if not filled:
            return "title"
        if not is_empty(self.cell(record, self.told_by)) and not self._is_heading(record):
            return None
        if any(isinstance(cell, str) and SUM_WORDS.match(cell.strip()) for cell in filled):
            return "subtotal"
        if self._is_heading(record):
            return "heading"
        told = [name for name in self.mapping if not is_empty(self.cell(record, name))]
        if len(filled) == len(told) and set(told) <= self.summed:
            return "subtotal"
        if told == [self.counted] and len(filled) == 1:
            return (
                "number_only"
                if not isinstance(filled[0], str) or filled[0].strip(". ").isdigit()
                else "title"
            )
        if len(filled) == 1 and isinstance(filled[0], str) and told != [self.begun_by]:
            return "title"
        return None

    def _is_heading(self, record):
        same = [
            folded(line_of(cell)) == folded(heading)
            for cell, heading in zip(record.cells, self.table.headings, strict=False)
            if heading and not is_empty(cell)
        ]
        return len(same) > 1 and sum(same) * 2 > len(same)


class Findings:
    """The problems of one row while it is read."""

    def __init__(self, reader, record):
        self.reader, self.record, self.problems = reader, record, []

    def report(self, name, code, **params):
        column, words = self.reader.column_name(name), self.reader.words(code, params)
        self.problems.append(Problem(self.record.number, column, code, params, words))

    def value(self, name, read):
        """What a cell means, or None and a problem."""
        try:
            return read(self.reader.cell(self.record, name))
        except Refused as refused:
            self.report(name, refused.code, **refused.params)
            return None

    def text(self, name, read, most):
        """A text as read, empty where a mark says so, and a problem where it is too long."""
        text = read(self.reader.cell(self.record, name))
        if is_empty(text):
            return ""
        if len(text) > most:
            self.report(name, "too_long", most=most)
        return text


def fingerprint(*values):
    """A hash of what a row says, not of how it is spelled, nor of its number or its place."""
    return hashlib.sha256("\x1f".join(map(str, values)).encode()).hexdigest()

"""Every row of a log as the preview shows it: what it says, what becomes of it, what is wrong."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from consultations.logbook.values import text_of

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


@dataclass(frozen=True)
class Line:
    """One row of the file; `problems` is empty unless its state is "rejected"."""

    row: int
    state: str
    cells: tuple
    entry: object = None
    problems: tuple = ()
    copy_of: int | None = None
    reason: str = ""

    @property
    def state_in_words(self):
        return STATES[self.state]


def lines_of(table, log):
    """All rows below the headings that are not blank, in the file's order."""
    entries = {entry.row: entry for entry in log.entries}
    copies = {copy.entry.row: copy for copy in log.duplicates}
    reasons = {row.row: row.reason for row in log.ignored}
    problems = defaultdict(list)
    for problem in log.problems:
        problems[problem.row].append(problem)
    for record in table.records:
        row, cells = record.number, tuple(map(text_of, record.cells))
        if row in entries:
            yield Line(row, "new", cells, entry=entries[row])
        elif row in copies:
            yield Line(row, "duplicate", cells, entry=copies[row].entry, copy_of=copies[row].of)
        elif row in problems:
            yield Line(row, "rejected", cells, problems=tuple(problems[row]))
        else:
            yield Line(row, "ignored", cells, reason=REASONS[reasons[row]])

"""Every row of a log as the preview shows it: what it says, what becomes of it, what is wrong."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from consultations.logbook.values import line_of

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


KINDS = {
    "advice": _("advice"),
    "accompaniment": _("accompaniment"),
    "training": _("training"),
}
# Tones of the component "status".
TONES = {"new": "success", "duplicate": "neutral", "rejected": "danger", "ignored": "neutral"}
SHOWN = ("date", "times", "duration", "kind", "organisation", "area", "people", "advisor")


@dataclass(frozen=True)
class Line:
    """One row of the file; `problems` is empty unless its state is "rejected".

    `values` are what SHOWN names: as understood where the row can be taken, else as written.
    """

    row: int
    state: str
    values: tuple
    entry: object = None
    problems: tuple = ()
    copy_of: int | None = None
    reason: str = ""

    @property
    def state_in_words(self):
        return STATES[self.state]

    @property
    def tone(self):
        return TONES[self.state]

    @property
    def is_wrong(self):
        return self.state == "rejected"


def lines_of(table, log, columns):
    """All rows below the headings that are not blank, in the file's order."""
    entries = {entry.row: entry for entry in log.entries}
    copies = {copy.entry.row: copy for copy in log.duplicates}
    reasons = {row.row: row.reason for row in log.ignored}
    problems = defaultdict(list)
    for problem in log.problems:
        problems[problem.row].append(problem)
    for record in table.records:
        row = record.number
        if row in entries:
            yield Line(row, "new", _understood(entries[row]), entry=entries[row])
        elif row in copies:
            copy = copies[row]
            values = _understood(copy.entry)
            yield Line(row, "duplicate", values, entry=copy.entry, copy_of=copy.of)
        elif row in problems:
            values = _written(record, columns)
            yield Line(row, "rejected", values, problems=tuple(problems[row]))
        else:
            values = _written(record, columns)
            yield Line(row, "ignored", values, reason=REASONS[reasons[row]])


def _understood(entry):
    times = [f"{moment:%H:%M}" for moment in (entry.start, entry.end) if moment]
    return (
        f"{entry.date:%d.%m.%Y}",
        "–".join(times),
        f"{entry.minutes // 60}:{entry.minutes % 60:02}",
        KINDS[entry.kind],
        entry.organisation,
        entry.area.name,
        entry.people or "",
        entry.advisor,
    )


def _written(record, columns):
    def cell(name):
        column = columns.get(name)
        known = column is not None and column < len(record.cells)
        return line_of(record.cells[column]) if known else ""

    times = "–".join(filter(None, (cell("start"), cell("end"))))
    return tuple(times if name == "times" else cell(name) for name in SHOWN)

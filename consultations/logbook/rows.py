"""From a table and what its columns mean to entries, copies, problems and rows left out."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time

from consultations.logbook.areas import Areas
from consultations.logbook.columns import unit_of
from consultations.logbook.sentences import sentence
from consultations.logbook.values import (
    Refused,
    bare_number,
    folded,
    is_empty,
    line_of,
    read_count,
    read_date,
    read_kind,
    read_minutes,
    read_span,
    read_time,
    text_of,
)

SUM_WORDS = re.compile(
    r"^\W*(summe|zwischensumme|gesamt|insgesamt|ubertrag|uebertrag|übertrag|total|subtotal|σ|monatssumme|"
    r"jahressumme|quartalssumme|stunden gesamt|ergebnis gesamt)\b",
    re.IGNORECASE,
)
# The longest each text may be: what the portal's own forms take.
LINES = {"organisation": 200, "advisor": 120, "place": 150, "topic": 200, "next_step": 300}
TEXTS = {"note": 20_000, "result": 20_000}


@dataclass(frozen=True)
class Entry:
    """One consultation as the log tells it; `fingerprint` is the same for every copy of it."""

    row: int
    date: date
    start: time | None
    end: time | None
    minutes: int
    kind: str
    organisation: str
    area: object
    advisor: str
    people: int | None
    place: str
    topic: str
    note: str
    result: str
    next_step: str
    fingerprint: str


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken; `code` is stable, `params` fill its sentence."""

    row: int
    column: str
    code: str
    params: dict = field(default_factory=dict)

    @property
    def sentence(self):
        return sentence(self.code, self.params)


@dataclass(frozen=True)
class Ignored:
    """A row that is no entry: "subtotal", "heading", "title" or "number_only"."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class Duplicate:
    """A later copy of a row (`of`), or of an entry the project already has (`of` is None)."""

    entry: Entry
    of: int | None


@dataclass(frozen=True)
class Log:
    """What a log holds; every row below the headings is in exactly one of the four."""

    entries: tuple[Entry, ...]
    duplicates: tuple[Duplicate, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[Ignored, ...]

    @property
    def rejected(self):
        """The numbers of the rows that have problems, in the file's order."""
        return tuple(dict.fromkeys(problem.row for problem in self.problems))

    def figures(self):
        """The totals under the names the command prints."""
        by_area, by_kind = Counter(), Counter(advice=0, accompaniment=0, training=0)
        for entry in self.entries:
            by_area[entry.area.name] += entry.minutes
            by_kind[entry.kind] += 1
        return {
            "imported": len(self.entries),
            "duplicates": len(self.duplicates),
            "rejected": len(self.rejected),
            "ignored": len(self.ignored),
            "minutes": by_area.total(),
            "minutes_by_district": dict(sorted(by_area.items())),
            "consultations_by_kind": dict(by_kind),
            "organisations": len({folded(entry.organisation) for entry in self.entries}),
            "problems": [
                {"row": problem.row, "column": problem.column, "problem": problem.code}
                for problem in self.problems
            ],
        }


def read_log(
    table, mapping, areas, *, starts_on=None, ends_on=None, today=None, unit=None, known=()
):
    """Read every row of a table; `known` are the fingerprints the project already holds.

    A row with any problem is rejected whole and tells all its problems at once.
    """
    reader = _Reader(
        table=table,
        mapping=mapping,
        areas=areas if isinstance(areas, Areas) else Areas(areas),
        unit=unit or unit_of(table, mapping),
        starts_on=starts_on,
        ends_on=ends_on,
        today=today,
    )
    entries, duplicates, problems, ignored = [], [], [], []
    first_row = dict.fromkeys(known)
    for record in table.records:
        if reason := reader.reason_to_ignore(record):
            shown = " ".join(line_of(cell) for cell in record.cells if not is_empty(cell))
            ignored.append(Ignored(record.number, reason, shown[:200]))
            continue
        entry, found = reader.read(record)
        if found:
            problems.extend(found)
        elif entry.fingerprint in first_row:
            duplicates.append(Duplicate(entry, first_row[entry.fingerprint]))
        else:
            first_row[entry.fingerprint] = entry.row
            entries.append(entry)
    return Log(tuple(entries), tuple(duplicates), tuple(problems), tuple(ignored))


@dataclass(frozen=True)
class _Reader:
    table: object
    mapping: dict
    areas: Areas
    unit: str
    starts_on: date | None
    ends_on: date | None
    today: date | None

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
        if not is_empty(self.cell(record, "kind")) and not self._is_heading(record):
            return None
        if any(isinstance(cell, str) and SUM_WORDS.match(cell.strip()) for cell in filled):
            return "subtotal"
        if self._is_heading(record):
            return "heading"
        told = [name for name in self.mapping if not is_empty(self.cell(record, name))]
        if len(filled) == len(told) and set(told) <= {"duration", "people"}:
            return "subtotal"
        if told == ["number"] and len(filled) == 1:
            return (
                "number_only"
                if not isinstance(filled[0], str) or filled[0].strip(". ").isdigit()
                else "title"
            )
        if len(filled) == 1 and isinstance(filled[0], str) and told != ["date"]:
            return "title"
        return None

    def _is_heading(self, record):
        same = [
            folded(line_of(cell)) == folded(heading)
            for cell, heading in zip(record.cells, self.table.headings, strict=False)
            if heading and not is_empty(cell)
        ]
        return len(same) > 1 and sum(same) * 2 > len(same)

    # --- rows that are ---

    def read(self, record):
        """An entry and no problems, or None and every problem of the row."""
        problems = []

        def report(name, code, **params):
            problems.append(Problem(record.number, self.column_name(name), code, params))

        def value(name, read):
            try:
                return read(self.cell(record, name))
            except Refused as refused:
                report(name, refused.code, **refused.params)
                return None

        day = value("date", read_date)
        if day:
            self._check_day(day, report)
        start, end, minutes = self._read_times(record, value, report)
        kind = value("kind", read_kind)
        area = value("area", lambda cell: self.areas.find(cell, day))
        people = value("people", read_count)
        lines = {name: self._text(record, name, line_of, LINES, report) for name in LINES}
        texts = {name: self._text(record, name, text_of, TEXTS, report) for name in TEXTS}
        # A course is open to the neighbourhood; advice is always given to someone.
        if not lines["organisation"] and kind != "training":
            report("organisation", "no_organisation")
        if problems:
            return None, problems
        told = (day, start, minutes, kind, area.name, people, *map(folded, lines.values()))
        fingerprint = _fingerprint(*told, *map(folded, texts.values()))
        return (
            Entry(
                row=record.number,
                date=day,
                start=start,
                end=end,
                minutes=minutes,
                kind=kind,
                area=area,
                people=people,
                fingerprint=fingerprint,
                **lines,
                **texts,
            ),
            [],
        )

    def _check_day(self, day, report):
        if (self.starts_on and day < self.starts_on) or (self.ends_on and day > self.ends_on):
            report("date", "outside_period", value=f"{day:%d.%m.%Y}")
        elif self.today and day > self.today:
            report("date", "in_the_future", value=f"{day:%d.%m.%Y}")

    def _read_times(self, record, value, report):
        """Start, end and minutes, which must agree where the log tells more than it needs to."""
        start, until = value("start", read_span) or (None, None)
        end = value("end", read_time) or until
        taken = None
        if start and end:
            taken = _minute(end) - _minute(start)
            if taken <= 0:
                report("end", "end_before_start", start=f"{start:%H:%M}", end=f"{end:%H:%M}")
                taken = None
        told = self._read_duration(record, taken, report)
        if taken and told and abs(taken - told) > 1:
            report("duration", "durations_disagree", told=told, taken=taken)
        return start, end, taken or told

    def _read_duration(self, record, taken, report):
        cell = self.cell(record, "duration")
        try:
            told = read_minutes(cell, self.unit)
        except Refused as refused:
            if taken and bare_number(cell) == taken:  # "90" among hours, from 9:00 to 10:30
                return taken
            report("duration", refused.code, **refused.params)
            return None
        if told is None and taken is None:
            start_or_end_told = not is_empty(self.cell(record, "end")) and not is_empty(
                self.cell(record, "start")
            )
            if not start_or_end_told:  # times that make no sense have been reported already
                report("duration" if "duration" in self.mapping else "end", "no_duration")
        return told

    def _text(self, record, name, read, longest, report):
        text = read(self.cell(record, name))
        if is_empty(text):
            return ""
        if len(text) > longest[name]:
            report(name, "too_long", most=longest[name])
        return text


def _minute(moment):
    return moment.hour * 60 + moment.minute


def _fingerprint(*values):
    """A hash of what the row says, not of how it is spelled, nor of its number or its place."""
    return hashlib.sha256("\x1f".join(map(str, values)).encode()).hexdigest()

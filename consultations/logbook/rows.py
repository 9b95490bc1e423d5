"""From the rows of a log to consultations as it tells them, or to what is wrong with them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, time

from best_portal.imports.cells import Refused, folded, is_empty, line_of, read_date, text_of
from best_portal.imports.rows import Findings, Reading, RowReader, fingerprint
from consultations.logbook.areas import Areas
from consultations.logbook.columns import unit_of
from consultations.logbook.sentences import words_of
from consultations.logbook.values import (
    bare_number,
    read_count,
    read_kind,
    read_minutes,
    read_span,
    read_time,
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
class Log(Reading):
    """What a log holds."""

    def figures(self):
        by_area, by_kind = Counter(), Counter(advice=0, accompaniment=0, training=0)
        for entry in self.entries:
            by_area[entry.area.name] += entry.minutes
            by_kind[entry.kind] += 1
        return {
            **super().figures(),
            "minutes": by_area.total(),
            "minutes_by_district": dict(sorted(by_area.items())),
            "consultations_by_kind": dict(by_kind),
            "organisations": len({folded(entry.organisation) for entry in self.entries}),
        }


def read_log(
    table, mapping, areas, *, starts_on=None, ends_on=None, today=None, unit=None, known=()
):
    """Read every row of a table; `known` are the fingerprints the project already holds."""
    reader = LogReader(
        table=table,
        mapping=mapping,
        areas=areas if isinstance(areas, Areas) else Areas(areas),
        unit=unit or unit_of(table, mapping),
        starts_on=starts_on,
        ends_on=ends_on,
        today=today,
    )
    return reader.read_all(known)


@dataclass(frozen=True)
class LogReader(RowReader):
    areas: Areas
    unit: str
    starts_on: date | None
    ends_on: date | None
    today: date | None

    told_by = "kind"
    summed = frozenset({"duration", "people"})
    counted = "number"
    begun_by = "date"
    reading = Log

    words = staticmethod(words_of)

    def read(self, record):
        """An entry and no problems, or None and every problem of the row."""
        found = Findings(self, record)
        day = found.value("date", read_date)
        if day:
            self._check_day(day, found)
        start, end, minutes = self._read_times(record, found)
        kind = found.value("kind", read_kind)
        area = found.value("area", lambda cell: self.areas.find(cell, day))
        people = found.value("people", read_count)
        lines = {name: found.text(name, line_of, most) for name, most in LINES.items()}
        texts = {name: found.text(name, text_of, most) for name, most in TEXTS.items()}
        # A course is open to the neighbourhood; advice is always given to someone.
        if not lines["organisation"] and kind != "training":
            found.report("organisation", "no_organisation")
        if found.problems:
            return None, found.problems
        told = (day, start, minutes, kind, area.name, people, *map(folded, lines.values()))
        entry = Entry(
            row=record.number,
            date=day,
            start=start,
            end=end,
            minutes=minutes,
            kind=kind,
            area=area,
            people=people,
            fingerprint=fingerprint(*told, *map(folded, texts.values())),
            **lines,
            **texts,
        )
        return entry, []

    def _check_day(self, day, found):
        if (self.starts_on and day < self.starts_on) or (self.ends_on and day > self.ends_on):
            found.report("date", "outside_period", value=f"{day:%d.%m.%Y}")
        elif self.today and day > self.today:
            found.report("date", "in_the_future", value=f"{day:%d.%m.%Y}")

    def _read_times(self, record, found):
        """Start, end and minutes, which must agree where the log tells more than it needs to."""
        start, until = found.value("start", read_span) or (None, None)
        end = found.value("end", read_time) or until
        taken = None
        if start and end:
            taken = _minute(end) - _minute(start)
            if taken <= 0:
                found.report("end", "end_before_start", start=f"{start:%H:%M}", end=f"{end:%H:%M}")
                taken = None
        told = self._read_duration(record, taken, found)
        if taken and told and abs(taken - told) > 1:
            found.report("duration", "durations_disagree", told=told, taken=taken)
        return start, end, taken or told

    def _read_duration(self, record, taken, found):
        cell = self.cell(record, "duration")
        try:
            told = read_minutes(cell, self.unit)
        except Refused as refused:
            if taken and bare_number(cell) == taken:  # "90" among hours, from 9:00 to 10:30
                return taken
            found.report("duration", refused.code, **refused.params)
            return None
        if told is None and taken is None:
            start_or_end_told = not is_empty(self.cell(record, "end")) and not is_empty(
                self.cell(record, "start")
            )
            if not start_or_end_told:  # times that make no sense have been reported already
                found.report("duration" if "duration" in self.mapping else "end", "no_duration")
        return told


def _minute(moment):
    return moment.hour * 60 + moment.minute

"""Reading a frozen document for the page: the same figures as on paper, and the rows behind them.

It takes what an older version has frozen, too: whatever a layout of that time did not know is
simply not there.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from reports import german, milestones, pace
from reports.cells import UNITS, Table, decimal_or_none
from reports.document import Ids, Milestone
from reports.said import line_name, line_part

NUMBERS = ("target", "in_period", "cumulated")
# Lists that only some reports bring.
LISTS = {
    "inventory": "Inventarverzeichnis",
    "aid": "De-minimis-Beihilfen",
    "publicity": "Presse und Öffentlichkeitsarbeit",
    "programme_rules": "Maßgebliche Regelwerke",
}


@dataclass(frozen=True)
class Part:
    """One line of what a figure is made of; `number` is its place, from 1.

    It opens its rows, unless they would tell who somebody is (`is_withheld`), or were not frozen.
    """

    number: int
    label: str
    in_period: Decimal | None
    cumulated: Decimal | None
    is_within: bool
    can_be_opened: bool = False
    is_withheld: bool = False


@dataclass(frozen=True)
class Figure:
    """One line of the Indikatorenblatt."""

    code: str
    name: str
    unit: str
    target: Decimal | None
    in_period: Decimal | None
    cumulated: Decimal | None
    percent: Decimal | None
    reason: str
    is_behind: bool
    misses_milestone: bool
    can_be_opened: bool
    cumulated_can_be_opened: bool
    parts: tuple[Part, ...] = ()
    milestones: tuple[Milestone, ...] = ()

    @property
    def is_missed(self):
        return self.is_behind or self.misses_milestone


@dataclass(frozen=True)
class Evidence:
    """One number of a report, and the rows that were counted for it.

    `measure` says what of the rows adds up to it and `dated` which day stands in them; both are ""
    where the layout of that time did not say.
    """

    title: str
    place: str
    unit: str
    value: Decimal | None
    rows: list[dict]
    measure: str
    rule: dict | None
    dated: str = ""
    is_cumulated: bool = False

    @property
    def shown_unit(self):
        """What stands beside the number; a mere number has nothing there."""
        return "" if self.unit == german.MERE_NUMBER else self.unit

    @property
    def minutes(self):
        return sum(row.get("minutes") or 0 for row in self.rows)

    @property
    def total(self):
        """What the rows add up to, rounded as the number is; None where nobody can say."""
        if not self.measure or self.value is None:
            return None
        if self.measure == "rows":
            return Decimal(len(self.rows))
        total = sum((Decimal(row.get(self.measure) or 0) for row in self.rows), Decimal(0))
        hours_or_else = total / 60 if self.measure == "minutes" else total
        return hours_or_else.quantize(self.value, ROUND_HALF_UP)


def day_or_none(said):
    return date.fromisoformat(said) if said else None


def dated(rows):
    return [row | {"on": day_or_none(row["on"])} for row in rows]


def has_rows(part):
    """Whether the rows of a frozen part of a figure were frozen with it."""
    return any(part.get(name) is not None for name in ("counted", "rows"))


class Reading:
    """What a page shows of one frozen document."""

    def __init__(self, frozen):
        self.frozen = frozen or {}

    @property
    def elapsed_percent(self):
        """How much of the grant's time is over at the end of the report; 100 at its end."""
        cover = self.frozen.get("cover", {})
        names = ("granted_from", "granted_to", "period_to")
        if not all(cover.get(name) for name in names):
            return pace.WHOLE
        first, last, today = (date.fromisoformat(cover[name]) for name in names)
        if early := cover.get("early_start"):
            first = german.day_of(early)
        return pace.percent_over(first, last, today)

    @property
    def figures(self):
        return [self._figure(line) for line in self.frozen.get("indicators", [])]

    def _figure(self, line):
        percent = decimal_or_none(line.get("percent"))
        code = line["code"]
        numbers = {name: decimal_or_none(line.get(name)) for name in NUMBERS}
        agreed = milestones.of_line(line)
        until = day_or_none(self.frozen.get("cover", {}).get("period_to"))
        return Figure(
            **{name: line.get(name, "") for name in ("code", "name", "unit", "reason")},
            **numbers,
            percent=percent,
            # Half of the target after half of the time is no reason to ask back.
            is_behind=pace.is_behind(numbers["cumulated"], numbers["target"], self.elapsed_percent),
            misses_milestone=milestones.missed(agreed, numbers["cumulated"], until) is not None,
            can_be_opened=any(code in self.frozen.get(key, {}) for key in ("counted", "rows")),
            cumulated_can_be_opened=code in self.frozen.get("counted_since", {}),
            parts=tuple(
                Part(
                    number,
                    part["label"],
                    decimal_or_none(part["in_period"]),
                    decimal_or_none(part["cumulated"]),
                    part["is_within"],
                    can_be_opened=has_rows(part),
                    is_withheld=part.get("is_withheld", False),
                )
                for number, part in enumerate(line.get("parts", ()), start=1)
            ),
            milestones=agreed,
        )

    def figure(self, code):
        return next((figure for figure in self.figures if figure.code == code), None)

    @property
    def lacks_rows(self):
        """Whether there is a figure whose rows were not kept in the time of this version."""
        return any(
            not (figure.can_be_opened and figure.cumulated_can_be_opened) for figure in self.figures
        ) or any(not (part.can_be_opened or part.is_withheld) for part in self._parts)

    @property
    def withholds_rows(self):
        """Whether there is a number behind which nobody may look."""
        return any(part.is_withheld for part in self._parts)

    @property
    def _parts(self):
        return [part for figure in self.figures for part in figure.parts]

    @property
    def missed(self):
        return [figure for figure in self.figures if figure.is_missed]

    @property
    def narrative(self):
        """The sections of the Sachbericht in which something was written."""
        return [each for each in self.frozen.get("narrative", []) if each.get("paragraphs")]

    @property
    def parts(self):
        """What a funder can ask about: key -> heading as it is printed."""
        parts = {"cover": "Deckblatt und Bescheide"}
        for section in self.frozen.get("narrative", []):
            parts[section["key"]] = section["heading"]
        for line in self.frozen.get("indicators", []):
            parts[line["code"]] = f"{line['code']} {line['name']}"
        for table in self.frozen.get("breakdowns", []):
            parts[table["key"]] = table["title"]
        if self.frozen.get("finances"):
            parts["finances"] = "Zahlenmäßiger Nachweis"
            for line in self.frozen["finances"]:
                parts[line_part(line)] = f"{line_name(line)}: {line['label']}"
            parts["vouchers"] = "Belegliste"
        parts["annex"] = "Liste der Beratungen"
        return parts | {name: LISTS[name] for name in LISTS if self.frozen.get(name)}

    @property
    def changes(self):
        """What this version says differently from the one released before it."""
        return self.frozen.get("changes", [])

    @property
    def programme_rules(self):
        """What held for the programme on the last day of the period, where it was frozen."""
        days = ("since", "until")
        return [
            row | {name: day_or_none(row.get(name)) for name in days}
            for row in self.frozen.get("programme_rules", [])
        ]

    def rule(self, code):
        rules = self.frozen.get("rules", [])
        return next((rule for rule in rules if rule.get("key") == code), None)

    # --- the rows behind a figure ---

    def evidence(self, code, *, cumulated=False):
        """The rows a figure counted, in the period or since the start; None if none were frozen."""
        figure = self.figure(code)
        if figure is None or (cumulated and not figure.cumulated_can_be_opened):
            return None
        return Evidence(
            title=figure.name,
            place=code,
            unit=figure.unit,
            value=figure.cumulated if cumulated else figure.in_period,
            rows=self.cumulated_rows_of(code) if cumulated else self.rows_of(code),
            measure=self.frozen.get("measures", {}).get(code, ""),
            rule=self.rule(code),
            dated=self._dated(code),
            is_cumulated=cumulated,
        )

    def evidence_of_part(self, code, number, *, cumulated=False):
        """The rows behind one part of a figure; None where there is none, or none may be seen."""
        figure, line = self.figure(code), self._indicator(code)
        parts = line.get("parts", ()) if line else ()
        if not 1 <= number <= len(parts) or not has_rows(parts[number - 1]):
            return None
        part, item = figure.parts[number - 1], parts[number - 1]
        if part.is_within:
            ids = set(Ids.read(item["counted_since" if cumulated else "counted"]))
            rows = self.cumulated_rows_of(code) if cumulated else self.rows_of(code)
            rows, day = [row for row in rows if row["id"] in ids], self._dated(code)
        else:
            rows, day = dated(item["rows_since" if cumulated else "rows"]), item["dated"]
        return Evidence(
            title=f"{figure.name}: {part.label}",
            place=code,
            unit=figure.unit if part.is_within else UNITS["rows"],
            value=part.cumulated if cumulated else part.in_period,
            rows=rows,
            measure="rows",
            rule=self.rule(code),
            dated=day,
            is_cumulated=cumulated,
        )

    def _indicator(self, code):
        return next(
            (line for line in self.frozen.get("indicators", []) if line["code"] == code), None
        )

    def _dated(self, code):
        return self.frozen.get("dated", {}).get(code, "")

    def rows_of(self, code):
        """The rows that were counted: of the annex, or the figure's own."""
        rows = self.frozen.get("rows", {}).get(code)
        if rows is None:
            rows = self._consultations(self.frozen.get("counted", {}).get(code, ()))
        return dated(rows)

    def cumulated_rows_of(self, code):
        """The rows behind the cumulated figure, those before the period included."""
        counted = self.frozen.get("counted_since", {}).get(code)
        if counted is None:
            return self.rows_of(code)
        rows = self.frozen.get("rows_since", {}).get(code)
        return dated(self._consultations(counted) if rows is None else rows)

    def _consultations(self, ids):
        ids = set(Ids.read(ids))
        rows = (*self.frozen.get("earlier", []), *self.frozen.get("annex", []))
        return [row for row in rows if row.get("id") in ids]

    # --- the rows behind a cell of a breakdown ---

    @property
    def tables(self):
        return [Table(item) for item in self.frozen.get("breakdowns", [])]

    def evidence_of_cell(self, key, name, place):
        """The rows behind one cell; None if there is no such cell or none were frozen for it."""
        table = next((table for table in self.tables if table.key == key), None)
        if table is None or not table.can_be_opened or (line := table.line(name)) is None:
            return None
        cell = next((cell for cell in line.cells if cell.place == place), None)
        if cell is None or cell.value is None:
            return None
        return Evidence(
            title=f"{table.title}: {line.label}",
            place=table.columns[place - 1],
            unit=table.unit(place),
            value=cell.value,
            rows=dated(self._consultations(table.ids(name, place))),
            measure=table.measure(place),
            rule=table.rule,
            dated="held",
        )

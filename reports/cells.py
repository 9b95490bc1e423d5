"""Reading a frozen breakdown: its lines as they are printed, and which rows each cell counted."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from reports import charts, german
from reports.document import Breakdown, Ids, typed

# What stands for the number of a line in the address of a cell of the last one.
SUM = "summe"
UNITS = {"rows": german.MERE_NUMBER, "minutes": "Stunden"}


def decimal_or_none(value):
    return None if value is None else Decimal(value)


@dataclass(frozen=True)
class Cell:
    """One number of a table, found again by the name of its line and the place of its column."""

    line: str
    place: int
    column: str
    value: Decimal | None


@dataclass(frozen=True)
class Line:
    """One line of a table: numbered from 1, or the sum of these."""

    name: str
    label: str
    cells: list[Cell]


class Table:
    """What a page shows of one frozen breakdown; an older one may not tell what it counted."""

    def __init__(self, item):
        self.item = item
        self.key, self.title, self.label = item["key"], item["title"], item["label"]
        self.columns, self.rows = item["columns"], item["rows"]
        self.note = item.get("note", "")
        self.measures = item.get("measures", [])
        self.rule = item.get("rule")

    @property
    def can_be_opened(self):
        return bool(self.measures)

    @property
    def chart(self):
        """The drawing of the paper, or None where the table is enough."""
        # Which rows were counted is not drawn, and reading it takes time.
        rows = [{**row, "counted": []} for row in self.rows]
        return charts.draw(typed(Breakdown, {**self.item, "rows": rows}))

    @property
    def lines(self):
        return [
            self._line(str(number), row["label"], row["values"])
            for number, row in enumerate(self.rows, start=1)
        ]

    @property
    def sum(self):
        total = self.item.get("total")
        return None if total is None else self._line(SUM, "Summe", total)

    def _line(self, name, label, values):
        cells = [
            Cell(name, place, column, decimal_or_none(value))
            for place, (column, value) in enumerate(zip(self.columns, values, strict=True), start=1)
        ]
        return Line(name, label, cells)

    def line(self, name):
        if name == SUM:
            return self.sum
        return next((line for line in self.lines if line.name == name), None)

    def ids(self, name, place):
        """The consultations that a cell counted; those of all lines for the sum."""
        rows = self.rows if name == SUM else [self.rows[int(name) - 1]]
        return set(chain.from_iterable(Ids.read(self._of(row["counted"], place)) for row in rows))

    @staticmethod
    def _of(counted, place):
        # One for each column, or one for all of them.
        return counted[place - 1] if len(counted) > 1 else counted[0]

    def measure(self, place):
        return self.measures[place - 1]

    def unit(self, place):
        return UNITS[self.measure(place)]

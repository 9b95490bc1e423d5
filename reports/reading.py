"""Reading a frozen document for the page: the same figures as on paper, and the rows behind them.

It takes what an older version has frozen, too: whatever a layout of that time did not know is
simply not there.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NUMBERS = ("target", "in_period", "cumulated")
WHOLE = 100


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
    is_missed: bool
    can_be_opened: bool
    cumulated_can_be_opened: bool


def decimal_or_none(value):
    return None if value is None else Decimal(value)


def dated(rows):
    return [row | {"on": date.fromisoformat(row["on"])} for row in rows]


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
            return WHOLE
        first, last, today = (date.fromisoformat(cover[name]) for name in names)
        share = Decimal((today - first).days + 1) / ((last - first).days + 1)
        return min(WHOLE, round(100 * share))

    @property
    def figures(self):
        return [self._figure(line) for line in self.frozen.get("indicators", [])]

    def _figure(self, line):
        percent = decimal_or_none(line.get("percent"))
        code = line["code"]
        return Figure(
            **{name: line.get(name, "") for name in ("code", "name", "unit", "reason")},
            **{name: decimal_or_none(line.get(name)) for name in NUMBERS},
            percent=percent,
            # Half of the target after half of the time is no reason to ask back.
            is_missed=percent is not None and percent < self.elapsed_percent,
            can_be_opened=any(code in self.frozen.get(key, {}) for key in ("counted", "rows")),
            cumulated_can_be_opened=code in self.frozen.get("counted_since", {}),
        )

    def figure(self, code):
        return next((figure for figure in self.figures if figure.code == code), None)

    @property
    def missed(self):
        return [figure for figure in self.figures if figure.is_missed]

    @property
    def missed_without_reason(self):
        return [figure for figure in self.missed if not figure.reason.strip()]

    @property
    def empty_sections(self):
        return [
            section["heading"]
            for section in self.frozen.get("narrative", [])
            if not section.get("paragraphs")
        ]

    def rule(self, code):
        rules = self.frozen.get("rules", [])
        return next((rule for rule in rules if rule.get("key") == code), None)

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
        ids = set(ids)
        rows = (*self.frozen.get("earlier", []), *self.frozen.get("annex", []))
        return [row for row in rows if row.get("id") in ids]

    def measure(self, code):
        """What of the rows adds up to the figure; "" where the layout of that time did not say."""
        return self.frozen.get("measures", {}).get(code, "")

    def total(self, code, rows, figure):
        """What the rows add up to, rounded as the figure is; None where nobody can say."""
        measure = self.measure(code)
        if not measure or figure is None:
            return None
        if measure == "rows":
            return Decimal(len(rows))
        total = sum((Decimal(row.get(measure) or 0) for row in rows), Decimal(0))
        return (total / 60 if measure == "minutes" else total).quantize(figure, ROUND_HALF_UP)

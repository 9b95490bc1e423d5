"""The paper as data: everything one report says, frozen before it is printed."""

import dataclasses
import hashlib
import json
import re
import types
import typing
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from reports.annex_rows import AidRow, AnnexRow, InventoryRow, ProgrammeRuleRow, PublicityRow
from reports.cover import Cover
from reports.money_rows import HourRow, Terms

# What the layout promises; a released report keeps the one it was printed with.
TEMPLATE_VERSION = "11"

# Which parts a paper has that is none of the two great ones.
PARTS = {
    "narrative": ("narrative", "indicators"),
    "indicators": ("indicators", "breakdowns", "rules"),
    "vouchers": ("vouchers",),
    "status": ("summary", "indicators", "breakdowns"),
}

# What neither XML nor a font can show: control characters, half characters, non-characters, and
# the marks that turn the direction of writing around and so make a text look like another.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def printable(text):
    """Leave out what cannot be shown; everything that can stays as it was typed."""
    return UNPRINTABLE.sub("", text)


class Ids(tuple):
    """Primary keys in their order; JSON carries them as one short text, "3-7 12"."""

    __slots__ = ()

    @classmethod
    def of(cls, keys):
        return cls(sorted(keys))

    @classmethod
    def read(cls, value):
        """Take that text, or the list of numbers that older documents hold."""
        if not isinstance(value, str):
            return cls(value)
        runs = (run.partition("-") for run in value.split())
        return cls(
            key for first, _, last in runs for key in range(int(first), int(last or first) + 1)
        )

    @property
    def text(self):
        runs, start = [], 0
        for end in range(1, len(self) + 1):
            if end == len(self) or self[end] != self[end - 1] + 1:
                first, last = self[start], self[end - 1]
                runs.append(f"{first}-{last}" if last > first else f"{first}")
                start = end
        return " ".join(runs)


@dataclass(frozen=True)
class Section:
    """One heading of the Sachbericht and what was written below it."""

    key: str
    heading: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndicatorPart:
    """What a figure is made of: of women, of micro enterprises; or, not within, "k. A.".

    `counted` names the figure's rows that are in it; what is not within has `rows` of its own,
    `dated` like those of a figure, or none where they would tell who somebody is (`is_withheld`).
    Documents of the time before have neither.
    """

    label: str
    in_period: Decimal
    cumulated: Decimal
    is_within: bool = True
    counted: Ids | None = None
    counted_since: Ids | None = None
    rows: tuple["AnnexRow", ...] | None = None
    rows_since: tuple["AnnexRow", ...] | None = None
    dated: str = ""
    is_withheld: bool = False


@dataclass(frozen=True)
class Milestone:
    """Etappenziel: how much was to be reached by a day."""

    value: Decimal
    due_on: date


@dataclass(frozen=True)
class Indicator:
    """One line of the Indikatorenblatt; None is "not asked" or "no target", never zero."""

    code: str
    name: str
    unit: str
    target: Decimal | None
    in_period: Decimal | None
    cumulated: Decimal | None
    percent: Decimal | None = None
    reason: str = ""
    parts: tuple[IndicatorPart, ...] = ()
    # The only one, in documents of the time before there could be several.
    milestone: Decimal | None = None
    milestone_on: date | None = None
    milestones: tuple[Milestone, ...] = ()

    @property
    def agreed(self):
        """What was to be reached on the way to the target, the earliest first."""
        if self.milestone is None:
            return self.milestones
        return (Milestone(self.milestone, self.milestone_on), *self.milestones)


@dataclass(frozen=True)
class Rule:
    """How a figure was counted, in the wording that was valid then; `key` is that of the figure.

    `way` is what the counting rule said of itself: its name and version, what it counts once, and
    by which day.
    """

    key: str
    version: str
    text: str
    way: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a breakdown.

    `counted` names the consultations behind its values, for each column or once for all of them;
    it is empty in documents of the time before.
    """

    label: str
    values: tuple[Decimal | None, ...]
    counted: tuple[Ids, ...] = ()


@dataclass(frozen=True)
class Breakdown:
    """Figures split by month, area, kind, task or topic; `chart` says how to draw them.

    `measures` says for each column what of its rows adds up: their number ("rows") or "minutes".
    `chart` is "" (table only), "bars" (lying, the first column only), "columns" (standing),
    "stacked" or "line".
    """

    key: str
    title: str
    label: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: tuple[Decimal | None, ...] | None = None
    chart: str = ""
    note: str = ""
    measures: tuple[str, ...] = ()
    rule: Rule | None = None


@dataclass(frozen=True)
class VoucherRow:
    """One line of the Belegliste; `eligible` is what counted of it, `note` says why not all."""

    number: int
    voucher: str
    invoiced_on: date | None
    paid_on: date
    payee: str
    reason: str
    amount: Decimal
    eligible: Decimal
    note: str = ""


@dataclass(frozen=True)
class FinancingLine:
    """One position of the Finanzierungsplan; its amounts stay None while no books are kept here.

    `actual` is of the period, `since_start` since the grant's first day. What adds up to them
    stands in `vouchers` and, before the period, in `earlier`; `made_of` says how an amount without
    vouchers was calculated: of `hours` and `earlier_hours`, or as a share (`rate`, in percent) of
    the lines whose places from 1 `base` names. `method` is the rule it was calculated by. `costing`
    is empty in documents of the time before these.
    """

    kind: str
    position: str
    label: str
    planned: Decimal
    eligible: Decimal | None = None
    actual: Decimal | None = None
    actual_eligible: Decimal | None = None
    since_start: Decimal | None = None
    since_start_eligible: Decimal | None = None
    is_exceeded: bool = False
    made_of: str = ""
    vouchers: tuple[VoucherRow, ...] = ()
    earlier: tuple[VoucherRow, ...] = ()
    costing: str = ""
    origin: str = ""
    hours: tuple[HourRow, ...] = ()
    earlier_hours: tuple[HourRow, ...] = ()
    base: tuple[int, ...] = ()
    rate: Decimal | None = None
    method: Rule | None = None

    @property
    def deviation(self):
        return None if self.since_start is None else self.since_start - self.planned

    @property
    def deviation_percent(self):
        if self.deviation is None or not self.planned:
            return None
        return 100 * self.deviation / self.planned


@dataclass(frozen=True)
class Settlement:
    """Ist-Ergebnis since the grant's first day: what follows from the books for the grant."""

    spent: Decimal
    eligible: Decimal
    own: Decimal
    third: Decimal
    other_grants: Decimal
    received: Decimal
    due: Decimal
    further: Decimal
    repayment: Decimal
    own_share: Decimal
    balance: Decimal

    @property
    def surplus(self):
        """Überfinanzierung: by how much more has come in than was spent."""
        return max(self.balance, Decimal(0))


@dataclass(frozen=True)
class Change:
    """What a corrected version says differently, and why: what was answered, or the note.

    `parts` are those of the report it stands in, as queries name them, the narrowest first.
    """

    label: str
    before: str
    after: str
    reason: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole report: what is printed, attached to the PDF and stored beside it."""

    cover: Cover
    generated_at: datetime
    narrative: tuple[Section, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    finances: tuple[FinancingLine, ...] = ()
    settlement: Settlement | None = None
    # What the settlement went by; None without one, and in documents of the time before.
    terms: Terms | None = None
    annex: tuple[AnnexRow, ...] = ()
    inventory: tuple[InventoryRow, ...] = ()
    aid: tuple[AidRow, ...] = ()
    publicity: tuple[PublicityRow, ...] = ()
    # What held for the programme; `rules` say how figures were counted.
    programme_rules: tuple[ProgrammeRuleRow, ...] = ()
    rules: tuple[Rule, ...] = ()
    changes: tuple[Change, ...] = ()
    change_reason: str = ""
    # Indicator code -> primary keys of what it counted in the period; of consultations, whose rows
    # are those of the annex, or of something else, whose rows stand in `rows`.
    counted: dict[str, Ids] = field(default_factory=dict)
    rows: dict[str, tuple[AnnexRow, ...]] = field(default_factory=dict)
    # The same for the cumulated figure; None is "what it counted in the period". Consultations
    # before the period stand in `earlier` and are not printed; rows that differ from those of the
    # period stand in `rows_since`. A document without the code froze no cumulated rows.
    counted_since: dict[str, Ids | None] = field(default_factory=dict)
    rows_since: dict[str, tuple[AnnexRow, ...]] = field(default_factory=dict)
    earlier: tuple[AnnexRow, ...] = ()
    # Indicator code -> what its rows add up: their number ("rows") or one of their fields.
    measures: dict[str, str] = field(default_factory=dict)
    # Indicator code -> which day stands in its rows; figures.Figure names them.
    dated: dict[str, str] = field(default_factory=dict)
    # What blocked the release when this was frozen, by the codes of findings.py.
    blocked_by: tuple[str, ...] = ()
    template_version: str = TEMPLATE_VERSION

    @property
    def title(self):
        cover = self.cover
        return f"{cover.kind_name} {cover.reference}: {cover.project}, Version {cover.version}"

    @property
    def digest(self):
        """Name this very content: equal for equal content, and only then."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def as_given(self):
        """What of it goes out with its paper: money and lists only where the paper has them.

        The whole stays in the database, as evidence of what was counted.
        """
        parts = PARTS.get(self.cover.kind)
        if parts is None:
            return self
        money = {} if "vouchers" in parts else {"finances": (), "settlement": None, "terms": None}
        rules = {} if "rules" in parts else {"programme_rules": ()}
        return dataclasses.replace(self, inventory=(), aid=(), publicity=(), **rules, **money)

    def to_json(self):
        return json.dumps(plain(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text):
        return typed(cls, json.loads(text))


def plain(value):
    """Turn a frozen value into what JSON can carry, losing nothing."""
    if dataclasses.is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Ids):
        return value.text
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def typed(kind, value):
    """Undo `plain`: give a value from JSON the type its field declares."""
    if isinstance(kind, types.UnionType):
        if value is None:
            return None
        kind = next(option for option in kind.__args__ if option is not types.NoneType)
    if kind is Ids:
        return Ids.read(value)
    origin = typing.get_origin(kind)
    if origin is tuple:
        return tuple(typed(kind.__args__[0], item) for item in value)
    if origin is dict:
        return {key: typed(kind.__args__[1], item) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        hints, gone = typing.get_type_hints(kind), getattr(kind, "GONE", ())
        return kind(
            **{name: typed(hints[name], item) for name, item in value.items() if name not in gone}
        )
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return kind(value)

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

# What the layout promises; a released report keeps the one it was printed with.
TEMPLATE_VERSION = "1"

# Official names of the papers: German, like the forms they stand on.
KINDS = {
    "interim": "Zwischennachweis",
    "final": "Verwendungsnachweis",
    "narrative": "Sachbericht",
    "indicators": "Indikatorenblatt",
    "status": "Sachstandsbericht",
}

# What each funder's form asks in words, in the order of the form: (key, heading).
OUTLINES = {
    "senate": (
        ("measure", "Maßnahme und Zeitraum"),
        ("delivery", "Umsetzung und Personaleinsatz"),
        ("partners", "Zielgruppen, Kooperationspartner und Nachhaltigkeit"),
        ("publicity", "Öffentlichkeitsarbeit und Eigenleistungen"),
        ("deviations", "Abweichungen vom Plan"),
        ("equality", "Querschnittsziele"),
        ("outlook", "Ausblick"),
    ),
    "esf": (
        ("summary", "Zusammenfassung"),
        ("innovation", "Innovativer Ansatz und Verlauf der Arbeiten"),
        ("objectives", "Ergebnisse nach Zielen"),
        ("partnership", "Partnerschaft und Netzwerk"),
        ("equality", "Gleichstellung und Zugang der Zielgruppen"),
        ("problems", "Schwierigkeiten und Gegenmaßnahmen"),
        ("publicity", "Publizität und Verbreitung der Ergebnisse"),
        ("outlook", "Nächste Schritte"),
    ),
    "efre": (
        ("economies", "Lokale Ökonomien fördern"),
        ("jobs", "Zusätzliche Arbeitsplätze schaffen"),
        ("existing", "Bestehende Sozialunternehmen und Initiativen unterstützen"),
        ("forums", "Lokale Foren aufbauen"),
        ("capital", "Soziales Kapital im Stadtteil stärken"),
        ("partnership", "Lokale Partnerschaft entwickeln"),
        ("deviations", "Abweichungen und Begründungen"),
    ),
}

# What neither XML nor a font can show: control characters, half characters, non-characters, and
# the marks that turn the direction of writing around and so make a text look like another.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def printable(text):
    """Leave out what cannot be shown; everything that can stays as it was typed."""
    return UNPRINTABLE.sub("", text)


@dataclass(frozen=True)
class Logo:
    """One place in the row of logos; `kind` is "eu" for the emblem, "text" for a stand-in."""

    kind: str
    text: str
    alt: str


@dataclass(frozen=True)
class Notice:
    """Zuwendungsbescheid or Änderungsbescheid."""

    issued_on: date
    number: str
    amount: Decimal | None
    kind: str = "Zuwendungsbescheid"


@dataclass(frozen=True)
class Cover:
    """Deckblatt: who accounts to whom, for what, and for which time."""

    form: str
    kind: str
    version: int
    authority: str
    authority_address: str
    grantee: str
    grantee_address: str
    grantee_contact: str
    reference: str
    programme: str
    project: str
    purpose: str
    notices: tuple[Notice, ...]
    granted_total: Decimal | None
    paid_total: Decimal | None
    financing_kind: str
    rate: Decimal | None
    granted_from: date
    granted_to: date
    period_from: date
    period_to: date
    started_on: date | None = None
    early_start: str = ""
    areas: tuple[str, ...] = ()
    logos: tuple[Logo, ...] = ()
    # Only what the grant demands; older programmes had other sentences, or none.
    funding_statement: str = ""

    @property
    def kind_name(self):
        return KINDS[self.kind]


@dataclass(frozen=True)
class Section:
    """One heading of the Sachbericht and what was written below it."""

    key: str
    heading: str
    paragraphs: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class Row:
    """One line of a breakdown."""

    label: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Breakdown:
    """Figures split by month, area, kind, task or topic; `chart` says how to draw them.

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


@dataclass(frozen=True)
class FinancingLine:
    """One position of the Finanzierungsplan; `actual` stays None until vouchers are kept here."""

    kind: str
    position: str
    label: str
    planned: Decimal
    eligible: Decimal | None = None
    actual: Decimal | None = None
    actual_eligible: Decimal | None = None

    @property
    def deviation(self):
        return None if self.actual is None else self.actual - self.planned


@dataclass(frozen=True)
class AnnexRow:
    """One row behind a figure: a consultation, an organisation, a job; pseudonymous, no notes."""

    id: int
    number: int
    on: date
    kind: str
    minutes: int | None
    district: str = ""
    case_number: str = ""
    topic: str = ""
    result: str = ""
    task: str = ""
    # What some figures add up instead of rows or minutes: heads, full-time equivalents.
    people: int | None = None
    fte: Decimal | None = None


@dataclass(frozen=True)
class Rule:
    """How an indicator was counted, in the wording that was valid then; `key` is its code."""

    key: str
    version: str
    text: str


@dataclass(frozen=True)
class Change:
    """What a corrected version says differently."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Document:
    """A whole report: what is printed, attached to the PDF and stored beside it."""

    cover: Cover
    generated_at: datetime
    narrative: tuple[Section, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    finances: tuple[FinancingLine, ...] = ()
    annex: tuple[AnnexRow, ...] = ()
    rules: tuple[Rule, ...] = ()
    changes: tuple[Change, ...] = ()
    change_reason: str = ""
    # Indicator code -> primary keys of what it counted in the period; of consultations, whose rows
    # are those of the annex, or of something else, whose rows stand in `rows`.
    counted: dict[str, tuple[int, ...]] = field(default_factory=dict)
    rows: dict[str, tuple[AnnexRow, ...]] = field(default_factory=dict)
    # The same for the cumulated figure; None is "what it counted in the period". Consultations
    # before the period stand in `earlier` and are not printed; rows that differ from those of the
    # period stand in `rows_since`. A document without the code froze no cumulated rows.
    counted_since: dict[str, tuple[int, ...] | None] = field(default_factory=dict)
    rows_since: dict[str, tuple[AnnexRow, ...]] = field(default_factory=dict)
    earlier: tuple[AnnexRow, ...] = ()
    # Indicator code -> what its rows add up: their number ("rows") or one of their fields.
    measures: dict[str, str] = field(default_factory=dict)
    template_version: str = TEMPLATE_VERSION

    @property
    def title(self):
        cover = self.cover
        return f"{cover.kind_name} {cover.reference}: {cover.project}, Version {cover.version}"

    @property
    def digest(self):
        """Name this very content: equal for equal content, and only then."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self):
        return json.dumps(plain(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text):
        return typed(cls, json.loads(text))


def plain(value):
    """Turn a frozen value into what JSON can carry, losing nothing."""
    if dataclasses.is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
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
    origin = typing.get_origin(kind)
    if origin is tuple:
        return tuple(typed(kind.__args__[0], item) for item in value)
    if origin is dict:
        return {key: typed(kind.__args__[1], item) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: typed(hints[name], item) for name, item in value.items()})
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return kind(value)

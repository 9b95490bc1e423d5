"""The rows of the lists behind a report: what was counted, and what its annexes list."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class AnnexRow:
    """One row behind a figure: a consultation, an organisation, a job; pseudonymous, no notes."""

    id: int
    number: int
    # None where a day would lead to a person.
    on: date | None
    kind: str
    minutes: int | None
    district: str = ""
    case_number: str = ""
    topic: str = ""
    result: str = ""
    task: str = ""
    # What some figures add up instead of rows or minutes: heads, full-time equivalents, EUR.
    people: int | None = None
    fte: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class InventoryRow:
    """One line of the Inventarverzeichnis, as it was on the last day of the period."""

    number: int
    name: str
    mark: str
    bought_on: date
    price: Decimal
    voucher: str
    place: str
    gone_on: date | None = None
    gone_because: str = ""


@dataclass(frozen=True)
class PublicityRow:
    """One publication about the project, and where it can be seen."""

    number: int
    on: date
    kind: str
    medium: str
    title: str
    url: str = ""
    kept_at: str = ""


@dataclass(frozen=True)
class ProgrammeRuleRow:
    """A Regelwerk that held for the programme on the last day of the period, without its note."""

    name: str
    version: str = ""
    since: date | None = None
    until: date | None = None
    source: str = ""
    is_confirmed: bool = False


@dataclass(frozen=True)
class AidRow:
    """One de minimis aid granted in the period; pseudonymous, by its certificate and its case."""

    number: int
    certificate: str
    granted_on: date
    case_number: str
    minutes: int
    rate: Decimal
    fee: Decimal
    amount: Decimal
    registered_on: date | None = None

"""The cover of a paper as data: who accounts to whom, for what and which time, with its logos."""

import base64
import typing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports import german

PNG = b"\x89PNG\r\n\x1a\n"

# Official names of the papers: German, like the forms they stand on.
KINDS = {
    "interim": "Zwischennachweis",
    "final": "Verwendungsnachweis",
    "narrative": "Sachbericht",
    "indicators": "Indikatorenblatt",
    "vouchers": "Belegliste",
    "status": "Sachstandsbericht",
}


def is_png(text):
    """Whether a text is a PNG in base64, by how it begins."""
    try:
        return base64.b64decode(text, validate=True).startswith(PNG)
    except ValueError:
        return False


@dataclass(frozen=True)
class Logo:
    """One place in the row of logos; `kind` is "eu" for the emblem, else "text".

    With an `image`, a PNG in base64, the picture is printed; without one a stand-in for it.
    """

    kind: str
    text: str
    alt: str
    image: str = ""

    @classmethod
    def of(cls, item):
        """A logo as a grant keeps it; what is no picture we made is not printed as one."""
        image = item.get("image", "")
        return cls(
            str(item.get("kind", "text")),
            str(item.get("text", "")),
            str(item.get("alt", "")),
            image if is_png(image) else "",
        )


@dataclass(frozen=True)
class Notice:
    """Zuwendungsbescheid or Änderungsbescheid, and what it changed since a report told of it."""

    issued_on: date
    number: str
    amount: Decimal | None
    kind: str = "Zuwendungsbescheid"
    changes: tuple[str, ...] = ()


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
    # berechtigt, nicht berechtigt, or nothing where it is ticked by hand.
    input_tax: str = ""
    # Of the letter that approved it: Datum und Az. (funding.md §1.6.0).
    early_start_reference: str = ""
    # zwischengeschaltete Stelle, where one handles the grant for the authority.
    intermediate_body: str = ""
    areas: tuple[str, ...] = ()
    logos: tuple[Logo, ...] = ()

    # What versions of former times were frozen with, always empty: a sentence stands in its logo.
    GONE: typing.ClassVar = ("funding_statement",)

    @property
    def kind_name(self):
        return KINDS[self.kind]

    @property
    def early_start_told(self):
        """The day with the letter that approved it; empty without one."""
        letter = self.early_start_reference
        return f"{self.early_start} (Az. {letter})" if letter else self.early_start

    @property
    def counted_from(self):
        """The day, as it is written, from which costs and work count: that of an early start."""
        return self.early_start or german.day(self.granted_from)

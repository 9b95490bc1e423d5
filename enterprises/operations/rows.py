"""From the rows of a published list to operations, or to what is wrong with them."""

import html
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from best_portal.imports.amounts import read_amount, read_postcode, read_share
from best_portal.imports.cells import folded, is_empty, line_of, read_date, text_of
from best_portal.imports.rows import Findings, Reading, RowReader, fingerprint
from enterprises.operations.sentences import SENTENCES

# The longest each text may be.
LINES = {"beneficiary": 250, "name": 300, "country": 60, "category": 300}
SUMMARY = 10_000


@dataclass(frozen=True)
class Entry:
    """One operation as the list prints it.

    `identity` stays the same when a later list corrects its end or its amount, `fingerprint` not.
    """

    row: int
    beneficiary: str
    name: str
    summary: str
    start: date
    end: date | None
    amount: Decimal
    share: Decimal | None
    postcode: str
    place: str
    country: str
    category: str
    identity: str
    fingerprint: str


@dataclass(frozen=True)
class OperationList(Reading):
    """What a published list holds."""

    def figures(self):
        return {
            **super().figures(),
            "operations": len(self.entries),
            "beneficiaries": len({entry.beneficiary for entry in self.entries}),
            "total": float(sum(entry.amount for entry in self.entries)),
        }


@dataclass(frozen=True)
class OperationReader(RowReader):
    """`fund` is part of what makes an operation the same."""

    fund: str

    told_by = "start"
    summed = frozenset({"amount"})
    begun_by = "beneficiary"
    reading = OperationList

    @staticmethod
    def words(code, params):
        return SENTENCES[code]

    def read(self, record):
        """An entry and no problems, or None and every problem of the row."""
        found = Findings(self, record)
        lines = {name: found.text(name, printed_line, most) for name, most in LINES.items()}
        for name in ("beneficiary", "name"):
            if not lines[name]:
                found.report(name, f"no_{name}")
        start = found.value("start", read_date)
        end = found.value("end", lambda cell: None if is_empty(cell) else read_date(cell))
        if start and end and end < start:
            found.report(
                "end", "end_before_start", start=f"{start:%d.%m.%Y}", end=f"{end:%d.%m.%Y}"
            )
        amount = found.value("amount", read_amount)
        share = found.value("share", read_share)
        summary = found.text("summary", printed, SUMMARY)
        postcode, beside = found.value("postcode", read_postcode)
        place = found.text("place", printed_line, 150) or beside[:150]
        if found.problems:
            return None, found.problems
        told = (self.fund, folded(lines["beneficiary"]), folded(lines["name"]), start)
        entry = Entry(
            row=record.number,
            start=start,
            end=end,
            amount=amount,
            share=share,
            summary=summary,
            postcode=postcode,
            place=place,
            identity=fingerprint(*told),
            fingerprint=fingerprint(*told, end, amount, share),
            **lines,
        )
        return entry, []


def printed(cell):
    """The text without what a web page or a spreadsheet left in it: &bdquo; and _x000D_."""
    return text_of(html.unescape(text_of(cell)).replace("_x000D_", "\n"))


def printed_line(cell):
    return line_of(printed(cell))

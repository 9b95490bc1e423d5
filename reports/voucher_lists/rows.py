"""From the rows of a list of vouchers to entries, or to what is wrong with them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from best_portal.imports.amounts import read_amount
from best_portal.imports.cells import (
    Refused,
    folded,
    is_empty,
    is_number,
    line_of,
    read_date,
    shown,
)
from best_portal.imports.rows import Findings, Reading, RowReader, fingerprint
from reports import oddities
from reports.voucher_lists.sentences import SENTENCES

# The longest each text may be.
LINES = {"number": 40, "payee": 200, "reason": 250, "cut_because": 250}
KINDS = {"expense": ("ausgabe", "aufwand", "expense", "soll"), "income": ("einnahme", "income")}
MINUS = ("-", "−", "–")


class PlanLine(NamedTuple):
    """A position of the plan that takes vouchers."""

    pk: int
    kind: str
    position: str
    label: str
    planned: Decimal

    @classmethod
    def of(cls, line):
        return cls(line.pk, line.kind, line.position, line.label, line.planned)


@dataclass(frozen=True)
class Entry:
    """One voucher as the list has it; `odd` is what may be a slip in it."""

    row: int
    line: PlanLine
    number: str
    payee: str
    reason: str
    invoiced: date | None
    paid: date
    amount: Decimal
    eligible: Decimal
    cut_because: str
    fingerprint: str
    odd: tuple = ()


class Alike(NamedTuple):
    """A voucher of the project, by what tells it from others of the same payee and amount.

    `is_shared` is one of a grant that names this one's money, as this one names that one's.
    """

    line: int
    number: str
    reference: str
    is_shared: bool = False

    def is_same(self, own):
        """Whether it is the very voucher, or the one expense that both grants list."""
        is_here = self.is_shared or self.line == own.line
        return is_here and folded(self.number) == folded(own.number)


@dataclass(frozen=True)
class VoucherList(Reading):
    """What a list of vouchers holds."""

    def figures(self):
        return {
            **super().figures(),
            "total": float(sum(entry.amount for entry in self.entries)),
            "eligible": float(sum(entry.eligible for entry in self.entries)),
            "odd": sum(bool(entry.odd) for entry in self.entries),
        }


@dataclass(frozen=True)
class VoucherReader(RowReader):
    """`lines` are those of the plan, `there` what stands under a position and number already.

    `alike` names the vouchers of the project by `bill()`; the rows of the list join them. `closed`
    are ranges of days whose payments an accepted report accounts for.
    """

    lines: tuple[PlanLine, ...] = ()
    there: dict = field(default_factory=dict)
    alike: dict = field(default_factory=dict)
    today: date = date.max
    first_day: date = date.min
    reference: str = ""
    closed: tuple = ()

    told_by = "number"
    summed = frozenset({"amount", "eligible"})
    begun_by = "payee"
    reading = VoucherList

    @staticmethod
    def words(code, params):
        return SENTENCES[code]

    def read(self, record):
        """An entry and no problems, or None and every problem of the row."""
        found = Findings(self, record)
        texts = {name: found.text(name, line_of, most) for name, most in LINES.items()}
        for name in ("number", "payee", "reason"):
            if not texts[name]:
                found.report(name, f"no_{name}")
        line = found.value("line", lambda cell: self.line_of_plan(cell, self._kind(record, found)))
        paid = found.value("paid", read_date)
        invoiced = found.value("invoiced", lambda cell: None if is_empty(cell) else read_date(cell))
        days = {"paid_on": paid, "invoiced_on": invoiced}
        for name, code in oddities.impossible(self.today, **days).items():
            found.report(name.removesuffix("_on"), code)
        amount = found.value("amount", read_signed)
        eligible = found.value(
            "eligible", lambda cell: amount if is_empty(cell) else read_signed(cell, zero=True)
        )
        if amount is not None and eligible is not None:
            if not min(amount, 0) <= eligible <= max(amount, 0):
                found.report("eligible", "eligible_beyond")
            elif eligible != amount and not texts["cut_because"]:
                found.report("eligible", "no_cut_reason")
        if found.problems:
            return None, found.problems
        told = {"paid": paid, "invoiced": invoiced, "amount": amount, "eligible": eligible}
        same, place = mark(line.pk, **texts, **told), (line.pk, folded(texts["number"]))
        if place not in self.there and paid and any(paid in days for days in self.closed):
            found.report("paid", "closed_day")
            return None, found.problems
        if self.there.setdefault(place, same) != same:
            found.report("number", "same_number", value=texts["number"])
            return None, found.problems
        odd = self._odd(line, texts, told)
        return Entry(record.number, line, fingerprint=same, odd=odd, **texts, **told), []

    def _odd(self, line, texts, told):
        """What may be a slip in a row, or a bill that is there under another number."""
        found = oddities.odd(
            paid_on=told["paid"],
            invoiced_on=told["invoiced"],
            amount=told["amount"],
            planned=line.planned,
            first_day=self.first_day,
        )
        beside = self.alike.setdefault(
            bill(line.kind, texts["payee"], told["paid"], told["amount"]), []
        )
        own = Alike(line.pk, texts["number"], self.reference)
        others = [each for each in beside if not each.is_same(own)]
        beside.append(own)
        return (*found, *(oddities.double(each.number, each.reference) for each in others))

    def _kind(self, record, found):
        cell = self.cell(record, "kind")
        if is_empty(cell):
            return ""
        word = folded(line_of(cell))
        for kind, beginnings in KINDS.items():
            if word.startswith(beginnings):
                return kind
        found.report("kind", "unknown_kind", value=line_of(cell)[:60])
        return ""

    def line_of_plan(self, cell, kind):
        """The position a cell names, by its number or its words; an expense unless it says so."""
        if is_empty(cell):
            raise Refused("no_line")
        named = folded(line_of(cell))
        of_kind = [line for line in self.lines if kind in ("", line.kind)]
        same = [
            line
            for line in of_kind
            if named
            in (
                folded(line.position),
                folded(line.label),
                folded(f"{line.position} {line.label}"),
            )
        ]
        expenses = [line for line in same if line.kind == "expense"]
        for line in expenses or same:
            return line
        known = [f"{line.position} {line.label}" for line in of_kind]
        raise Refused("unknown_line", value=line_of(cell)[:60], known=", ".join(known))


def bill(kind, payee, paid, amount):
    """What two vouchers for the same bill have in common."""
    return kind, folded(payee), paid, f"{amount:.2f}"


def mark(line, *, number, payee, reason, cut_because, paid, invoiced, amount, eligible):
    """The same for the same voucher, however it is spelled."""
    words = (folded(each) for each in (number, payee, reason, cut_because))
    return fingerprint(line, *words, paid, invoiced, f"{amount:.2f}", f"{eligible:.2f}")


def read_signed(cell, *, zero=False):
    """Euros and cents; below zero is money that came back."""
    bare = shown(cell)
    is_below = is_number(bare) and bare < 0
    if isinstance(bare, str) and line_of(bare).startswith(MINUS):
        bare, is_below = line_of(bare)[1:].strip(), True
    elif is_below:
        bare = -bare
    amount = read_amount(bare)
    if not amount and not zero:
        raise Refused("impossible_amount", value=line_of(cell)[:60])
    return -amount if is_below else amount

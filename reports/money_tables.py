"""The money of a frozen report as tables: plan and actual, vouchers, hours, result.

Excel and CSV are made of the same rows. It takes what an older version has frozen, too: amounts
that nobody kept here stay empty.
"""

from dataclasses import dataclass
from decimal import Decimal

from reports import german
from reports.document import PARTS
from reports.money_reading import MoneyReading

SUMS = {"expense": "Summe Ausgaben", "income": "Summe Einnahmen"}
PLAN = (
    "Art",
    "Position",
    "Bezeichnung",
    "lt. Bescheid EUR",
    "davon förderfähig lt. Bescheid EUR",
    "im Zeitraum EUR",
    "davon förderfähig im Zeitraum EUR",
    "seit Beginn EUR",
    "davon förderfähig seit Beginn EUR",
    "Abweichung EUR",
    "Abweichung %",
    "weiter überschritten als zulässig",
    "Berechnung",
)
PLAN_SUMS = (
    "planned",
    "eligible",
    "actual",
    "actual_eligible",
    "since_start",
    "since_start_eligible",
    "deviation",
)
VOUCHERS = (
    "Art",
    "Position",
    "Bezeichnung",
    "Nr.",
    "Beleg-Nr.",
    "Rechnungsdatum",
    "Zahltag",
    "Empfänger/Einzahler",
    "Grund",
    "Betrag EUR",
    "davon förderfähig EUR",
    "Anmerkung",
)
HOURS = (
    "Position",
    "Bezeichnung",
    "Person Nr.",
    "Monat",
    "Minuten",
    "Stundensatz EUR",
    "Betrag EUR",
)
RESULT = ("Größe", "lt. Bescheid EUR", "lt. Abrechnung EUR")
SETTLEMENT = {
    "eligible": "Zuwendungsfähige Ausgaben",
    "own": "Eigenmittel",
    "third": "Leistungen Dritter",
    "other_grants": "Andere Zuwendungen",
    "due": "Zuwendung nach Abrechnung",
    "received": "Davon ausgezahlt",
    "further": "Noch abzurufen",
    "repayment": "Nach diesem Stand zurückzuzahlen",
    "own_share": "Vom Zuwendungsempfänger zu tragen",
}


# How a row is called where each of its amounts stands by itself: position and name.
NAMED_BY = {
    "finanzierungsplan": lambda row: (row[1], f"{row[0]}: {row[2]}"),
    "ergebnis": lambda row: ("", row[0]),
}


@dataclass(frozen=True)
class MoneyTable:
    """One table; `key` names its file, `title` its sheet."""

    key: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple, ...]


def money_tables(frozen):
    """The tables a paper's files hold besides its figures: none where the paper shows no money.

    A Belegliste begins with its vouchers, and has that table even while it is empty.
    """
    frozen = frozen or {}
    is_list = is_voucher_list(frozen)
    kind = frozen.get("cover", {}).get("kind")
    if kind in PARTS and not is_list:
        return []
    lines = MoneyReading(frozen).lines
    settled = result(lines, MoneyReading(frozen).settlement)
    booked = [vouchers(lines), hours(lines)]
    tables = [*booked, plan(lines), settled] if is_list else [plan(lines), *booked, settled]
    return [table for table in tables if table.rows or (is_list and table.key == "belege")]


def is_voucher_list(frozen):
    return (frozen or {}).get("cover", {}).get("kind") == "vouchers"


def amounts(frozen):
    """Plan and result cell by cell: title, position, what it is, column, amount."""
    for table in money_tables(frozen):
        for row in table.rows if table.key in NAMED_BY else ():
            position, name = NAMED_BY[table.key](row)
            for heading, value in zip(table.headings, row, strict=True):
                if isinstance(value, Decimal):
                    yield table.title, position, name, heading, value


def plan(lines):
    """Expenses and incomes in the plan's order, each side with its sum."""
    rows = []
    for kind, label in SUMS.items():
        side = [line for line in lines if line.kind == kind]
        rows += [
            (
                german.PLAN_KINDS[kind],
                line.position,
                line.label,
                *(getattr(line, name) for name in PLAN_SUMS),
                line.deviation_percent,
                "ja" if line.is_exceeded else "",
                line.made_of,
            )
            for line in side
        ]
        if side:
            sums = (total(side, name) for name in PLAN_SUMS)
            rows.append((german.PLAN_KINDS[kind], "", label, *sums, None, "", ""))
    return MoneyTable("finanzierungsplan", "Finanzierungsplan", PLAN, tuple(rows))


def vouchers(lines):
    """The Belegliste by position, with the columns of funding.md §1.6."""
    rows = (
        (
            german.PLAN_KINDS.get(line.kind, ""),
            line.position,
            line.label,
            row["number"],
            row["voucher"],
            row["invoiced_on"],
            row["paid_on"],
            row["payee"],
            row["reason"],
            row["amount"],
            row["eligible"],
            row.get("note", ""),
        )
        for line in lines
        for row in line.rows
    )
    return MoneyTable("belege", "Belege", VOUCHERS, tuple(rows))


def hours(lines):
    """The hours of the period that a line is paid by; a number stands for each person."""
    rows = (
        (
            line.position,
            line.label,
            row.person,
            f"{row.month:%m/%Y}",
            row.minutes,
            row.rate,
            row.amount,
        )
        for line in lines
        for row in line.hours
    )
    return MoneyTable("stunden", "Stunden", HOURS, tuple(rows))


def result(lines, settlement):
    """What the paper says below the plan: both sides compared, and what follows for the grant."""
    if not lines:
        return MoneyTable("ergebnis", "Ergebnis", RESULT, ())
    sides = [[line for line in lines if line.kind == kind] for kind in ("income", "expense")]
    compared = [[total(side, name) for name in ("planned", "since_start")] for side in sides]
    rows = [("Einnahmen", *compared[0]), ("Ausgaben", *compared[1])]
    pairs = zip(*compared, strict=True)
    rows.append(
        (
            "Einnahmen abzüglich Ausgaben",
            *(None if None in pair else pair[0] - pair[1] for pair in pairs),
        )
    )
    for name, label in SETTLEMENT.items() if settlement else ():
        rows.append((label, None, settlement.get(name)))
    return MoneyTable("ergebnis", "Ergebnis", RESULT, tuple(rows))


def total(lines, name):
    """The sum of one column; None as long as one of its amounts was not kept here."""
    values = [getattr(line, name) for line in lines]
    return sum(values) if values and None not in values else None

"""Money, shares and postcodes as lists write them."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from best_portal.imports.cells import Refused, is_empty, is_number, line_of, shown, text_of

CENT = Decimal("0.01")
MOST = Decimal(10) ** 11  # a hundred billion: more is a slip
WHOLE = re.compile(r"\d{1,3}(?:([.,' ])\d{3}(?:\1\d{3})*)?|\d+")
UNITS = re.compile(r"€|\beuros?\b|\beur\b|,[-–—]+$", re.IGNORECASE)


def read_amount(cell):
    """Euros and cents: 1.234,56 € and 1,234.56 and the bare number of a spreadsheet.

    A last mark with one or two digits behind it is the decimal one; marks before it must stand
    between thousands. A number with more than two decimals, as a calculated cell keeps it, is what
    the spreadsheet shows of it: half a cent goes up.
    """
    cell = shown(cell)
    if is_empty(cell):
        raise Refused("no_amount")
    if is_number(cell):
        if not math.isfinite(cell):
            raise Refused("unreadable_amount", value=text_of(cell)[:60])
        return _in_reach(Decimal(str(cell)), cell)
    if not isinstance(cell, str):
        raise Refused("unreadable_amount", value=text_of(cell)[:60])
    bare = UNITS.sub("", line_of(cell)).strip()
    sign, bare = ("-", bare[1:].strip()) if bare[:1] in "-−–" else ("", bare)
    match = re.fullmatch(r"(.+?)(?:([.,])(\d{1,2}))?", bare)
    whole = match and WHOLE.fullmatch(match[1])
    # "1,234" is a thousand and more in English, and one and a bit in German.
    if not whole or re.fullmatch(r"\d{1,3},\d{3}", bare):
        raise Refused("unreadable_amount", value=line_of(cell)[:60])
    # No mark stands both between thousands and before the cents.
    if match[2] and whole[1] == match[2]:
        raise Refused("unreadable_amount", value=line_of(cell)[:60])
    digits = re.sub(r"\D", "", match[1])
    return _in_reach(Decimal(f"{sign}{digits}.{match[3] or 0}"), cell)


def _in_reach(amount, cell):
    if not 0 <= amount < MOST:
        raise Refused("impossible_amount", value=text_of(cell)[:60])
    return amount.quantize(CENT, ROUND_HALF_UP)


def read_share(cell):
    """Percent: 49,92% and 50 and what a spreadsheet keeps as 0.5; None where it is empty."""
    cell = shown(cell)
    if is_empty(cell):
        return None
    if is_number(cell) and math.isfinite(cell):
        share = Decimal(str(cell)) * (100 if cell <= 1 else 1)
    else:
        match = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,6}))?\s*(%|v\. ?h\.)?", line_of(cell).lower())
        if not match:
            raise Refused("unreadable_share", value=line_of(cell)[:60])
        share = Decimal(f"{match[1]}.{match[2] or 0}")
        share *= 100 if share <= 1 and match[2] and not match[3] else 1
    if not 0 <= share <= 100:
        raise Refused("unreadable_share", value=line_of(cell)[:60])
    return share.quantize(CENT, ROUND_HALF_UP)


def read_postcode(cell):
    """A postcode and the place beside it: "10997 Berlin"; either may be empty."""
    cell = shown(cell)
    if is_empty(cell):
        return "", ""
    text = line_of(cell)
    if re.fullmatch(r"\d{4}", text) and is_number(cell):
        return f"0{text}", ""  # the spreadsheet took 01067 for a number
    match = re.fullmatch(r"(?:D-?)?(\d{5})\b[\s,]*(.*)", text, re.IGNORECASE)
    return (match[1], match[2]) if match else ("", text)

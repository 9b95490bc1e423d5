"""What any cell holds, understood: text and days; a cell that cannot mean anything is refused."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from best_portal.db import fold
from best_portal.imports.sheet import Formula

# A year of two digits: 00 to 69 means 2000 to 2069, 70 to 99 means 1970 to 1999.
CENTURY_TURNS_AT = 70
YEARS = range(1950, 2101)
EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of a calendar, not a moment
EXCEL_SERIALS = range(18264, 73416)  # the same years as serial numbers
MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            "jan",
            "feb",
            "mar mrz maer",
            "apr",
            "mai may",
            "jun",
            "jul",
            "aug",
            "sep",
            "okt oct",
            "nov",
            "dez dec",
        ),
        start=1,
    )
    for start in starts.split()
}
NOTHING = {
    "",
    "-",
    "–",
    "—",
    "--",
    "---",
    "?",
    "/",
    "./.",
    "n.n.",
    "k.a.",
    "k. a.",
    "o.d.",
    "o. d.",
}
CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


class Refused(ValueError):  # noqa: N818 - it is an answer, not a fault
    """A cell that cannot mean anything; `code` names why, `params` fill its sentence."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


# --- text ---


def text_of(cell):
    """The cell as text, exactly as typed but for invisible characters; nothing is calculated."""
    if isinstance(cell, Formula):
        links = cell.written.upper().startswith("=HYPERLINK")
        visible = cell.shown if isinstance(cell.shown, str) and not links else None
        cell = visible or cell.written
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = f"{cell:%d.%m.%Y}" if cell.time() == time() else f"{cell:%d.%m.%Y %H:%M}"
    elif isinstance(cell, date):
        cell = f"{cell:%d.%m.%Y}"
    elif isinstance(cell, time):
        cell = f"{cell:%H:%M}"
    elif isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFC", str(cell)).replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub("", text).replace("\xa0", " ").strip()


def line_of(cell):
    """The cell as one line, runs of blanks as one."""
    return " ".join(text_of(cell).split())


def is_empty(cell):
    """Nothing there, or a mark that says so."""
    return cell is None or (isinstance(cell, (str, Formula)) and text_of(cell).lower() in NOTHING)


@lru_cache(maxsize=16384)
def folded(text):
    """The text without what spelling changes: case, umlauts, accents, marks; words by blanks."""
    plain = unicodedata.normalize("NFKD", fold(text))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return " ".join(words).replace("ae", "a").replace("oe", "o").replace("ue", "u")


def shown(cell):
    """What a calculated cell shows; every other cell is itself."""
    return cell.shown if isinstance(cell, Formula) and cell.shown is not None else cell


def is_number(cell):
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


# --- days ---

DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
YEAR_MONTH_DAY = re.compile(r"(\d{4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,2})")
DAY_NAME_YEAR = re.compile(r"(\d{1,2})\.?\s*-?([a-zäöü]{3,9})\.?\s*-?'?(\d{4}|\d{2})")
WEEKDAY = re.compile(r"^(mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s*(den\s+)?")
MIDNIGHT = re.compile(r"[t\s,]+\d{1,2}:\d{2}(:\d{2})?(\.0+)?z?$")


def read_date(cell):
    """The day a cell means; 31.02. and years out of reach are refused, not moved."""
    cell = shown(cell)
    if is_empty(cell):
        raise Refused("no_date")
    if isinstance(cell, datetime):
        return _day_in_reach(cell.date())
    if isinstance(cell, date):
        return _day_in_reach(cell)
    if is_number(cell) and math.isfinite(cell):
        if int(cell) in EXCEL_SERIALS:
            return (EXCEL_DAY_ZERO + timedelta(days=int(cell))).date()
        cell = text_of(cell)
    if not isinstance(cell, (str, Formula)):
        raise Refused("unreadable_date", value=text_of(cell))
    return _date_from_text(line_of(cell))


@lru_cache(maxsize=4096)
def _date_from_text(text):
    bare = MIDNIGHT.sub("", WEEKDAY.sub("", text.lower())).strip(" ,;")
    if match := DAY_MONTH_YEAR.fullmatch(bare):
        return _day(match[1], match[3], match[4], text)
    if match := YEAR_MONTH_DAY.fullmatch(bare):
        return _day(match[4], match[3], match[1], text)
    if match := DAY_NAME_YEAR.fullmatch(bare):
        month = fold(match[2]).replace("ae", "a")
        number = MONTHS.get("mar" if month.startswith("mar") else month[:3])
        if number:
            return _day(match[1], number, match[3], text)
    if re.fullmatch(r"\d{8}", bare):
        if bare[:2] in ("19", "20") and 1 <= int(bare[4:6]) <= 12:
            return _day(bare[6:], bare[4:6], bare[:4], text)
        return _day(bare[:2], bare[2:4], bare[4:], text)
    if re.fullmatch(r"\d{5}", bare) and int(bare) in EXCEL_SERIALS:
        return (EXCEL_DAY_ZERO + timedelta(days=int(bare))).date()
    raise Refused("unreadable_date", value=text[:60])


def _day(day, month, year, text):
    year = int(year)
    if year < 100:
        year += 2000 if year < CENTURY_TURNS_AT else 1900
    try:
        return _day_in_reach(date(year, int(month), int(day)))
    except ValueError as error:
        raise Refused("impossible_date", value=text[:60]) from error


def _day_in_reach(day):
    if day.year not in YEARS:
        raise Refused("impossible_date", value=f"{day:%d.%m.%Y}")
    return day

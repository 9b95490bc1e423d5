"""What people write into a cell, understood: days, times, durations, kinds, heads."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from best_portal.db import fold
from consultations.logbook.sheet import Formula

DAY = 24 * 60
# A year of two digits: 00 to 69 means 2000 to 2069, 70 to 99 means 1970 to 1999.
CENTURY_TURNS_AT = 70
YEARS = range(1950, 2101)
EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of a calendar, not a moment
EXCEL_SERIALS = range(18264, 73416)  # the same years as serial numbers
MOST_PEOPLE = 5_000
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
        shown = cell.shown if isinstance(cell.shown, str) and not links else None
        cell = shown or cell.written
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


def _shown(cell):
    """What a calculated cell shows; every other cell is itself."""
    return cell.shown if isinstance(cell, Formula) and cell.shown is not None else cell


def _is_number(cell):
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


# --- days ---

DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
YEAR_MONTH_DAY = re.compile(r"(\d{4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,2})")
DAY_NAME_YEAR = re.compile(r"(\d{1,2})\.?\s*-?([a-zäöü]{3,9})\.?\s*-?'?(\d{4}|\d{2})")
WEEKDAY = re.compile(r"^(mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s*(den\s+)?")
MIDNIGHT = re.compile(r"[t\s,]+\d{1,2}:\d{2}(:\d{2})?(\.0+)?z?$")


def read_date(cell):
    """The day a cell means; 31.02. and years out of reach are refused, not moved."""
    cell = _shown(cell)
    if is_empty(cell):
        raise Refused("no_date")
    if isinstance(cell, datetime):
        return _day_in_reach(cell.date())
    if isinstance(cell, date):
        return _day_in_reach(cell)
    if _is_number(cell) and math.isfinite(cell):
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


# --- times ---

CLOCK = re.compile(r"(\d{1,2})(?:\s*(?:[:.,h]|uhr)\s*(\d{2}))?(?::\d{2})?\s*(?:h|uhr)?")
UNTIL = re.compile(r"\s*(?:-|–|—|bis)\s*")


def read_time(cell):
    """The time of day a cell means, or None where it is empty."""
    cell = _shown(cell)
    if is_empty(cell):
        return None
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, timedelta):
        return _clock(*divmod(round(cell.total_seconds() / 60), 60), text_of(cell))
    if _is_number(cell) and 0 < cell < 1:
        return _clock(*divmod(round(cell * DAY), 60), text_of(cell))
    return _time_from_text(line_of(cell))


def read_span(cell):
    """Start and end from a cell that holds both ("9:00–10:30"), or the start alone."""
    cell = _shown(cell)
    if isinstance(cell, str):
        parts = UNTIL.split(line_of(cell).lower().removeprefix("von "))
        if len(parts) == 2 and all(parts):
            return _time_from_text(parts[0]), _time_from_text(parts[1])
    return read_time(cell), None


@lru_cache(maxsize=4096)
def _time_from_text(text):
    bare = text.lower().strip()
    if match := CLOCK.fullmatch(bare):
        return _clock(match[1], match[2] or 0, text)
    if re.fullmatch(r"\d{3,4}", bare):
        return _clock(bare[:-2], bare[-2:], text)
    if re.fullmatch(r"0[.,]\d{3,}", bare):
        return _clock(*divmod(round(float(bare.replace(",", ".")) * DAY), 60), text)
    raise Refused("impossible_time", value=text[:60])


def _clock(hours, minutes, text):
    try:
        return time(int(hours), int(minutes))
    except (ValueError, OverflowError) as error:
        raise Refused("impossible_time", value=text[:60]) from error


# --- durations ---

NUMBER = r"(\d+(?:[.,]\d+)?|\d*\s*[½¼¾]|\d+\s+\d/\d|\d/\d)"
HOURS_WORD, MINUTES_WORD = r"(?:stunden?|std|hours?|hrs?|h)\.?", r"(?:minuten?|minutes?|min|m|')\.?"
AS_CLOCK = re.compile(rf"(\d{{1,3}}):(\d{{1,2}})(?::00)?\s*(?:{HOURS_WORD})?")
AS_HOURS = re.compile(rf"(?:ca\.?\s*)?{NUMBER}\s*{HOURS_WORD}")
AS_MINUTES = re.compile(rf"(?:ca\.?\s*)?{NUMBER}\s*{MINUTES_WORD}")
AS_BOTH = re.compile(rf"(\d+)\s*{HOURS_WORD}\s*(?:und\s*)?(\d{{1,2}})\s*(?:{MINUTES_WORD})?")
AS_NUMBER = re.compile(rf"(?:ca\.?\s*)?{NUMBER}")
FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}


def read_minutes(cell, unit="hours"):
    """Whole minutes from a duration, or None where it is empty; a bare number counts in `unit`."""
    cell = _shown(cell)
    if is_empty(cell):
        return None
    if isinstance(cell, timedelta):
        return _length(cell.total_seconds() / 60, cell)
    if isinstance(cell, datetime):  # Excel shows 26:30 as a time on the day after its day zero
        return _length((cell - EXCEL_DAY_ZERO).total_seconds() / 60, cell)
    if isinstance(cell, time):
        return _length(cell.hour * 60 + cell.minute + cell.second / 60, cell)
    if _is_number(cell):
        return _length(cell * (60 if unit == "hours" else 1), cell)
    return _minutes_from_text(line_of(cell), unit)


def bare_number(cell):
    """The number in a duration cell that names no unit, else None."""
    cell = _shown(cell)
    if _is_number(cell):
        return cell
    match = AS_NUMBER.fullmatch(line_of(cell).lower()) if isinstance(cell, str) else None
    return _amount(match[1]) if match else None


@lru_cache(maxsize=4096)
def _minutes_from_text(text, unit):
    bare = text.lower()
    if match := AS_CLOCK.fullmatch(bare):
        if int(match[2]) > 59:
            raise Refused("impossible_duration", value=text[:60])
        return _length(int(match[1]) * 60 + int(match[2]), text)
    if match := AS_BOTH.fullmatch(bare):
        if int(match[2]) > 59:
            raise Refused("impossible_duration", value=text[:60])
        return _length(int(match[1]) * 60 + int(match[2]), text)
    if match := AS_HOURS.fullmatch(bare):
        return _length(_amount(match[1]) * 60, text)
    if match := AS_MINUTES.fullmatch(bare):
        return _length(_amount(match[1]), text)
    if match := AS_NUMBER.fullmatch(bare):
        return _length(_amount(match[1]) * (60 if unit == "hours" else 1), text)
    if re.fullmatch(r"[-−–+]\s*\d.*", bare):
        raise Refused("impossible_duration", value=text[:60])
    raise Refused("unreadable_duration", value=text[:60])


def _amount(text):
    text = text.strip()
    if text[-1] in FRACTIONS:
        return float(text[:-1] or 0) + FRACTIONS[text[-1]]
    if "/" in text:
        whole, _blank, part = text.rpartition(" ")
        above, below = part.split("/")
        if below == "0":
            raise Refused("unreadable_duration", value=text[:60])
        return float(whole or 0) + int(above) / int(below)
    return float(text.replace(",", "."))


def _length(minutes, cell):
    """Round the odd thirds of an hour; nothing shorter than a minute or longer than a day."""
    if not math.isfinite(minutes) or not 1 <= round(minutes) <= DAY:
        raise Refused("impossible_duration", value=text_of(cell)[:60])
    return round(minutes)


# --- kinds and heads ---

KIND_WORDS = {
    "training": (
        "qualif",
        "schul",
        "workshop",
        "seminar",
        "kurs",
        "training",
        "fortbild",
        "weiterbild",
    ),
    "accompaniment": ("begl", "accompan", "coaching"),
    "advice": ("berat", "erstb", "folgeb", "sprechst", "erstgespr", "advice", "consult"),
}


def read_kind(cell):
    """advice, accompaniment or training; a word that could be two of them is refused."""
    text = line_of(cell)
    if is_empty(cell):
        raise Refused("no_kind")
    kind = kind_of(text)
    if kind is None:
        raise Refused("unknown_kind", value=text[:60])
    return kind


@lru_cache(maxsize=1024)
def kind_of(text):
    words = folded(text)
    found = {kind for kind, starts in KIND_WORDS.items() if any(start in words for start in starts)}
    return found.pop() if len(found) == 1 else None


HEADS = re.compile(
    r"(?:ca\.?\s*)?(\d{1,6})(?:[.,]0+)?\s*(?:p|pers|personen|person|tn|teiln[a-z/*]*|leute)?\.?"
)


def read_count(cell):
    """How many people, or None where it is empty."""
    cell = _shown(cell)
    if is_empty(cell):
        return None
    text = line_of(cell)
    match = HEADS.fullmatch(text.lower())
    if not match or not 1 <= int(match[1]) <= MOST_PEOPLE:
        raise Refused("impossible_count", value=text[:60])
    return int(match[1])

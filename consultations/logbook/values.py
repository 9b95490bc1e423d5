"""What people write into a cell of a log, understood: times, durations, kinds, heads."""

import math
import re
from datetime import datetime, time, timedelta
from functools import lru_cache

from best_portal.imports.cells import (
    EXCEL_DAY_ZERO,
    Refused,
    folded,
    is_empty,
    is_number,
    line_of,
    shown,
    text_of,
)

DAY = 24 * 60
MOST_PEOPLE = 5_000

# --- times ---

CLOCK = re.compile(r"(\d{1,2})(?:\s*(?:[:.,h]|uhr)\s*(\d{2}))?(?::\d{2})?\s*(?:h|uhr)?")
UNTIL = re.compile(r"\s*(?:-|–|—|bis)\s*")


def read_time(cell):
    """The time of day a cell means, or None where it is empty."""
    cell = shown(cell)
    if is_empty(cell):
        return None
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, timedelta):
        return _clock(*divmod(round(cell.total_seconds() / 60), 60), text_of(cell))
    if is_number(cell) and 0 < cell < 1:
        return _clock(*divmod(round(cell * DAY), 60), text_of(cell))
    return _time_from_text(line_of(cell))


def read_span(cell):
    """Start and end from a cell that holds both ("9:00–10:30"), or the start alone."""
    cell = shown(cell)
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
    cell = shown(cell)
    if is_empty(cell):
        return None
    if isinstance(cell, timedelta):
        return _length(cell.total_seconds() / 60, cell)
    if isinstance(cell, datetime):  # Excel shows 26:30 as a time on the day after its day zero
        return _length((cell - EXCEL_DAY_ZERO).total_seconds() / 60, cell)
    if isinstance(cell, time):
        return _length(cell.hour * 60 + cell.minute + cell.second / 60, cell)
    if is_number(cell):
        return _length(cell * (60 if unit == "hours" else 1), cell)
    return _minutes_from_text(line_of(cell), unit)


def bare_number(cell):
    """The number in a duration cell that names no unit, else None."""
    cell = shown(cell)
    if is_number(cell):
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
    cell = shown(cell)
    if is_empty(cell):
        return None
    text = line_of(cell)
    match = HEADS.fullmatch(text.lower())
    if not match or not 1 <= int(match[1]) <= MOST_PEOPLE:
        raise Refused("impossible_count", value=text[:60])
    return int(match[1])

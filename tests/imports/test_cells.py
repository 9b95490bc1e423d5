"""What any cell may hold: days and text, however they are written."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from best_portal.imports.cells import Refused, line_of, read_date, text_of
from best_portal.imports.sheet import Formula

MONTHS = ["Januar", "Februar", "März", "April", "Mai", "Juni"]
MONTHS += ["Juli", "August", "September", "Oktober", "November", "Dezember"]
WEEKDAYS = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
WRITTEN_DATES = [
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day.day}.{day.month}.{day:%y}",
    lambda day: f"{day.day}. {day.month}. {day.year}",
    lambda day: day.isoformat(),
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.day}. {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{day.day}. {MONTHS[day.month - 1][:3]}. {day.year}",
    lambda day: f"{WEEKDAYS[day.weekday()]}, {day:%d.%m.%Y}",
    lambda day: f"{day.isoformat()} 00:00:00",
    lambda day: datetime(day.year, day.month, day.day),  # noqa: DTZ001 - as openpyxl gives it
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: float((day - date(1899, 12, 30)).days) + 0.375,
    lambda day: Formula("=TODAY()", datetime(day.year, day.month, day.day)),  # noqa: DTZ001
]
# Two digits are enough for these years.
days = st.dates(date(1970, 1, 1), date(2069, 12, 31))


@given(day=days, write=st.sampled_from(WRITTEN_DATES))
def test_a_day_is_the_same_however_it_is_written(day, write):
    assert read_date(write(day)) == day


@given(day=days.filter(lambda day: str(day.year)[2:] not in ("19", "20")))
def test_a_day_of_eight_digits_may_begin_with_the_day(day):
    assert read_date(f"{day:%d%m%Y}") == day or f"{day:%d%m%Y}"[:2] in ("19", "20")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31.02.2003", "impossible_date"),
        ("29.2.2003", "impossible_date"),
        ("2003-13-01", "impossible_date"),
        ("02/13/2003", "impossible_date"),
        ("0.1.2003", "impossible_date"),
        ("31. Februar 2003", "impossible_date"),
        ("03.02.0203", "impossible_date"),
        (date(9999, 12, 31), "impossible_date"),
        ("3.2.", "unreadable_date"),
        ("Februar 2003", "unreadable_date"),
        ("2003", "unreadable_date"),
        (3.2, "unreadable_date"),
        (float("inf"), "unreadable_date"),
        (True, "unreadable_date"),
        ("demnächst", "unreadable_date"),
        (None, "no_date"),
        ("  ", "no_date"),
        ("?", "no_date"),
    ],
)
def test_a_day_that_cannot_be_is_refused(cell, code):
    with pytest.raises(Refused) as refused:
        read_date(cell)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("year", "means"), [("00", 2000), ("69", 2069), ("70", 1970), ("99", 1999)]
)
def test_two_digits_of_a_year_turn_at_seventy(year, means):
    assert read_date(f"1.1.{year}") == date(means, 1, 1)


def test_text_stays_as_typed_but_for_invisible_characters():
    assert text_of("  =1+1 \r\n@Team\x00\u202e ") == "=1+1 \n@Team"
    assert line_of("Kiez\xa0\n küche ") == "Kiez küche"
    assert text_of(Formula('=HYPERLINK("x";"Protokoll")', "Protokoll")).startswith("=HYPERLINK")
    assert text_of(Formula("=A1", "Kiezküche")) == "Kiezküche"
    assert text_of(Formula("=A1", None)) == "=A1"


@given(cell=st.one_of(st.text(), st.floats(), st.integers(), st.datetimes(), st.timedeltas()))
def test_no_cell_breaks_a_reader(cell):
    for read in (read_date, text_of):
        with suppress(Refused):
            read(cell)

"""What people write into the cells of a log: times, durations, kinds, heads."""

from contextlib import suppress
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from best_portal.imports.cells import Refused
from consultations.logbook.values import read_count, read_kind, read_minutes, read_span, read_time


@given(moment=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_a_time_is_the_same_however_it_is_written(moment):
    hour, minute = moment.hour, moment.minute
    written = [
        f"{hour:02}:{minute:02}",
        f"{hour}.{minute:02} Uhr",
        f"{hour:02}{minute:02}",
        f"{hour}h{minute:02}",
        f"{hour} Uhr {minute:02}",
        f"{hour}:{minute:02}:00",
        f"{hour},{minute:02}",
        moment,
        datetime(2003, 2, 3, hour, minute),  # noqa: DTZ001 - as openpyxl gives it
        timedelta(hours=hour, minutes=minute),
    ]

    assert {read_time(cell) for cell in written} == {moment}


def test_times_may_be_bare_hours_or_parts_of_a_day():
    assert read_time("9") == read_time(9) == read_time("9 Uhr") == read_time(0.375) == time(9)
    assert read_time("0,375") == time(9)
    assert read_time("") is read_time(None) is None


@pytest.mark.parametrize("cell", ["25:00", "24:00", "9:60", "nachmittags", "9:3", 9.5, 2500, -1])
def test_a_time_that_cannot_be_is_refused(cell):
    with pytest.raises(Refused, match="impossible_time"):
        read_time(cell)


@pytest.mark.parametrize(
    "cell", ["9:00-10:30", "von 9 bis 10.30 Uhr", "09:00 – 10:30", "0900-1030"]
)
def test_one_cell_may_hold_start_and_end(cell):
    assert read_span(cell) == (time(9), time(10, 30))


@given(minutes=st.integers(1, 1440))
def test_a_duration_is_the_same_however_it_is_written(minutes):
    hours, rest = divmod(minutes, 60)
    written = [
        f"{hours}:{rest:02}",
        f"{minutes} min",
        f"{minutes} Minuten",
        f"{minutes}'",
        f"{hours} h {rest}",
        f"{hours} Std. {rest} Min.",
        f"{minutes / 60:.4f}".replace(".", ","),
        f"{minutes / 60:.4f} Std.",
        minutes / 60,
        timedelta(minutes=minutes),
        *([time(hours, rest)] if hours < 24 else []),
    ]

    assert {read_minutes(cell) for cell in written} == {minutes}
    assert read_minutes(minutes, "minutes") == read_minutes(str(minutes), "minutes") == minutes


def test_halves_and_quarters_may_be_written_as_fractions():
    assert [read_minutes(cell) for cell in ("½", "1½ Std.", "1 1/2", "3/4 h", "ca. 2 h")] == [
        30,
        90,
        90,
        45,
        120,
    ]


@pytest.mark.parametrize(
    "cell",
    ["0", 0, "-1", -1, "25", "24:01", "1441 min", "1:75", float("nan"), float("inf"), "0:00"],
)
def test_a_duration_that_cannot_be_is_refused(cell):
    with pytest.raises(Refused, match="impossible_duration"):
        read_minutes(cell)


@pytest.mark.parametrize("cell", ["lange", "1/0", "ein paar Minuten", "1,5,5"])
def test_a_duration_nobody_understands_is_refused(cell):
    with pytest.raises(Refused, match="unreadable_duration"):
        read_minutes(cell)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("advice", "Beratung Berat. Erstberatung FOLGEBERATUNG Erstb. Sprechstunde"),
        ("accompaniment", "Begleitung Begl. begleitung"),
        ("training", "Qualifizierung Qualif. Schulung Workshop Seminar"),
    ],
)
def test_kinds_are_known_by_many_words(kind, words):
    assert {read_kind(word) for word in words.split()} == {kind}


@pytest.mark.parametrize("cell", ["Kaffee", "Beratung/Begleitung", 3])
def test_a_kind_that_could_be_two_or_none_is_refused(cell):
    with pytest.raises(Refused, match="unknown_kind"):
        read_kind(cell)


def test_heads_are_counted():
    assert [read_count(cell) for cell in (3, 3.0, "3", "3 Pers.", "ca. 12 TN", None, "-")] == [
        3,
        3,
        3,
        3,
        12,
        None,
        None,
    ]


@pytest.mark.parametrize("cell", [0, -2, "2-3", "viele", 1.5, 99999])
def test_heads_that_cannot_be_are_refused(cell):
    with pytest.raises(Refused, match="impossible_count"):
        read_count(cell)


@given(cell=st.one_of(st.text(), st.floats(), st.integers(), st.datetimes(), st.timedeltas()))
def test_no_cell_breaks_a_reader(cell):
    for read in (read_time, read_span, read_minutes, read_kind, read_count):
        with suppress(Refused):
            read(cell)

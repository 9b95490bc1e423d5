"""The rule of the waiting list: when people are asked, for how long, and what suits them."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from consultations.models.waiting_rules import (
    DayPart,
    asking_time,
    fits,
    is_early_enough,
    may_ask,
    offer_ends,
)
from tests.factories import BERLIN

HOUR = timedelta(hours=1)


def berlin(*moment):
    return datetime(*moment, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        # A Tuesday: at once between 8 and 16, so that the four hours end by 20.
        (berlin(2030, 5, 14, 8), berlin(2030, 5, 14, 8)),
        (berlin(2030, 5, 14, 16), berlin(2030, 5, 14, 16)),
        (berlin(2030, 5, 14, 7, 59), berlin(2030, 5, 14, 8)),
        (berlin(2030, 5, 14, 16, 1), berlin(2030, 5, 15, 8)),
        (berlin(2030, 5, 14, 23, 30), berlin(2030, 5, 15, 8)),
        # Friday evening, Saturday, Sunday: nobody could be called before Monday.
        (berlin(2030, 5, 17, 17), berlin(2030, 5, 20, 8)),
        (berlin(2030, 5, 18, 10), berlin(2030, 5, 20, 8)),
        # Whit Monday is a holiday, and so are the days after Christmas Eve.
        (berlin(2030, 6, 7, 17), berlin(2030, 6, 11, 8)),
        (berlin(2030, 12, 24, 17), berlin(2030, 12, 27, 8)),
        # Over the weekends on which the clocks change, eight stays eight.
        (berlin(2026, 3, 27, 17), berlin(2026, 3, 30, 8)),
        (berlin(2026, 10, 23, 17), berlin(2026, 10, 26, 8)),
        (berlin(2027, 10, 29, 17), berlin(2027, 11, 1, 8)),
    ],
)
def test_people_are_asked_on_working_days_when_four_hours_end_before_the_night(now, asked):
    assert asking_time(now) == asked.astimezone(UTC)
    assert may_ask(now) == (now == asked)


@pytest.mark.parametrize(
    "now",
    [
        berlin(2026, 3, 29, 0, 30),
        berlin(2026, 10, 25, 0, 30),
        berlin(2027, 3, 28, 1),
        berlin(2027, 10, 31, 2, 30),
        berlin(2030, 5, 14, 10),
    ],
)
def test_an_offer_lasts_four_hours_whatever_the_clocks_do(now):
    assert offer_ends(now) - now.astimezone(UTC) == 4 * HOUR


def time_at(*moment, **hours):
    fields = {"project_id": 1, "district_id": 1, "channel": "office"}
    hours = SimpleNamespace(**fields | {"lead_hours": 24} | hours)
    return SimpleNamespace(
        starts_at=berlin(*moment).astimezone(UTC),
        office_hours=hours,
        advisors=(SimpleNamespace(pk=1),),
    )


def test_an_offer_ends_before_the_lead_time_begins():
    now = berlin(2030, 5, 14, 10)

    assert is_early_enough(time_at(2030, 5, 15, 14), now)
    assert not is_early_enough(time_at(2030, 5, 15, 13, 59), now)
    # In the night to 27 October 2030 an hour comes twice: 28 real hours lie in between.
    assert is_early_enough(time_at(2030, 10, 27, 13), berlin(2030, 10, 26, 10))
    assert not is_early_enough(time_at(2030, 10, 27, 12, 59), berlin(2030, 10, 26, 10))


def wishes(**fields):
    nothing = {
        "project_id": None,
        "advisor_id": None,
        "district_id": None,
        "channel": "",
        "weekdays": [],
        "day_parts": [],
        "earliest_on": None,
    }
    return SimpleNamespace(**nothing | fields)


MONDAY_NINE = (2030, 5, 20, 9)


@pytest.mark.parametrize(
    ("fields", "suits"),
    [
        ({}, True),
        ({"project_id": 1, "advisor_id": 1, "district_id": 1, "channel": "office"}, True),
        ({"project_id": 2}, False),
        ({"advisor_id": 2}, False),
        ({"channel": "video"}, False),
        # Another neighbourhood of the same project is served by the same office hours.
        ({"district_id": 2}, True),
        ({"district_id": 3}, False),
        ({"weekdays": [1, 3]}, True),
        ({"weekdays": [2]}, False),
        ({"day_parts": [DayPart.MORNING]}, True),
        ({"day_parts": [DayPart.AFTERNOON, DayPart.EVENING]}, False),
        ({"earliest_on": date(2030, 5, 20)}, True),
        ({"earliest_on": date(2030, 5, 21)}, False),
    ],
)
def test_what_somebody_left_open_does_not_matter(fields, suits):
    areas = {1: {1, 2}}

    assert fits(wishes(**fields), time_at(*MONDAY_NINE), areas) is suits


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ((11, 59), DayPart.MORNING),
        ((12, 0), DayPart.AFTERNOON),
        ((16, 59), DayPart.AFTERNOON),
        ((17, 0), DayPart.EVENING),
    ],
)
@pytest.mark.parametrize("day", [date(2030, 3, 31), date(2030, 5, 20), date(2030, 10, 27)])
def test_times_of_day_are_those_of_berlin(day, clock, part):
    time = time_at(day.year, day.month, day.day, *clock)

    fitting = [each for each in DayPart if fits(wishes(day_parts=[each]), time, {})]

    assert fitting == [part]

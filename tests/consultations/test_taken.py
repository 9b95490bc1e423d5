"""The shortcuts of the free times give what the long way gives: periods taken, days due."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from consultations.models.free_times import Taken, due_days, is_due_on

MIDNIGHT = datetime(2030, 6, 3, tzinfo=UTC)
PERIODS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=12)


def period(start, length):
    return MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=start + length)


@given(PERIODS, st.integers(0, 80), st.integers(1, 10))
def test_an_advisor_has_something_where_any_period_overlaps(periods, start, length):
    periods = [period(*each) for each in periods]
    begin, end = period(start, length)

    found = Taken({7: periods}).has(7, begin, end)

    assert found == any(s < end and begin < e for s, e in periods)


def test_who_has_nothing_is_free():
    advisors = [SimpleNamespace(pk=7), SimpleNamespace(pk=8)]
    taken = Taken({7: [period(9, 1)]})

    assert taken.free(advisors, *period(9, 1)) == (advisors[1],)
    assert taken.free(advisors, *period(10, 1)) == tuple(advisors)


class Always:
    """A project without an end."""

    def covers(self, day):
        return True


@given(
    starts_on=st.dates(date(2029, 1, 1), date(2031, 12, 31)),
    weekday=st.integers(1, 7),
    every_weeks=st.integers(1, 12),
    start_day=st.dates(date(2029, 1, 1), date(2031, 12, 31)),
    length=st.integers(0, 120),
)
def test_the_days_due_are_those_the_rhythm_hits(starts_on, weekday, every_weeks, start_day, length):
    hours = SimpleNamespace(
        starts_on=starts_on,
        ends_on=None,
        weekday=weekday,
        every_weeks=every_weeks,
        project=Always(),
    )
    days = [start_day + timedelta(days=number) for number in range(length + 1)]

    found = list(due_days(hours, start_day, days[-1]))

    assert found == [day for day in days if is_due_on(day, hours)]


def test_nobody_counts_days_for_ever():
    hours = SimpleNamespace(
        starts_on=date(2029, 1, 1), ends_on=None, weekday=1, every_weeks=1, project=Always()
    )

    assert len(list(due_days(hours, date(2029, 1, 1), date(9999, 12, 31)))) < 54

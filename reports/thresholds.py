"""Thresholds of a grant as steps in time: which of them holds on which day. No ORM, no clock."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """A number and the days it holds; None is open to that side."""

    value: Decimal
    since: date | None = None
    until: date | None = None

    def holds_on(self, day):
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


def value_on(steps, day):
    """The number that holds on a day; None where none does."""
    return next((step.value for step in steps if step.holds_on(day)), None)


def spans(steps, first, last):
    """Cut the days from the first to the last: yield (number or None, its first day, its last)."""
    cuts = {first}
    for step in steps:
        cuts |= {step.since} if step.since else set()
        cuts |= {step.until + DAY} if step.until else set()
    starts = sorted(day for day in cuts if first <= day <= last)
    ends = [*(day - DAY for day in starts[1:]), last]
    for start, end in zip(starts, ends, strict=False):
        yield value_on(steps, start), start, end


def reached(parts, steps, first, last):
    """The first day on which the minutes so far reach the hours that hold then; None if never.

    `parts` are (day, minutes) in their order. Without a threshold the first minute reaches it; what
    was reached stays reached when a later threshold is higher.
    """
    for value, start, end in spans(steps, first, last):
        needed, so_far = minutes_needed(value), 0
        for day, minutes in parts:
            if day > end:
                break
            so_far += minutes
            if so_far >= needed:
                return max(day, start)
    return None


def minutes_needed(hours):
    return max((hours or 0) * 60, 1)

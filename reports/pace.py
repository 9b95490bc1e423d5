"""How much of a grant's time is over on a day, and whether a target lags behind it.

The time of a grant begins with the first day whose work it pays for, the approved early start.
Pure functions: the check of the data, the frozen report and the manager's desk agree through them.
"""

from decimal import ROUND_HALF_UP, Decimal

WHOLE = 100


def part_over(first, last, today):
    """How much of the time from a first to a last day is over on a day, between 0 and 1."""
    days = (last - first).days + 1
    return min(max(Decimal((today - first).days + 1) / days, Decimal(0)), Decimal(1))


def percent_over(first, last, today):
    """The same in whole percent; half a percent goes up."""
    return (WHOLE * part_over(first, last, today)).quantize(Decimal(1), ROUND_HALF_UP)


def is_behind(value, target, elapsed):
    """Whether less of a target is reached than of the time is over, in percent.

    Unrounded: 1,999 of 2,000 print as 100.0 percent and are not all. Not where no target is named,
    nor where nothing was measured (`value` is None).
    """
    if not target or value is None:
        return False
    return WHOLE * value < target * elapsed

"""Berlin's wall clock: which moments a day and a time of day mean when the clocks are changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def moments(day, wall_clock):
    """Return the moments at which Berlin's clocks show this, earliest first.

    One as a rule, none in the hour that spring leaves out, two in the hour autumn repeats.
    """
    shown = datetime.combine(day, wall_clock)
    found = []
    for fold in (0, 1):
        moment = shown.replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)
        exists = moment.astimezone(BERLIN).replace(tzinfo=None) == shown
        if exists and moment not in found:
            found.append(moment)
    return found

"""When a calendar file keeps somebody busy: its events laid out over the weeks to come.

A leaf: it takes the bytes of a file (RFC 5545) and returns pairs of moments, nothing else; what
the events are called is never looked at.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

BERLIN = ZoneInfo("Europe/Berlin")
MOST_EVENTS = 20_000
# How many times a day all repeating events of a file may take place together.
MOST_A_DAY = 2_000
FREE = ("TRANSPARENT",)
OFF = ("CANCELLED",)


def times_a_day(rule):
    """How often a repeating event takes place on one of its days, at most."""
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    if frequency in ("SECONDLY", "MINUTELY"):
        return MOST_A_DAY + 1
    number = 24 if frequency == "HOURLY" else 1
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        number *= max(1, len(rule.get(part, [])))
    return number


def is_over(rule, start):
    """Whether a repeating event had its last day before a moment."""
    until = rule.get("UNTIL", [])
    return bool(until) and moment(until[0]) < start


def refuse_floods(calendar, start):
    """Raise ValueError for a file whose events nobody has: it would keep a worker busy for ever."""
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise ValueError("too many events")
    rules = []
    for event in events:
        rule = event.get("RRULE", [])
        rules += rule if isinstance(rule, list) else [rule]
    if sum(times_a_day(rule) for rule in rules if not is_over(rule, start)) > MOST_A_DAY:
        raise ValueError("too many repetitions")


def moment(value):
    """A day begins at midnight in Berlin; a time without a zone is one in Berlin."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    return (value if value.tzinfo else value.replace(tzinfo=BERLIN)).astimezone(UTC)


def keeps_busy(event, own):
    """Whether an event takes its time; one of our own appointments does so already."""
    return (
        str(event.get("TRANSP", "")).upper() not in FREE
        and str(event.get("STATUS", "")).upper() not in OFF
        and str(event.get("UID", "")) not in own
    )


def period_of(event):
    start, end = event.start, event.end
    if type(end) is date and end == start:
        end += timedelta(days=1)
    return moment(start), moment(end)


def merged(periods):
    """Return the periods in order, those that touch or overlap as one."""
    together = []
    for start, end in sorted(periods):
        if together and start <= together[-1][1]:
            together[-1] = (together[-1][0], max(end, together[-1][1]))
        else:
            together.append((start, end))
    return together


def busy_times(content, start, end, *, own=frozenset()):
    """Return the (start, end) in which a file's events keep somebody busy between two moments.

    `own` are the identities of our appointments. Raises ValueError for what is no calendar.
    """
    calendar = Calendar.from_ical(content)
    if calendar.name != "VCALENDAR":
        raise ValueError("no calendar")
    refuse_floods(calendar, start)
    periods = [
        period_of(event)
        for event in recurring_ical_events.of(calendar).between(start, end)
        if keeps_busy(event, own)
    ]
    return [
        (max(first, start), min(last, end))
        for first, last in merged(period for period in periods if period[0] < period[1])
        if first < end and start < last
    ]

"""Calendar files (RFC 5545) as every app writes them: Berlin's time zone, identity, numbers.

A leaf like best_portal.db: it imports nothing of ours.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

TZID = "Europe/Berlin"
BERLIN = ZoneInfo(TZID)


def berlin():
    """Return Berlin's time zone as calendar programs read it.

    By its rule since 1996: icalendar's own generator starts summer time an hour late.
    """
    summer, winter = TimezoneDaylight(), TimezoneStandard()
    for part, name, month, hour, before, after in (
        (summer, "CEST", 3, 2, 1, 2),
        (winter, "CET", 10, 3, 2, 1),
    ):
        part.add("tzname", name)
        # The clock time at which it begins, as the clock showed before.
        part.DTSTART = datetime(1996, month, {3: 31, 10: 27}[month], hour)  # noqa: DTZ001
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.TZOFFSETFROM = timedelta(hours=before)
        part.TZOFFSETTO = timedelta(hours=after)
    zone = Timezone()
    zone.add("tzid", TZID)
    zone.add_component(summer)
    zone.add_component(winter)
    return zone


def event_of(appointment):
    """Return what every calendar says of an appointment: identity, number, time; a date has all."""
    event = Event()
    event.add("uid", str(appointment.uid))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", timezone.now())
    event.DTSTART, event.DTEND = clear_times(appointment.starts_at, appointment.ends_at)
    return event


def clear_times(*moments):
    """Return moments as Berlin's clocks show them; in UTC where one is shown twice that day.

    A file has no way to say which of both it means (RFC 5545 takes the first).
    """
    shown = [moment.astimezone(BERLIN) for moment in moments]
    if any(each.fold for each in shown):
        return [moment.astimezone(UTC) for moment in moments]
    return shown


def calendar_of(events, *, method):
    calendar = Calendar()
    calendar.add("prodid", "-//BEST//Portal//DE")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(berlin())
    for event in events:
        calendar.add_component(event)
    return calendar


def fetched_every(calendar, minutes):
    """Say how often calendar programs may fetch, in the two ways they go by."""
    calendar.add("refresh-interval", timedelta(minutes=minutes), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{minutes}M")
    return calendar

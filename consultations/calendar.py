"""Calendar files of appointments (RFC 5545): the same identity always, a rising number per change.

A leaf: it takes an appointment as it is and imports no model.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

TZID = "Europe/Berlin"
BERLIN = ZoneInfo(TZID)
PLAIN = "@!$'*+"


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


def address(email, *, name=""):
    """Return an e-mail address as a calendar's person; nothing in it may end the line."""
    # RFC 6068: what could mean something within an address is written as its number.
    person = vCalAddress(f"mailto:{quote(email, safe=PLAIN)}")
    if name:
        person.params["CN"] = vText(name)
    return person


def event_of(appointment):
    """Return what every calendar says of an appointment: its identity, its number, its time."""
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


def calendar_file(appointment, *, attendee, language, url="", is_cancelled=False):
    """Return the calendar file of an appointment for one of its two sides.

    It says when and where, never with whom or what about: calendars are shown to others. `url` is
    where this side finds it, for somebody without an account their own link.
    `is_cancelled`: it is off for this attendee, though it may be held with somebody else.
    """
    is_cancelled = is_cancelled or appointment.status == "cancelled"
    agency, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    event = event_of(appointment)
    with translation.override(language):
        event.add("summary", _("Appointment at BEST"))
        where = [appointment.get_channel_display(), appointment.place]
        event.add("location", ", ".join(part for part in where if part))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("url", settings.PUBLIC_URL + (url or appointment.get_absolute_url()))
    event.add("organizer", address(sender, name=agency), encode=False)
    if attendee:
        event.add("attendee", address(attendee), encode=False)

    # An invitation is for somebody; without an address it is only published (RFC 5546).
    wanted = "REQUEST" if attendee else "PUBLISH"
    method = "CANCEL" if is_cancelled and attendee else wanted
    return calendar_of([event], method=method).to_ical().decode()


def feed_file(appointments, *, has_names, language):
    """Return an advisor's appointments for the calendar program that subscribed to them.

    Without names it says only when: who else sees that calendar, we cannot know. What an
    appointment is about stands in neither.
    """
    events = []
    with translation.override(language):
        for appointment in appointments:
            event = event_of(appointment)
            if has_names:
                event.add("summary", str(appointment.person))
                where = [appointment.get_channel_display(), appointment.place]
                event.add("location", ", ".join(part for part in where if part))
                event.add("url", settings.PUBLIC_URL + appointment.get_absolute_url())
            else:
                event.add("summary", _("Appointment (busy)"))
            event.add("class", "PRIVATE")
            event.add("status", "CONFIRMED")
            events.append(event)
        calendar = calendar_of(events, method="PUBLISH")
        calendar.add("x-wr-calname", _("Appointments at BEST"))
    # What calendar programs go by when they ask how often they may fetch.
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    return calendar.to_ical().decode()

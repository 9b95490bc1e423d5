"""Calendar files of appointments (RFC 5545): the same identity always, a rising number per change.

A leaf: it takes an appointment as it is and imports no model.
"""

from email.utils import parseaddr
from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import vCalAddress, vText

from best_portal.ics import calendar_of, event_of, fetched_every

PLAIN = "@!$'*+"


def address(email, *, name=""):
    """Return an e-mail address as a calendar's person; nothing in it may end the line."""
    # RFC 6068: what could mean something within an address is written as its number.
    person = vCalAddress(f"mailto:{quote(email, safe=PLAIN)}")
    if name:
        person.params["CN"] = vText(name)
    return person


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
    return fetched_every(calendar, 15).to_ical().decode()

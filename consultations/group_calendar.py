"""Calendar files of group sessions: each date an event of its own, as people get and lose them.

A leaf: it takes a session or a registration as it is and imports no model.
"""

from email.utils import parseaddr

from django.conf import settings
from django.utils import translation
from icalendar import vText

from best_portal.ics import calendar_of, event_of
from consultations.calendar import address


def calendar_files(registration):
    """Return one calendar object for each date, one after another (RFC 5545, 3.4).

    An invitation must not hold events of different identities (RFC 5546), so each date comes by
    itself: REQUEST while this person has a seat, CANCEL once they need not come; nothing for who
    never had one.
    """
    session = registration.session
    has_seat = registration.status == "registered"
    if registration.seated_at is None:
        return ""
    files = []
    for date in session.dates.all():
        if date.is_past:
            continue
        is_off = date.is_cancelled or not has_seat
        event = described(date, session, language=registration.speaks, show_link=has_seat)
        # One's own number rises with each change of either, or calendars would keep the old one.
        event["sequence"] = date.sequence + registration.sequence
        event.add("status", "CANCELLED" if is_off else "CONFIRMED")
        event.add("url", settings.PUBLIC_URL + registration.get_absolute_url())
        agency, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
        event.add("organizer", address(sender, name=agency), encode=False)
        event.add("attendee", address(registration.mail_to), encode=False)
        calendar = calendar_of([event], method="CANCEL" if is_off else "REQUEST")
        files.append(calendar.to_ical().decode())
    return "".join(files)


def published_file(session, *, language):
    """Return the dates as anybody may put them into their calendar; without the online room."""
    events = []
    for date in session.dates.all():
        event = described(date, session, language=language)
        event.add("status", "CANCELLED" if date.is_cancelled else "CONFIRMED")
        event.add("url", settings.PUBLIC_URL + session.get_absolute_url())
        events.append(event)
    return calendar_of(events, method="PUBLISH").to_ical().decode()


def described(date, session, *, language, show_link=False):
    event = event_of(date)
    with translation.override(language):
        event.add("summary", vText(session.title))
        where = [session.get_channel_display(), session.place]
        event.add("location", ", ".join(part for part in where if part))
    if show_link and session.link:
        event.add("description", session.link)
    return event

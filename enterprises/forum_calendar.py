"""Calendar files of forums: when and where they meet and what about, never who comes."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import vText

from best_portal.ics import calendar_of, event_of, fetched_every

# Calendar programs keep what they have read.
BACK, AHEAD = timedelta(days=90), timedelta(days=730)
MINUTES = 60


def feed_of(name, meetings, *, language="de"):
    """The public meetings of an area, as calendar programs fetch them."""
    now = timezone.now()
    near = meetings.filter(starts_at__range=(now - BACK, now + AHEAD))
    with translation.override(language):
        events = [described(each) for each in near.select_related("forum").soonest()]
        calendar = calendar_of(events, method="PUBLISH")
        calendar.add("x-wr-calname", _("Forums in %(area)s") % {"area": name})
    return fetched_every(calendar, MINUTES).to_ical().decode()


def described(meeting):
    event = event_of(meeting)
    event.add("summary", vText(meeting.forum.name))
    event.add("location", vText(meeting.place))
    if meeting.agenda:
        event.add("description", vText(meeting.agenda))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("url", settings.PUBLIC_URL + meeting.get_absolute_url())
    return event

"""What the case file of a network or project group adds: how it is doing, where it meets."""

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from best_portal.db import BerlinMidnight
from enterprises.entries import edit_url, name_of
from enterprises.models import Forum, Meeting
from enterprises.timeline import Entry, Kind, Panel


def health_of(organisation, user):
    """Only for staff, and only of whoever has members."""
    if not (user.is_staff_member and organisation.has_members):
        return None
    notes = organisation.health_notes.valid().newest_first().select_related("author")
    return {"notes": notes}


def rounds_of(organisation, user):
    """Where it meets; nothing where it does not and the reader could not set up a round."""
    rows = Forum.objects.visible_to(user).filter(organisation=organisation).current()
    forums = list(rows.for_list())
    may_set_up = user.is_staff_member and organisation.has_members
    return {"forums": forums, "may_set_up": may_set_up} if forums or may_set_up else None


def noted(note, user):
    return Entry(
        _("How it is doing: %(health)s") % {"health": note.get_health_display()},
        href=edit_url("health", note, user),
        who=name_of(note.author),
        text=note.note,
        tone=note.tone,
        status=note.get_health_display(),
    )


def visible_notes(organisation, user):
    rows = organisation.health_notes.valid()
    return rows if user.is_staff_member else rows.none()


def met(meeting, user):
    there = meeting.present
    told = _("%(number)s were there") % {"number": there} if there else ""
    return Entry(meeting.forum.name, href=meeting.get_absolute_url(), text=told)


KINDS = [
    Kind(
        name="health",
        label=gettext_lazy("How it is doing"),
        rows=visible_notes,
        moment=BerlinMidnight("noted_on"),
        for_page=lambda rows, user: rows.select_related("author"),
        entry=noted,
        advisors="author",
    ),
    Kind(
        name="meeting",
        label=gettext_lazy("Meetings"),
        rows=lambda organisation, user: Meeting.objects.held().filter(
            forum__in=Forum.objects.inside_for(user).filter(organisation=organisation)
        ),
        moment=F("starts_at"),
        for_page=lambda rows, user: rows.for_list(),
        entry=met,
    ),
]
PANELS = [
    Panel("health", gettext_lazy("How it is doing"), "enterprises/_health.html", health_of),
    Panel("rounds", gettext_lazy("Where it meets"), "enterprises/_rounds.html", rounds_of),
]

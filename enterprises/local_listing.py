"""Columns of files: forums, their members and decisions, networks, partnerships."""

from django.utils.translation import gettext_lazy as _

# What the page shows is for everyone, and so is the file.
FORUMS = [
    (_("Name"), "name"),
    (_("Kind"), "get_kind_display"),
    (_("Theme"), "theme"),
    (_("Neighbourhoods"), "areas"),
    (_("Last meeting"), "last_at"),
    (_("Next meeting"), "next_at"),
    (_("Since"), "since"),
    (_("Until"), "until"),
]
FORUM_MEMBERS = [
    (_("Organisation"), "organisation.name"),
    (_("Person"), "person.name"),
    (_("Part"), "get_role_display"),
    (_("Since"), "since"),
    (_("Until"), "until"),
]
DECISIONS = [
    (_("Forum"), "meeting.forum.name"),
    (_("Meeting"), "meeting.starts_at"),
    (_("Decision"), "what"),
    (_("Who does it"), "who"),
    (_("Due on"), "due_on"),
    (_("Status"), "state"),
    (_("Reason"), "dropped_because"),
]
ALLIANCES = [
    (_("File number"), "number"),
    (_("Name"), "name"),
    (_("Kind"), "get_kind_display"),
    (_("Neighbourhood"), "district"),
    (_("Members"), "member_count"),
    (_("How it is doing"), "health_words"),
    (_("As of"), "health_on"),
    (_("Last meeting"), "last_at"),
    (_("Next meeting"), "next_at"),
    (_("Last consultation"), "advised_on"),
]

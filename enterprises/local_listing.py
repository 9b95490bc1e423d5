"""Columns of files: forums, their members and decisions, networks, partnerships."""

from operator import itemgetter

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
RESOURCES = [
    (_("Offer or need"), "get_side_display"),
    (_("Kind"), "get_kind_display"),
    (_("What"), "title"),
    (_("Partner"), "organisation.name"),
    (_("Neighbourhoods"), "areas"),
    (_("Amount"), "amount"),
    (_("Unit"), "unit"),
    (_("Valid from"), "since"),
    (_("Valid until"), "until"),
    (_("Status"), "state"),
    (_("What became of it"), "settled_because"),
]
BLOCKS = [
    (_("Building block"), "name"),
    (_("What is done"), "service"),
    (_("What it takes"), "takes"),
    (_("Partners who contribute it"), "provider_names"),
    (_("Where it has been tried"), "tried_where"),
]
AGREEMENTS = [
    (_("Agreement"), "name"),
    (_("Parties"), "party_names"),
    (_("Neighbourhoods"), "areas"),
    (_("Signed on"), "signed_on"),
    (_("In force from"), "starts_on"),
    (_("In force until"), "last_day"),
    (_("To be reviewed on"), "review_on"),
    (_("Status"), "state"),
    (_("Looked after by"), "advisor.name"),
]
CONTRIBUTIONS = [
    (_("Day"), "given_on"),
    (_("Neighbourhood"), "district"),
    (_("Partner"), "organisation.name"),
    (_("Kind"), "get_kind_display"),
    (_("What"), "what"),
    (_("Hours"), "hours"),
    (_("Worth (EUR)"), "value"),
    (_("Agreement"), "agreement.name"),
]
CONTRIBUTIONS_BY_PARTNER = [
    (_("Year"), itemgetter("year")),
    (_("Neighbourhood"), itemgetter("area")),
    (_("Partner"), itemgetter("partner")),
    (_("Kind"), itemgetter("kind")),
    (_("How many"), itemgetter("number")),
    (_("Hours"), itemgetter("total_hours")),
    (_("Worth (EUR)"), itemgetter("total_value")),
]

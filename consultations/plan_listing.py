"""Columns of files: appointments, office hours, absences, group sessions, who waits for a time."""

from django.utils.translation import gettext_lazy as _

from consultations.listing import joined, names_of

APPOINTMENTS = [
    (_("Start"), "starts_at"),
    (_("End"), "ends_at"),
    (_("Reference"), "reference"),
    (_("With"), "person.name"),
    (_("Organisation"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Advisor"), "advisor.name"),
    (_("Project"), "project"),
    (_("How"), "get_channel_display"),
    (_("Place"), "place"),
    (_("Status"), "get_status_display"),
]
OFFICE_HOURS = [
    (_("Advisor or team"), "who"),
    (_("On duty"), lambda row: names_of(row.on_duty)),
    (_("Weekday"), "get_weekday_display"),
    (_("From"), "starts_at"),
    (_("Until"), "ends_at"),
    (_("Every how many weeks"), "every_weeks"),
    (_("How"), "get_channel_display"),
    (_("Place"), "place"),
    (_("Neighbourhood"), "district"),
    (_("Project"), "project"),
    (_("Minutes for each appointment"), "slot_minutes"),
    (_("Minutes of pause"), "pause_minutes"),
    (_("By agreement only"), "is_by_agreement"),
    (_("Valid from"), "starts_on"),
    (_("Valid until"), "ends_on"),
]
ABSENCES = [
    (_("From"), "starts_at"),
    (_("Until"), "ends_at"),
    (_("Advisor"), "advisor.name"),
    (_("Note"), "reason"),
    (_("Stands in"), "substitute.name"),
]
HANDOVERS = [
    (_("Handed over"), "handed_at"),
    (_("Handed over by"), "giver.name"),
    (_("Successor"), "to.name"),
    (_("Support cases"), lambda row: row.moved.get("cases", 0)),
    (_("Promises"), lambda row: row.moved.get("promises", 0)),
    (_("Appointments"), lambda row: row.moved.get("appointments", 0)),
]
GROUP_SESSIONS = [
    (_("Reference"), "reference"),
    (_("Title"), "title"),
    (_("Start"), "starts_at"),
    (_("End"), "ends_at"),
    (_("Dates"), lambda row: len(row.dates.all())),
    (_("Minutes"), "minutes"),
    (_("Status"), "get_status_display"),
    (_("Project"), "project"),
    (_("Neighbourhood"), "district"),
    (_("How"), "get_channel_display"),
    (_("Place"), "place"),
    (_("Led by"), lambda row: names_of(row.leaders.all())),
    (_("Topics"), lambda row: joined(row.topics.all())),
    (_("Seats"), "seats"),
    (_("Seats taken"), "taken"),
    (_("Waiting"), "waiting"),
]
# What somebody needs to take part stays on the page: it may tell of an illness.
REGISTRATIONS = [
    (_("Name"), "who"),
    (_("Organisation"), "organisation.name"),
    (_("Status"), "get_status_display"),
    (_("Seat"), "seat"),
    (_("Registered at"), "asked_at"),
    (_("Cancelled at"), "cancelled_at"),
    (_("Minutes attended"), "attended"),
]


def telephone_of(entry):
    """As on the page: of those who are called."""
    return entry.whose.phone if entry.is_called else None


WAITING = [
    (_("Waiting since"), "joined_at"),
    (_("Name"), str),
    (_("Organisation"), "organisation.name"),
    (_("Neighbourhood"), "district"),
    (_("Topic"), "topic"),
    (_("Project"), "project"),
    (_("Advisor"), "advisor.name"),
    (_("Weekdays"), lambda entry: joined(entry.weekdays_in_words)),
    (_("Times of day"), lambda entry: joined(entry.day_parts_in_words)),
    (_("Phone number to call"), telephone_of),
    (_("Offers"), "offer_count"),
    (_("Offered until"), "offered_until"),
    (_("Status"), "get_status_display"),
    (_("Ended at"), "ended_at"),
]

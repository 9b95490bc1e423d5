"""Columns of files: consultations, promises, visits, declined requests, capacity; no notes."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HOUR = Decimal(60)


def in_hours(minutes):
    return (minutes / HOUR).quantize(Decimal("0.01"))


def clock(moment):
    return timezone.localtime(moment).time() if moment else None


def joined(things):
    return ", ".join(str(thing) for thing in things)


def names_of(people):
    return ", ".join(person.name for person in people)


CONSULTATIONS = [
    (_("Date"), "held_on"),
    (_("Start"), lambda row: clock(row.starts_at)),
    (_("End"), lambda row: clock(row.ends_at)),
    (_("Minutes"), "minutes"),
    (_("Hours"), lambda row: in_hours(row.minutes)),
    (_("Kind"), "get_kind_display"),
    (_("Organisation"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Neighbourhood"), "district"),
    (_("Project"), "project"),
    (_("Task"), "task"),
    (_("Advised by"), lambda row: names_of(row.advisors.all()) or row.advisor_as_written),
    (_("Number of people"), "headcount"),
    (_("How"), "get_channel_display"),
    (_("Place"), "place"),
    (_("Topics"), lambda row: joined(row.topics.all())),
    (_("Result"), "result"),
    (_("Next step"), "next_step"),
    (_("By"), "next_step_on"),
]
# Without the person who was there.
VISITS = [
    (_("Date"), "visited_on"),
    (_("Time"), lambda row: clock(row.visited_at)),
    (_("Visited"), "whom"),
    (_("File number"), "organisation.number"),
    (_("Address"), "address"),
    (_("Neighbourhood"), "district"),
    (_("Project"), "project"),
    (_("Visited by"), "advisor.name"),
    (_("Situation"), "situation"),
    (_("Need"), "need"),
    (_("Mood"), "get_mood_display"),
    (_("Wants to join"), "get_wants_to_join_display"),
    (_("Condition"), "condition"),
    (_("Further contact not wanted"), "is_barring"),
]
DECLINED = [
    (_("Date"), "on"),
    (_("Place"), "place"),
    (_("Neighbourhood"), "district"),
    (_("Topic"), "topic"),
    (_("Reason"), "get_reason_display"),
    (_("Named instead"), "referred_to"),
    (_("How"), "get_channel_display"),
    (_("Recorded by"), "recorded_by.name"),
]


def settled_on(promise):
    settled_at = promise.kept_at or promise.dropped_at
    return timezone.localdate(settled_at) if settled_at else None


PROMISES = [
    (_("Due on"), "due_on"),
    (_("Promise"), "what"),
    (_("Organisation"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Promised by"), "from_whom"),
    (_("Promised to"), "to_whom"),
    (_("Responsible"), "advisor.name"),
    (_("Promised on"), "made_on"),
    (_("Status"), "state"),
    (_("Settled on"), settled_on),
    (_("Reason"), "dropped_because"),
]


# The rows are (area, week); what is past cannot be free any more.
CAPACITY = [
    (_("Area"), lambda row: row[0].district or _("No area")),
    (_("Week from"), lambda row: row[1].monday),
    (_("Bookable hours"), lambda row: in_hours(row[1].bookable)),
    (_("Booked hours"), lambda row: in_hours(row[1].booked)),
    (_("Hours still free"), lambda row: None if row[1].is_over else in_hours(row[1].free)),
    (_("Requests declined"), lambda row: row[1].declined),
    (_("Joined the waiting list and wait"), lambda row: row[1].waiting),
    (_("Days until the third free time"), lambda row: row[0].lead),
]

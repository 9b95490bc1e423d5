"""The demo's waiting list: founders, callers and a guest for whom no free time suits yet."""

import uuid

from consultations.models import DayPart, ReachedBy, Topic, WaitingEntry, Weekday
from consultations.models.guests import Need
from enterprises.models import Person

CALLERS = (
    ("Erna Muster", "030 5550 201", "de", {"weekdays": [Weekday.MONDAY]}),
    # Anything suits her: at the next hour of asking the sweep finds her a time to be called about.
    ("Rosa Beispiel", "030 5550 202", "de", {}),
    ("Joe Beispiel", "030 5550 203", "en", {"weekdays": [Weekday.FRIDAY]}),
)


def fill_the_waiting_list(project, people):
    """Put people on the list of a running project, in the order in which they are named here."""
    district = project.districts.order_by("pk").first()
    topics = Topic.objects.order_by("name")
    shared = {"project": project, "district": district}
    founder = people.founders[0]
    join(
        "founder",
        by=founder,
        person=Person.objects.of_account(founder),
        weekdays=[Weekday.WEDNESDAY],
        day_parts=[DayPart.EVENING],
        topic=topics.first(),
        concern="Der Finanzplan für die Bank, am liebsten nach der Arbeit",
        **shared,
    )
    for name, phone, language, wishes in CALLERS:
        contact = {"name": name, "phone": phone, "email": "", "language": language}
        join(
            name,
            by=people.team[0],
            contact=contact,
            reached_by=ReachedBy.PHONE,
            topic=topics.last(),
            **shared | wishes,
        )
    guest = WaitingEntry.objects.ask(
        name="Ali Beispiel",
        email="ali@beispiel.example",
        needs=[Need.STEP_FREE],
        weekdays=[Weekday.FRIDAY],
        day_parts=[DayPart.MORNING],
        **shared,
    )
    guest.confirm()
    left = WaitingEntry.objects.get(person__name="Joe Beispiel")
    left.stop(by=people.team[0])


def join(name, **fields):
    form_key = uuid.uuid5(uuid.NAMESPACE_URL, f"demo:waiting:{name}")
    return WaitingEntry.objects.join(form_key=form_key, **fields)

"""What a writer of the Sachbericht may draw from: reportable results, and who wrote what last."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import Truncator

from best_portal.audit.models import Event
from consultations.models import Consultation

MOST = 40
LABEL_WORDS = 14
# Of the form of EFRE the first sections are the tasks of the project, in their order.
BY_TASK = "efre"


@dataclass(frozen=True)
class Proposal:
    """One result of a consultation, as it was logged for funders: never a name, never a note."""

    on: date
    task: int | None
    text: str
    label: str


def proposals(report):
    """The newest results of the period."""
    rows = (
        Consultation.objects.valid()
        .filter(project=report.grant.project_id)
        .between(report.starts_on, report.ends_on)
        .exclude(result="")
        .order_by("-held_on", "-pk")
        .values_list("held_on", "task__number", "district__name", "result")
    )
    return [
        Proposal(day, task, text, label_of(day, area, text))
        for day, task, area, text in rows[:MOST]
    ]


def label_of(day, area, text):
    place = f", {area}" if area else ""
    return f"{day:%d.%m.%Y}{place}: {Truncator(text).words(LABEL_WORDS)}"


def for_section(found, report, number):
    """Those that fit one section: in EFRE of its task where there are any, else all."""
    if report.grant.profile != BY_TASK:
        return found
    return [each for each in found if each.task == number] or found


def last_writers(report):
    """Section → (name, moment) of whoever changed it last."""
    written = Event.objects.about(report).filter(verb="report.written")
    found = {}
    for event in written.select_related("actor").order_by("-at", "-pk"):
        for key in event.details.get("sections", []):
            if event.actor:
                found.setdefault(key, (event.actor.name, event.at))
    return found

"""What a writer of the Sachbericht may draw from: reportable results, and who wrote what last."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.text import Truncator

from best_portal.audit.models import Event
from consultations.models import Consultation
from reports import german

# Of one section.
MOST = 40
LABEL_WORDS = 14


@dataclass(frozen=True)
class Proposal:
    """One result of a consultation, as it was logged for funders: never a name, never a note."""

    on: date
    task: int | None
    text: str
    label: str

    @property
    def month(self):
        return self.on.replace(day=1)


@dataclass(frozen=True)
class Results:
    """The newest results of the period, enough of every task, and how many there are."""

    newest: tuple[Proposal, ...]
    total: int

    def for_part(self, part):
        """Those that fit one section: of its task where it has one and there are any, else all."""
        own = [each for each in self.newest if each.task == part.task] if part.task else []
        return tuple(own or self.newest)[:MOST]


def results(report):
    rows = (
        Consultation.objects.valid()
        .filter(project=report.grant.project_id)
        .between(report.starts_on, report.ends_on)
        .exclude(result="")
    )
    rank = Window(RowNumber(), partition_by="task", order_by=["-held_on", "-pk"])
    newest = (
        rows.annotate(rank=rank)
        .filter(rank__lte=MOST)
        .order_by("-held_on", "-pk")
        .values_list("held_on", F("task__number"), F("district__name"), "result")
    )
    found = (
        Proposal(day, task, text, label_of(day, area, text)) for day, task, area, text in newest
    )
    return Results(tuple(found), rows.count())


def label_of(day, area, text):
    place = f", {area}" if area else ""
    return f"{day:%d.%m.%Y}{place}: {Truncator(text).words(LABEL_WORDS)}"


def sentence_of(counted):
    """What a figure says, as it may stand in the Sachbericht: in German, as the paper is."""
    indicator = counted.target.indicator
    in_period, cumulated = (
        german.counted(figure.value, indicator.unit)
        for figure in (counted.in_period, counted.cumulated)
    )
    target = counted.target.value
    goal = f" (Ziel: {german.counted(target, indicator.unit)})" if target else ""
    return f"{indicator.name}: im Berichtszeitraum {in_period}, seit Beginn {cumulated}{goal}."


def last_writers(report):
    """Section → (name, moment) of whoever changed it last."""
    written = Event.objects.about(report).filter(verb="report.written")
    found = {}
    for event in written.select_related("actor").order_by("-at", "-pk"):
        for key in event.details.get("sections", []):
            if event.actor:
                found.setdefault(key, (event.actor.name, event.at))
    return found

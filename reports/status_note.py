"""Sachstandsbericht: what a council reads of one area and one year; names no person.

Counting only: an area, a year and a reader in, a dataclass out; the page and the paper show it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from consultations.models import Consultation, DeclinedRequest, Project, Visit
from districts.models import District
from enterprises.models import (
    Agreement,
    Contribution,
    Decision,
    Entry,
    Forum,
    Job,
    JobKind,
    Meeting,
    Organisation,
    ResourceKind,
)
from reports.group_papers import Funding, printed


@dataclass(frozen=True)
class Figure:
    """One line of the figures of the year."""

    name: str
    value: int | Decimal


@dataclass(frozen=True)
class ForumLine:
    """One forum in the year: how often it met, how many came altogether, what was decided."""

    forum: Forum
    meetings: int
    present: int
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class AgreementLine:
    """One agreement in the year, with its stage and how many milestones were reached."""

    agreement: Agreement
    stage: str
    reached: int
    milestones: int


@dataclass(frozen=True)
class StatusNote:
    """Everything the paper says, of one area and one year, as of today."""

    district: District
    year: int
    as_of: date
    figures: tuple[Figure, ...]
    forums: tuple[ForumLine, ...]
    agreements: tuple[AgreementLine, ...]
    contributions: tuple[dict, ...]
    enterprises: tuple[Entry, ...]
    notes: tuple
    funding: Funding

    @property
    def title(self):
        return f"Sachstandsbericht {self.district.name} {self.year}"

    @classmethod
    def of(cls, district, year, *, by):
        """Count for the reader `by`, who must be of the staff."""
        area = Area(district, year, by)
        return cls(
            district=district,
            year=year,
            as_of=timezone.localdate(),
            figures=area.figures(),
            forums=area.forums(),
            agreements=area.agreements(),
            contributions=area.contributions(),
            enterprises=area.enterprises(),
            notes=tuple(district.context_notes.valid().filter(is_public=True).for_list()),
            funding=area.funding(),
        )


class Area:
    """One area and those that went wholly into it, in one year."""

    def __init__(self, district, year, by):
        self.by = by
        self.keys = tuple(
            District.objects.filter(pk=district.pk).lineage().values_list("pk", flat=True)
        )
        self.first, self.last = date(year, 1, 1), date(year, 12, 31)
        self.days = (self.first, self.last)

    def figures(self):
        held = Consultation.objects.visible_to(self.by).filter(district__in=self.keys)
        held = held.between(*self.days)
        totals = held.totals()
        here = Organisation.objects.filter(district__in=self.keys)
        jobs = Job.objects.valid().filter(organisation__in=here)
        filled = jobs.filled_on(min(self.last, timezone.localdate()))
        visits = Visit.objects.visible_to(self.by).filter(district__in=self.keys)
        declined = DeclinedRequest.objects.visible_to(self.by).filter(district__in=self.keys)
        return (
            Figure("Beratungen", totals["count"]),
            Figure("Stunden der Beratung", Decimal(totals["minutes"]) / 60),
            Figure("Beratene Organisationen", count_of(held, "organisation")),
            Figure("Gründungen", here.filter(founded_on__range=self.days).count()),
            Figure(
                "Neue Arbeitsplätze (Vollzeitäquivalente)",
                full_time(jobs.confirmed().filter(kind=JobKind.NEW).begun_between(*self.days)),
            ),
            Figure("Besetzte Arbeitsplätze (Vollzeitäquivalente)", full_time(filled)),
            Figure("Besuche bei Gewerbetreibenden", visits.in_period(*self.days).count()),
            Figure("Anfragen, die niemand bedienen konnte", declined.between(*self.days).count()),
        )

    def forums(self):
        rows = Forum.objects.visible_to(self.by).in_areas(self.keys).for_list()
        rows = rows.filter(since__lte=self.last).exclude(until__lt=self.first)
        return tuple(self.forum(forum) for forum in rows)

    def forum(self, forum):
        met = Meeting.objects.held().filter(forum=forum).between(*self.days)
        decided = Decision.objects.visible_to(self.by).filter(meeting__in=met.values("pk"))
        return ForumLine(
            forum,
            meetings=met.count(),
            present=sum(meeting.present for meeting in met.with_attendance()),
            decisions=tuple(decided.for_list().soonest_first()),
        )

    def agreements(self):
        rows = Agreement.objects.visible_to(self.by).in_areas(self.keys)
        return tuple(self.agreement(row) for row in rows.valid_between(*self.days).for_list())

    def agreement(self, row):
        stage = row.stage_on(min(self.last, timezone.localdate()))
        milestones = row.milestones.valid()
        reached = milestones.filter(reached_on__lte=self.last).count()
        return AgreementLine(row, str(stage or ""), reached, milestones.count())

    def contributions(self):
        rows = Contribution.objects.visible_to(self.by).in_areas(self.keys)
        rows = rows.of_year(self.first.year).order_by().by_partner()
        return tuple(row | {"kind": ResourceKind(row["kind"]).label} for row in rows)

    def enterprises(self):
        """Only those that are in the public directory."""
        return tuple(Entry.objects.public().filter(district__in=self.keys).for_list())

    def funding(self):
        at_work = Project.objects.filter(
            districts__in=self.keys, starts_on__lte=self.last, ends_on__gte=self.first
        )
        return Funding.of_all(at_work.distinct().order_by("pk"), *self.days)


def count_of(rows, field):
    return rows.exclude(**{field: None}).order_by().values(field).distinct().count()


def full_time(jobs):
    return jobs.aggregate(sum=Sum("fte"))["sum"] or Decimal(0)


def owner_of(decision):
    """Who does it, without the name of a person: an organisation, or one of us."""
    if decision.owner is None:
        return settings.AGENCY["short"]
    return str(decision.owner.organisation or "Mitglied des Forums")


def paper(note):
    """Print it, in German like every paper of the house."""
    decisions = [
        (line.forum, decision, owner_of(decision))
        for line in note.forums
        for decision in line.decisions
    ]
    context = {
        "note": note,
        "decisions": decisions,
        "funding": note.funding,
        "agency": settings.AGENCY,
    }
    return printed("status_note", note.title, context, timezone.now())

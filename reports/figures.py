"""Counting: a grant and a period in, frozen figures out. No HTML, no clock, nothing is written.

Each rule is a pure function over consultations, organisations and jobs; a report calls them all
inside one snapshot of the database, so that no two of its figures tell of different moments.
"""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection, transaction
from django.db.models import Min, Sum

from consultations.models import Channel, Consultation, ConsultationKind
from enterprises.models import Job, JobKind, Organisation, OrganisationKind
from reports import german
from reports.document import AnnexRow
from reports.german import ORGANISATION

# Who can be an "Unternehmen" in the sense of the EU's indicators; founded it must be besides.
ENTERPRISES = (OrganisationKind.SOCIAL_ENTERPRISE, OrganisationKind.LOCAL_BUSINESS)
# A contact that leaves no structured advice behind (RCO04: phone and letters do not count).
REMOTE = (Channel.PHONE, Channel.EMAIL)


@contextmanager
def snapshot():
    """Let every query inside see one moment, whatever is saved meanwhile.

    Within a transaction that has begun already its own isolation stands.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@dataclass(frozen=True)
class Scope:
    """What is looked at: one project's work from a day to a day, under one grant's thresholds."""

    project: int
    starts_on: date
    ends_on: date
    # The first day the grant pays for: before it nothing counts, from it on everything adds up.
    since: date
    minimum_hours: Decimal | None = None

    @classmethod
    def of(cls, grant, starts_on, ends_on):
        return cls(
            grant.project_id, starts_on, ends_on, grant.accountable_from, grant.minimum_hours
        )

    @property
    def cumulated(self):
        return replace(self, starts_on=self.since)

    @property
    def consultations(self):
        """Every valid consultation of the project in the period."""
        project = Consultation.objects.valid().filter(project=self.project)
        return project.between(self.starts_on, self.ends_on)

    @property
    def accounted(self):
        """Every valid consultation from the grant's first day to the end of the period."""
        return self.cumulated.consultations


@dataclass(frozen=True)
class Figure:
    """A number and what it counts: primary keys, and rows where these are not consultations.

    `measure` says what of the rows adds up to the number: "rows", "minutes" (to hours), "people"
    or "fte".
    """

    value: Decimal
    ids: tuple[int, ...]
    rows: tuple[AnnexRow, ...] | None = None
    measure: str = "rows"

    def rounded(self, decimals):
        """Round once, at the end, half up."""
        return replace(self, value=self.value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def counted_sessions(sessions, value=len, measure="rows"):
    """Count consultations; `value` makes the number from their (key, minutes, people)."""
    rows = sessions.order_by("pk").values_list("pk", "minutes", "headcount")
    rows = list(rows)
    return Figure(Decimal(value(rows)), tuple(pk for pk, *_ in rows), measure=measure)


def counted_organisations(scope, days):
    """Count organisations, each with the day that made it count and its minutes in the period."""
    minutes = dict(
        scope.consultations.filter(organisation__in=days)
        .values_list("organisation")
        .annotate(minutes=Sum("minutes"))
        .order_by()
    )
    bodies = Organisation.objects.filter(pk__in=days).select_related("district")
    rows = tuple(
        AnnexRow(
            id=body.pk,
            number=number,
            on=days[body.pk],
            kind=ORGANISATION[body.kind],
            minutes=minutes.get(body.pk, 0),
            district=body.district.name if body.district else "",
            case_number=body.number,
        )
        for number, body in enumerate(
            sorted(bodies, key=lambda body: (days[body.pk], body.pk)), start=1
        )
    )
    return Figure(Decimal(len(days)), tuple(sorted(days)), rows)


# --- rules: Indicator.rule names one of them ---

RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


@rule
def consultations(scope):
    return counted_sessions(scope.consultations)


@rule
def hours(scope):
    def total(rows):
        return Decimal(sum(minutes for _, minutes, _ in rows)) / 60

    return counted_sessions(scope.consultations, total, "minutes")


@rule
def organisations(scope):
    return counted_organisations(scope, first_days(scope.consultations))


@rule
def initiatives(scope):
    """Organisations that were not founded yet on the day they were first advised in the period."""
    first = first_days(scope.consultations)
    bodies = Organisation.objects.filter(pk__in=first)
    not_yet = {
        pk: first[pk]
        for pk, kind, founded_on in bodies.values_list("pk", "kind", "founded_on")
        if kind == OrganisationKind.FOUNDING_INITIATIVE or (founded_on and founded_on > first[pk])
    }
    return counted_organisations(scope, not_yet)


@rule
def foundings(scope):
    """Organisations founded in the period that had been advised up to that day."""
    first = first_days(scope.accounted)
    founded = Organisation.objects.filter(
        pk__in=first, founded_on__gte=scope.starts_on, founded_on__lte=scope.ends_on
    ).values_list("pk", "founded_on")
    return counted_organisations(scope, {pk: day for pk, day in founded if first[pk] <= day})


@rule
def new_jobs(scope):
    """Full-time equivalents of new, confirmed jobs begun in the period where advice came first."""
    first = first_days(scope.accounted)
    begun = Job.objects.confirmed().begun_between(scope.starts_on, scope.ends_on)
    jobs = [
        job
        for job in begun.filter(kind=JobKind.NEW, organisation__in=first)
        .select_related("organisation__district")
        .order_by("since", "pk")
        if first[job.organisation_id] <= job.since
    ]
    rows = tuple(
        AnnexRow(
            id=job.pk,
            number=number,
            on=job.since,
            kind=f"Neue Stelle, {german.number(job.fte, 2)} Vollzeit",
            minutes=None,
            district=job.organisation.district.name if job.organisation.district else "",
            case_number=job.organisation.number,
            fte=job.fte,
        )
        for number, job in enumerate(jobs, start=1)
    )
    fte = sum((job.fte for job in jobs), Decimal(0))
    return Figure(fte, tuple(sorted(job.pk for job in jobs)), rows, "fte")


@rule
def trainings(scope):
    return counted_sessions(scope.consultations.filter(kind=ConsultationKind.TRAINING))


@rule
def attendances(scope):
    def heads(rows):
        return sum(people for _, _, people in rows)

    trainings = scope.consultations.filter(kind=ConsultationKind.TRAINING)
    return counted_sessions(trainings, heads, "people")


@rule
def enterprises_supported(scope):
    """Enterprises whose hours since the grant's first day reach its threshold in the period."""
    return counted_organisations(scope, reaching_threshold(scope, scope.accounted))


@rule
def enterprises_advised(scope):
    """The same, without what was only spoken on the phone or written."""
    documented = scope.accounted.exclude(channel__in=REMOTE)
    return counted_organisations(scope, reaching_threshold(scope, documented))


def first_days(sessions):
    """Organisation -> the first day it was advised."""
    return dict(
        sessions.exclude(organisation=None)
        .values_list("organisation")
        .annotate(first=Min("held_on"))
        .order_by()
    )


def reaching_threshold(scope, sessions):
    """Enterprise -> the day in the period when its hours as an enterprise reach the threshold."""
    needed = (scope.minimum_hours or Decimal(0)) * 60
    minutes, reached = defaultdict(int), {}
    rows = (
        sessions.filter(organisation__kind__in=ENTERPRISES)
        .order_by("held_on", "pk")
        .values_list("organisation", "held_on", "minutes", "organisation__founded_on")
    )
    for pk, day, length, founded_on in rows:
        if founded_on and day < founded_on:
            continue
        minutes[pk] += length
        if minutes[pk] >= needed:
            reached.setdefault(pk, day)
    return {pk: day for pk, day in reached.items() if day >= scope.starts_on}

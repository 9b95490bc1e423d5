"""Counting: a grant and a period in, frozen figures out. No HTML, no clock, nothing is written.

Each rule is a pure function over the work of a period; a report calls them all inside one snapshot
of the database, so that no two of its figures tell of different moments.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from consultations.models import ConsultationKind
from enterprises.models import Job, JobKind, OrganisationKind
from reports import german
from reports.document import AnnexRow
from reports.german import ORGANISATION
from reports.scope import Sessions


@dataclass(frozen=True)
class Figure:
    """A number and what it counts: primary keys, and rows where these are not consultations.

    `measure` says what of the rows adds up to the number: "rows", "minutes" (to hours), "people"
    or "fte"; `dated`, which day stands in each row: of the consultation ("held"), of the first one
    ("first"), of the founding ("founded"), the job's first ("begun"), or the one on which the
    hours reached the threshold ("reached").
    """

    value: Decimal
    ids: tuple[int, ...]
    rows: tuple[AnnexRow, ...] | None = None
    measure: str = "rows"
    dated: str = "held"

    def rounded(self, decimals):
        """Round once, at the end, half up."""
        return replace(self, value=self.value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def counted_organisations(scope, days, dated, with_groups=False):
    """Count organisations, each with the day that made it count and its minutes in the period.

    `with_groups` adds the training in groups its people came to.
    """
    bodies = scope.cumulated.bodies | scope.bodies
    minutes = {pk: advised.minutes for pk, advised in scope.organisations.items()}
    for pk, trainings in scope.in_groups.items() if with_groups else ():
        minutes[pk] = minutes.get(pk, 0) + sum(each.minutes for each in trainings)
    rows = tuple(
        AnnexRow(
            id=pk,
            number=number,
            on=day,
            kind=ORGANISATION[bodies[pk].kind],
            minutes=minutes.get(pk, 0),
            district=bodies[pk].district,
            case_number=bodies[pk].number,
        )
        for number, (day, pk) in enumerate(sorted((days[pk], pk) for pk in days), start=1)
    )
    return Figure(Decimal(len(days)), tuple(days), rows, dated=dated)


# --- rules: Indicator.rule names one of them ---

RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


@rule
def consultations(scope):
    return Figure(Decimal(scope.sessions.number), scope.sessions.ids)


@rule
def hours(scope):
    return Figure(Decimal(scope.sessions.minutes) / 60, scope.sessions.ids, measure="minutes")


@rule
def organisations(scope):
    first = {pk: advised.first for pk, advised in scope.organisations.items()}
    return counted_organisations(scope, first, "first")


@rule
def initiatives(scope):
    """Organisations that were not founded yet on the day they were first advised in the period."""

    def was_not_founded(body, day):
        if body.kind == OrganisationKind.FOUNDING_INITIATIVE:
            return True
        return body.founded_on is not None and body.founded_on > day

    not_yet = {
        pk: advised.first
        for pk, advised in scope.organisations.items()
        if was_not_founded(scope.bodies[pk], advised.first)
    }
    return counted_organisations(scope, not_yet, "first")


@rule
def foundings(scope):
    """Organisations founded in the period that had been advised up to that day."""
    advised = scope.cumulated.organisations
    founded = {
        pk: body.founded_on
        for pk, body in scope.cumulated.bodies.items()
        if pk in advised
        and body.founded_on
        and scope.starts_on <= body.founded_on <= scope.ends_on
        and advised[pk].first <= body.founded_on
    }
    return counted_organisations(scope, founded, "founded")


@rule
def new_jobs(scope):
    """Full-time equivalents of new, confirmed jobs begun in the period where advice came first."""
    advised, bodies = scope.cumulated.organisations, scope.cumulated.bodies
    begun = Job.objects.valid().confirmed().begun_between(scope.starts_on, scope.ends_on)
    jobs = begun.filter(kind=JobKind.NEW, organisation__in=advised).order_by("since", "pk")
    counted = [job for job in jobs if advised[job.organisation_id].first <= job.since]
    rows = tuple(
        AnnexRow(
            id=job.pk,
            number=number,
            on=job.since,
            kind=f"Neue Stelle, {german.number(job.fte, 2)} Vollzeit",
            minutes=None,
            district=bodies[job.organisation_id].district,
            case_number=bodies[job.organisation_id].number,
            fte=job.fte,
        )
        for number, job in enumerate(counted, start=1)
    )
    fte = sum((job.fte for job in counted), Decimal(0))
    return Figure(fte, tuple(job.pk for job in counted), rows, "fte", "begun")


def trainings_of(scope):
    return scope.sessions_by_kind.get(ConsultationKind.TRAINING, Sessions())


@rule
def trainings(scope):
    return Figure(Decimal(trainings_of(scope).number), trainings_of(scope).ids)


@rule
def attendances(scope):
    held = trainings_of(scope)
    return Figure(Decimal(held.people), held.ids, measure="people")


@rule
def enterprises_supported(scope):
    """Enterprises whose hours since the grant's first day reach its threshold in the period."""
    return enterprises_reaching(scope, scope.cumulated.supported)


@rule
def enterprises_advised(scope):
    """The same, without what was only spoken on the phone or written."""
    return enterprises_reaching(scope, scope.cumulated.documented)


def enterprises_reaching(scope, reached):
    in_period = {pk: day for pk, day in reached.items() if day >= scope.starts_on}
    dated = "reached" if scope.minimum_hours else "first"
    return counted_organisations(scope, in_period, dated, with_groups=True)

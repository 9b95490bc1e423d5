"""Counting: a grant and a period in, frozen figures out. No HTML, no clock, nothing is written.

Each rule is a pure function over the work of a period; a report calls them all inside one snapshot
of the database, so that no two of its figures tell of different moments. The rules of the European
funds stand in files of their own.
"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from consultations.models import ConsultationKind
from enterprises.models import Job, JobKind, OrganisationKind
from reports import eu_awards, eu_enterprises, eu_people, german, local_work
from reports.annex_rows import AnnexRow
from reports.counting import READS, RULES, CountsOnce, Figure, counted_organisations, rule
from reports.scope import Sessions

__all__ = [
    "READS",
    "RULES",
    "Figure",
    "count",
    "eu_awards",
    "eu_enterprises",
    "eu_people",
    "local_work",
]


class UnknownRuleError(Exception):
    """An indicator names a counting rule this portal does not have."""

    sentence = _(
        "An indicator of the grant names a counting rule that this portal does not have. Choose "
        "another version of the indicator."
    )


def count(target, scope):
    """Return the figures of the period and since the grant's first day, each rounded once."""
    rule = RULES.get(target.indicator.rule)
    if rule is None:
        raise UnknownRuleError(target.indicator.rule)
    decimals, task = target.indicator.decimals, target.indicator.task
    if task is not None:
        scope = scope.of_task(task)
    return rule(scope).rounded(decimals), rule(scope.cumulated).rounded(decimals)


@rule(once=CountsOnce.SESSION, dated="held", by_task=True)
def consultations(scope):
    return Figure(Decimal(scope.sessions.number), scope.sessions.ids)


@rule(once=CountsOnce.SESSION, dated="held", by_task=True)
def hours(scope):
    return Figure(Decimal(scope.sessions.minutes) / 60, scope.sessions.ids, measure="minutes")


@rule(once=CountsOnce.ORGANISATION, dated="first", by_task=True, reads=("area",))
def organisations(scope):
    first = {pk: advised.first for pk, advised in scope.organisations.items()}
    return counted_organisations(scope, first, "first")


@rule(once=CountsOnce.ORGANISATION, dated="first", by_task=True, reads=("area",))
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


@rule(once=CountsOnce.ORGANISATION, dated="founded", by_task=True, reads=("area",))
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


@rule(once=CountsOnce.JOB, dated="begun", by_task=True, reads=("area", "job"))
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


@rule(once=CountsOnce.SESSION, dated="held", by_task=True)
def trainings(scope):
    return Figure(Decimal(trainings_of(scope).number), trainings_of(scope).ids)


@rule(once=CountsOnce.ATTENDANCE, dated="held", by_task=True)
def attendances(scope):
    held = trainings_of(scope)
    return Figure(Decimal(held.people), held.ids, measure="people")

"""Scopes, people and jobs that indicators of the EU are counted of."""

from datetime import date
from decimal import Decimal

from enterprises.models import Job, JobKind
from reports import figures
from reports.scope import Scope
from tests.factories import (
    COMPLETE,
    YEAR,
    make_participation,
    make_person,
    write_answers,
)

HALF = date(YEAR, 6, 30)


def make_scope(grant, starts_on=None, ends_on=None):
    return Scope.of(grant, starts_on or grant.starts_on, ends_on or grant.ends_on)


def count(rule, scope):
    return figures.RULES[rule](scope)


def take_part(project, on, **given):
    person = make_person(birth_on=given.pop("birth_on", date(1990, 5, 17)))
    participation = make_participation(project, person=person, entered_on=on)
    write_answers(participation, consents=("disability", "minority"), **COMPLETE | given)
    return participation


def parts(figure):
    return {part.label: int(part.value) for part in figure.parts}


def make_confirmed_job(body, **fields):
    return Job.objects.create(
        organisation=body,
        title="Küche",
        confirmed_on=HALF,
        confirmed_by="Erika Muster",
        **{"kind": JobKind.NEW, "fte": Decimal("0.5")} | fields,
    )

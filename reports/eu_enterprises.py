"""The indicators of enterprises (EECO18, EECO19, RCO, RCR): each once, by size where asked."""

from collections import defaultdict
from decimal import Decimal

from consultations.participation_rules import months_after
from enterprises.models import (
    SME,
    Job,
    JobKind,
    OrganisationKind,
    SizeClass,
    SizeDeclaration,
    Stage,
    StageChange,
)
from reports import german
from reports.annex_rows import AnnexRow
from reports.counting import (
    Breakdown,
    CountsOnce,
    Figure,
    Part,
    counted_organisations,
    rule,
)
from reports.eu_support import (
    YEAR_OF_MONTHS,
    first_days,
    first_support,
    in_this_period,
    never_completed,
    support_completed,
    supported_in_any_way,
)
from reports.thresholds import value_on

SIZES = {
    SizeClass.MICRO: ("Kleinstunternehmen", "Kleinstunternehmen"),
    SizeClass.SMALL: ("kleine Unternehmen", "kleines Unternehmen"),
    SizeClass.MEDIUM: ("mittlere Unternehmen", "mittleres Unternehmen"),
    SizeClass.LARGE: ("große Unternehmen", "großes Unternehmen"),
}
NO_SIZE = "Größe nicht erklärt"


@rule(once=CountsOnce.ORGANISATION, dated="reached", reads=("area",))
def enterprises_supported(scope):
    """Enterprises whose hours since the grant's first day reach its threshold in the period."""
    return enterprises_reaching(scope, scope.cumulated.supported)


@rule(once=CountsOnce.ORGANISATION, dated="reached", reads=("area",))
def enterprises_advised(scope):
    """The same, without what was only spoken on the phone or written."""
    return enterprises_reaching(scope, scope.cumulated.documented)


def enterprises_reaching(scope, reached):
    in_period = {pk: day for pk, day in reached.items() if day >= scope.starts_on}
    return counted_organisations(scope, in_period, dated_of(scope), with_groups=True)


def dated_of(scope):
    return "reached" if scope.hours else "first"


@rule(
    once=CountsOnce.ORGANISATION, dated="reached", breakdown=Breakdown.SIZES, reads=("area", "size")
)
def small_enterprises(scope):
    """Small and medium-sized enterprises, by cases that support the enterprise and not a person."""
    reached = scope.cumulated.supported_as_enterprise
    in_period = {pk: day for pk, day in reached.items() if day >= scope.starts_on}
    sizes = sizes_of(scope, in_period)
    those = {pk: day for pk, day in in_period.items() if sizes.get(pk) in SME}
    further = not_small(scope, in_period, sizes, dated_of(scope), with_groups=True)
    return by_size(scope, those, sizes, [*SME], further)


def not_small(scope, days, sizes, dated, **how):
    """What stands beside a figure of small and medium-sized ones: the large, those without size."""
    large = {pk: day for pk, day in days.items() if sizes.get(pk) == SizeClass.LARGE}
    unknown = {pk: day for pk, day in days.items() if pk not in sizes}
    return tuple(
        Part.beside(f"nicht gezählt: {label}", counted_organisations(scope, those, dated, **how))
        for label, those in ((SIZES[SizeClass.LARGE][1], large), (NO_SIZE, unknown))
    )


@rule(
    once=CountsOnce.ORGANISATION, dated="reached", breakdown=Breakdown.SIZES, reads=("area", "size")
)
def enterprises_by_size(scope):
    """All enterprises with documented support; the classes, and those without one, add up."""
    in_period = in_this_period(scope, scope.cumulated.documented)
    return by_size(scope, in_period, sizes_of(scope, in_period), [*SIZES, None])


def sizes_of(scope, organisations):
    """Organisation → its class on the day it was supported first under this grant."""
    first = first_days(scope.cumulated)
    return SizeDeclaration.objects.as_of({pk: first[pk] for pk in organisations})


def by_size(scope, days, sizes, classes, further=()):
    """Organisations with the parts of some classes; None is the class of those without one."""
    of_size = defaultdict(list)
    for pk in days:
        of_size[sizes.get(pk)].append(pk)
    parts = tuple(Part.of(SIZES[each][0] if each else NO_SIZE, of_size[each]) for each in classes)
    notes = {pk: SIZES[sizes[pk]][1] if pk in sizes else NO_SIZE for pk in days}
    counted = counted_organisations(scope, days, dated_of(scope), with_groups=True, notes=notes)
    return Figure(
        counted.value, counted.ids, counted.rows, dated=counted.dated, parts=(*parts, *further)
    )


def bodies_of(scope):
    """What figures have to know of whoever was advised, trained or got an award."""
    return scope.awarded | scope.cumulated.bodies


def new_at_first_support(scope):
    """Enterprise of RCO01 → the day it counts, no older at its first support than the grant said
    then.

    Older than that, advice or an award made it no new one (funding.md 3.2).
    """
    first, bodies = first_support(scope), bodies_of(scope)
    return {
        pk: day
        for pk, day in supported_in_any_way(scope).items()
        if (founded_on := bodies[pk].founded_on)
        and (months := value_on(scope.new_ages, first[pk])) is not None
        and first[pk] <= months_after(founded_on, int(months))
    }


@rule(once=CountsOnce.ORGANISATION, dated="reached", reads=("area",))
def new_enterprises(scope):
    days = in_this_period(scope, new_at_first_support(scope))
    return counted_organisations(scope, days, dated_of(scope), with_groups=True)


@rule(once=CountsOnce.ORGANISATION, dated="first", reads=("area",))
def public_bodies(scope):
    """Public bodies that were advised themselves, on the day of their first consultation."""
    bodies = scope.cumulated.bodies
    first = {
        pk: advised.first
        for pk, advised in scope.cumulated.organisations.items()
        if bodies[pk].kind == OrganisationKind.PUBLIC_BODY
    }
    return counted_organisations(scope, in_this_period(scope, first), "first")


# --- results: a year after the support was completed ---


def a_year_after(scope):
    days = {pk: months_after(day, YEAR_OF_MONTHS) for pk, day in support_completed(scope).items()}
    return in_this_period(scope, days)


@rule(
    once=CountsOnce.ORGANISATION,
    dated="year_after",
    breakdown=Breakdown.UNSTATED,
    reads=("area", "case", "job"),
)
def jobs_created(scope):
    """Full-time equivalents filled a year after the support, less those filled before its start.

    Kept jobs are none that were created (funding.md 3.2): they add nothing, but one lost is.
    Enterprises of which no job is confirmed stand apart, and those whose support nobody ended by a
    year after the project; where there are no others, it is "k. A." and never nought.
    """
    after, first = a_year_after(scope), first_support(scope)
    jobs = list(Job.objects.valid().confirmed().filter(organisation__in=after))
    new = {job.organisation_id: Decimal(0) for job in jobs}
    kept = dict(new)
    for job in jobs:
        pk, of_kind = job.organisation_id, kept if job.kind == JobKind.KEPT else new
        of_kind[pk] += job.fte * (is_filled(job, after[pk]) - was_filled_before(job, first[pk]))
    change = {pk: new[pk] + min(kept[pk], Decimal(0)) for pk in new}
    bodies = bodies_of(scope)
    rows = tuple(
        AnnexRow(
            id=pk,
            number=number,
            on=day,
            kind=f"Veränderung um {german.number(change[pk], 2)} Vollzeit",
            minutes=None,
            district=bodies[pk].district,
            case_number=bodies[pk].number,
            fte=change[pk],
        )
        for number, (day, pk) in enumerate(sorted((after[pk], pk) for pk in change), start=1)
    )
    unknown = never_completed(scope)
    silent = unknown | {pk: day for pk, day in after.items() if pk not in change}
    unstated = Part.beside(
        "k. A. (Unternehmen)", counted_organisations(scope, silent, "year_after")
    )
    total = None if silent and not change else sum(change.values(), Decimal(0))
    return Figure(total, tuple(change), rows, "fte", "year_after", (unstated,))


def is_filled(job, day):
    return job.since <= day and (job.until is None or job.until >= day)


def was_filled_before(job, day):
    return job.since < day and (job.until is None or job.until >= day)


@rule(once=CountsOnce.ORGANISATION, dated="year_after", reads=("area", "case", "stage"))
def new_enterprises_surviving(scope):
    """New enterprises that were not given up a year after their support was completed."""
    new, after = new_at_first_support(scope), a_year_after(scope)
    gone = {}
    changes = StageChange.objects.filter(organisation__in=after).order_by("since", "pk")
    for pk, stage, since in changes.values_list("organisation", "stage", "since"):
        if since <= after[pk]:
            gone[pk] = stage == Stage.GIVEN_UP
    days = {pk: day for pk, day in after.items() if pk in new and not gone.get(pk)}
    return counted_organisations(scope, days, "year_after", with_groups=True)


@rule(once=CountsOnce.ORGANISATION, dated="declared", reads=("area", "case", "size"))
def higher_turnover(scope):
    """Enterprises whose turnover a year after the support is above that of before it."""
    first, ended = first_support(scope), support_completed(scope)
    before, days = {}, {}
    declared = SizeDeclaration.objects.of(ended).filter(turnover__isnull=False).order_by("as_of")
    for pk, as_of, turnover in declared.values_list("organisation", "as_of", "turnover"):
        if as_of <= first[pk]:
            before[pk] = turnover
        elif as_of >= months_after(ended[pk], YEAR_OF_MONTHS) and pk not in days:
            days[pk] = (as_of, pk in before and turnover > before[pk])
    higher = {pk: as_of for pk, (as_of, is_higher) in days.items() if is_higher}
    return counted_organisations(scope, in_this_period(scope, higher), "declared", with_groups=True)

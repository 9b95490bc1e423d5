"""The indicators of enterprises (EECO18, EECO19, RCO, RCR): each once, by size where asked."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from consultations.models import SupportCase, SupportTarget
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
from reports.counting import Figure, Part, counted_organisations, rule
from reports.document import AnnexRow

SIZES = {
    SizeClass.MICRO: ("Kleinstunternehmen", "Kleinstunternehmen"),
    SizeClass.SMALL: ("kleine Unternehmen", "kleines Unternehmen"),
    SizeClass.MEDIUM: ("mittlere Unternehmen", "mittleres Unternehmen"),
    SizeClass.LARGE: ("große Unternehmen", "großes Unternehmen"),
}
NO_SIZE = "Größe nicht erklärt"
YEAR_OF_MONTHS = 12


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
    return counted_organisations(scope, in_period, dated_of(scope), with_groups=True)


def dated_of(scope):
    return "reached" if scope.minimum_hours else "first"


@rule
def small_enterprises(scope):
    """Small and medium-sized enterprises, by cases that support the enterprise and not a person."""
    reached = scope.cumulated.supported_as_enterprise
    in_period = {pk: day for pk, day in reached.items() if day >= scope.starts_on}
    sizes = sizes_of(scope, in_period)
    those = {pk: day for pk, day in in_period.items() if sizes.get(pk) in SME}
    too_large = sum(sizes.get(pk) == SizeClass.LARGE for pk in in_period)
    further = (
        Part("nicht gezählt: großes Unternehmen", Decimal(too_large), is_within=False),
        Part(f"nicht gezählt: {NO_SIZE}", Decimal(len(in_period) - len(those) - too_large), False),
    )
    return by_size(scope, those, sizes, [*SME], further)


@rule
def enterprises_by_size(scope):
    """All enterprises with documented support; the classes, and those without one, add up."""
    in_period = in_this_period(scope, scope.cumulated.documented)
    sizes = sizes_of(scope, in_period)
    lacking = sum(pk not in sizes for pk in in_period)
    return by_size(scope, in_period, sizes, [*SIZES], (Part(NO_SIZE, Decimal(lacking)),))


def in_this_period(scope, days):
    return {pk: day for pk, day in days.items() if scope.starts_on <= day <= scope.ends_on}


def sizes_of(scope, organisations):
    """Organisation → its class on the day it was supported first under this grant."""
    first = first_days(scope.cumulated)
    return SizeDeclaration.objects.as_of({pk: first[pk] for pk in organisations})


def first_days(scope):
    """Organisation → the day of its first advice or training since the scope began."""
    days = {pk: advised.first for pk, advised in scope.organisations.items()}
    for pk, trainings in scope.in_groups.items():
        days[pk] = min(trainings[0].held_on, days.get(pk, trainings[0].held_on))
    return days


def by_size(scope, days, sizes, classes, further):
    numbers = Counter(sizes.get(pk) for pk in days)
    parts = tuple(Part(SIZES[each][0], Decimal(numbers[each])) for each in classes)
    notes = {pk: SIZES[sizes[pk]][1] if pk in sizes else NO_SIZE for pk in days}
    counted = counted_organisations(scope, days, dated_of(scope), with_groups=True, notes=notes)
    return Figure(
        counted.value, counted.ids, counted.rows, dated=counted.dated, parts=(*parts, *further)
    )


def new_on_first_day(scope):
    """New enterprise → the day it counts: no older than the grant's months at its first support."""
    first, bodies = first_days(scope.cumulated), scope.cumulated.bodies
    return {
        pk: day
        for pk, day in scope.cumulated.documented.items()
        if bodies[pk].founded_on
        and first[pk] <= months_after(bodies[pk].founded_on, scope.new_enterprise_months)
    }


@rule
def new_enterprises(scope):
    days = in_this_period(scope, new_on_first_day(scope))
    return counted_organisations(scope, days, dated_of(scope), with_groups=True)


@rule
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

SPELL = ("opened_on", "closed_on", "support_target")


@dataclass(frozen=True)
class Spell:
    """One case or award of an enterprise, from a day to a day; None while it runs."""

    begun_on: date
    ended_on: date | None
    target: str = SupportTarget.ENTERPRISE

    @property
    def is_personal(self):
        return self.target == SupportTarget.PERSON


def completed(scope):
    """Supported enterprise → the day its support was completed first; see `completion`."""
    cases = SupportCase.objects.valid().filter(
        project=scope.project, organisation__in=scope.cumulated.documented
    )
    spells = defaultdict(list)
    for pk, *spell in cases.values_list("organisation", *SPELL):
        spells[pk].append(Spell(*spell))
    return completions_of(spells)


def completions_of(spells):
    return {pk: day for pk, rows in spells.items() if (day := completion(rows))}


def completion(spells):
    """The day support ended of which nothing was left and nothing began anew within a year.

    Then, a year later, its result counts, and stays counted (funding.md 2.2.12: stock since the
    start): support that begins afterwards is another one. What helps a person, once the enterprise
    was supported itself, does not prolong it (2.2.8).
    """
    ended, is_own = None, False
    for spell in sorted(spells, key=lambda spell: (spell.begun_on, spell.is_personal)):
        if ended and spell.begun_on >= months_after(ended, YEAR_OF_MONTHS):
            break
        if spell.is_personal and is_own:
            continue
        if spell.ended_on is None:
            return None
        ended, is_own = max(ended or spell.ended_on, spell.ended_on), not spell.is_personal
    return ended


def a_year_after(scope):
    days = {pk: months_after(day, YEAR_OF_MONTHS) for pk, day in completed(scope).items()}
    return in_this_period(scope, days)


@rule
def jobs_created(scope):
    """Full-time equivalents filled a year after the support, less those filled before its start.

    Kept jobs are none that were created (funding.md 3.2): they add nothing, but one lost is.
    """
    after, first = a_year_after(scope), first_days(scope.cumulated)
    new, kept = dict.fromkeys(after, Decimal(0)), dict.fromkeys(after, Decimal(0))
    for job in Job.objects.valid().confirmed().filter(organisation__in=after):
        pk, of_kind = job.organisation_id, kept if job.kind == JobKind.KEPT else new
        of_kind[pk] += job.fte * (is_filled(job, after[pk]) - was_filled_before(job, first[pk]))
    change = {pk: new[pk] + min(kept[pk], Decimal(0)) for pk in after}
    bodies = scope.cumulated.bodies
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
        for number, (day, pk) in enumerate(sorted((after[pk], pk) for pk in after), start=1)
    )
    total = sum(change.values(), Decimal(0))
    return Figure(total, tuple(after), rows, "fte", "year_after")


def is_filled(job, day):
    return job.since <= day and (job.until is None or job.until >= day)


def was_filled_before(job, day):
    return job.since < day and (job.until is None or job.until >= day)


@rule
def new_enterprises_surviving(scope):
    """New enterprises that were not given up a year after their support was completed."""
    new, after = new_on_first_day(scope), a_year_after(scope)
    gone = {}
    changes = StageChange.objects.filter(organisation__in=after).order_by("since", "pk")
    for pk, stage, since in changes.values_list("organisation", "stage", "since"):
        if since <= after[pk]:
            gone[pk] = stage == Stage.GIVEN_UP
    days = {pk: day for pk, day in after.items() if pk in new and not gone.get(pk)}
    return counted_organisations(scope, days, "year_after", with_groups=True)


@rule
def higher_turnover(scope):
    """Enterprises whose turnover a year after the support is above that of before it."""
    first, ended = first_days(scope.cumulated), completed(scope)
    before, days = {}, {}
    declared = SizeDeclaration.objects.of(ended).filter(turnover__isnull=False).order_by("as_of")
    for pk, as_of, turnover in declared.values_list("organisation", "as_of", "turnover"):
        if as_of <= first[pk]:
            before[pk] = turnover
        elif as_of >= months_after(ended[pk], YEAR_OF_MONTHS) and pk not in days:
            days[pk] = (as_of, pk in before and turnover > before[pk])
    higher = {pk: as_of for pk, (as_of, is_higher) in days.items() if is_higher}
    return counted_organisations(scope, in_this_period(scope, higher), "declared", with_groups=True)

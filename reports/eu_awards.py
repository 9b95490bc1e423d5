"""The indicators of awards and innovation (RCO01–03, RCR02–05, RCR25), and those not measured."""

from dataclasses import replace
from decimal import Decimal

from consultations.participation_rules import months_after
from enterprises.models import SME, Innovation, InnovationKind, SizeDeclaration
from reports.annex_rows import AnnexRow
from reports.counting import (
    Breakdown,
    CountsOnce,
    Figure,
    Part,
    counted_organisations,
    rule,
)
from reports.eu_enterprises import SIZES, by_size, not_small
from reports.eu_support import (
    YEAR_OF_MONTHS,
    completions,
    first_support,
    in_this_period,
    support_completed,
    support_ended,
    supported_in_any_way,
)
from reports.models import AwardKind

# The rule of RCO01 that counts awards besides advice.
COUNTS_AWARDS = "enterprises_in_any_way"
AS_INNOVATION = {
    "once": CountsOnce.ORGANISATION,
    "dated": "introduced",
    "breakdown": Breakdown.LEFT_OUT,
    "reads": ("area", "case", "innovation", "size"),
}
AWARDS = {AwardKind.GRANT: "Zuschuss", AwardKind.INSTRUMENT: "Finanzinstrument"}


@rule(once=CountsOnce.NOTHING, dated="hidden")
def not_measured(scope):
    """Nothing: what the agency does not measure is "k. A.", never nought."""
    return Figure(None, (), ())


# --- outputs ---


def sizes_at_first_support(scope, organisations):
    first = first_support(scope)
    return SizeDeclaration.objects.as_of({pk: first[pk] for pk in organisations})


@rule(
    once=CountsOnce.ORGANISATION, dated="reached", breakdown=Breakdown.SIZES, reads=("area", "size")
)
def enterprises_in_any_way(scope):
    """RCO01: each once, by advice, grant or instrument; the size classes add up."""
    days = in_this_period(scope, supported_in_any_way(scope))
    return by_size(scope, days, sizes_at_first_support(scope, days), [*SIZES, None])


def enterprises_with(scope, kind):
    """Enterprises whose first award of a kind was completed in the period; running ones apart."""
    completed = completions(scope, kind)
    days = in_this_period(scope, completed)
    running = {}
    for award in scope.cumulated.awards:
        pk = award.organisation_id
        if award.kind == kind and pk not in completed:
            running[pk] = min(award.granted_on, running.get(pk, award.granted_on))
    further = Part.beside(
        "nicht gezählt: noch nicht abgeschlossen", counted_organisations(scope, running, "granted")
    )
    return replace(counted_organisations(scope, days, "completed"), parts=(further,))


@rule(once=CountsOnce.ORGANISATION, dated="completed", breakdown=Breakdown.RUNNING, reads=("area",))
def enterprises_with_grants(scope):
    return enterprises_with(scope, AwardKind.GRANT)


@rule(once=CountsOnce.ORGANISATION, dated="completed", breakdown=Breakdown.RUNNING, reads=("area",))
def enterprises_with_instruments(scope):
    return enterprises_with(scope, AwardKind.INSTRUMENT)


# --- results ---


@rule(once=CountsOnce.AWARD, dated="completed", breakdown=Breakdown.UNSTATED, reads=("area",))
def private_investments(scope):
    """Confirmed private money beside awards completed in the period; not stated stands apart.

    Where nobody has stated any, it is "k. A." and never nought.
    """
    completed = [
        each
        for each in scope.cumulated.awards
        if each.completed_on and scope.starts_on <= each.completed_on <= scope.ends_on
    ]
    completed.sort(key=lambda each: (each.completed_on, each.pk))
    stated = [each for each in completed if each.private_amount is not None]
    silent = [each for each in completed if each.private_amount is None]
    total = sum((each.private_amount for each in stated), Decimal(0))
    if completed and not stated:
        total = None
    unstated = Part.beside("k. A. (Förderungen)", awards(scope, silent, Decimal(len(silent))))
    return replace(awards(scope, stated, total), measure="amount", parts=(unstated,))


def awards(scope, those, value):
    """A figure of completed awards, in their order."""
    rows = tuple(
        AnnexRow(
            id=each.pk,
            number=number,
            on=each.completed_on,
            kind=f"Private Mittel neben {AWARDS[each.kind]}",
            minutes=None,
            district=scope.awarded[each.organisation_id].district,
            case_number=scope.awarded[each.organisation_id].number,
            amount=each.private_amount,
        )
        for number, each in enumerate(those, start=1)
    )
    return Figure(value, tuple(each.pk for each in those), rows, dated="completed")


def innovating(scope, **conditions):
    """SMEs with a confirmed innovation between their first support and a year after its end."""
    supported, first, ended = (
        supported_in_any_way(scope),
        first_support(scope),
        support_ended(scope),
    )
    days = {}
    found = Innovation.objects.of(supported).confirmed().filter(**conditions)
    for pk, introduced in found.values_list("organisation", "introduced_on"):
        latest = months_after(ended[pk], YEAR_OF_MONTHS) if pk in ended else introduced
        if first[pk] <= introduced <= latest:
            # Who is not supported yet cannot count.
            day = max(introduced, supported[pk])
            days[pk] = min(day, days.get(pk, day))
    return small_ones(scope, in_this_period(scope, days), "introduced")


def small_ones(scope, days, dated):
    """Those of small or medium size; large ones and those without a size stand beside it."""
    sizes = sizes_at_first_support(scope, days)
    those = {pk: day for pk, day in days.items() if sizes.get(pk) in SME}
    counted = counted_organisations(scope, those, dated)
    return replace(counted, parts=not_small(scope, days, sizes, dated))


@rule(**AS_INNOVATION)
def new_products_or_processes(scope):
    return innovating(scope, kind__in=(InnovationKind.PRODUCT, InnovationKind.PROCESS))


@rule(**AS_INNOVATION)
def new_marketing_or_organisation(scope):
    return innovating(scope, kind__in=(InnovationKind.MARKETING, InnovationKind.ORGANISATION))


@rule(**AS_INNOVATION)
def innovations_in_house(scope):
    return innovating(scope, is_in_house=True)


@rule(
    once=CountsOnce.ORGANISATION,
    dated="declared",
    breakdown=Breakdown.LEFT_OUT,
    reads=("area", "case", "size"),
)
def higher_value_added(scope):
    """SMEs whose value added per employee a year after the support is above that before it."""
    first, ended = first_support(scope), support_completed(scope)
    before, days = {}, {}
    declared = SizeDeclaration.objects.of(ended).filter(value_added__isnull=False, employees__gt=0)
    rows = declared.order_by("as_of").values_list(
        "organisation", "as_of", "value_added", "employees"
    )
    for pk, as_of, value_added, employees in rows:
        of_each = value_added / employees
        if as_of <= first[pk]:
            before[pk] = of_each
        elif as_of >= months_after(ended[pk], YEAR_OF_MONTHS) and pk not in days:
            days[pk] = (as_of, pk in before and of_each > before[pk])
    higher = {pk: as_of for pk, (as_of, is_higher) in days.items() if is_higher}
    return small_ones(scope, in_this_period(scope, higher), "declared")

"""What a counting rule returns, and the register of rules: pure, no HTML, no clock."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from reports.document import AnnexRow
from reports.german import ORGANISATION


@dataclass(frozen=True)
class Part:
    """One line of a breakdown: of women, of micro enterprises, of those who did not say.

    `is_within` tells whether the parts that are add up to the number.
    """

    label: str
    value: Decimal
    is_within: bool = True


@dataclass(frozen=True)
class Figure:
    """A number and what it counts: primary keys, and rows where these are not consultations.

    `measure` says what of the rows adds up to the number: "rows", "minutes" (to hours), "people",
    "fte" or "amount"; `dated`, which day stands in each row: of the consultation ("held"), of the
    first one ("first"), of the founding ("founded"), the job's first ("begun"), the one on which
    the hours reached the threshold ("reached"), of a participant's first entry ("entered"), last
    exit ("left") or six months later ("later"), a year after the support ("year_after"), of a
    declaration ("declared"), the end of an award ("completed"), the introduction of something new
    ("introduced"), or none where the day would tell too much ("hidden").
    """

    # None is "k. A.": nothing was measured, which is not nought.
    value: Decimal | None
    ids: tuple[int, ...]
    rows: tuple[AnnexRow, ...] | None = None
    measure: str = "rows"
    dated: str = "held"
    parts: tuple[Part, ...] = ()

    def rounded(self, decimals):
        """Round once, at the end, half up."""
        if self.value is None:
            return self
        return replace(self, value=self.value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def counted_organisations(scope, days, dated, with_groups=False, notes=None):
    """Count organisations, each with the day that made it count and its minutes in the period.

    `with_groups` adds the training in groups its people came to; `notes` is what a row says of an
    organisation besides what it is.
    """
    bodies = scope.cumulated.bodies | scope.bodies
    if not days.keys() <= bodies.keys():
        bodies = scope.awarded | bodies
    minutes = {pk: advised.minutes for pk, advised in scope.organisations.items()}
    for pk, trainings in scope.in_groups.items() if with_groups else ():
        minutes[pk] = minutes.get(pk, 0) + sum(each.minutes for each in trainings)
    rows = tuple(
        AnnexRow(
            id=pk,
            number=number,
            on=day,
            kind=", ".join(filter(None, (ORGANISATION[bodies[pk].kind], (notes or {}).get(pk)))),
            minutes=minutes.get(pk, 0),
            district=bodies[pk].district,
            case_number=bodies[pk].number,
        )
        for number, (day, pk) in enumerate(sorted((days[pk], pk) for pk in days), start=1)
    )
    return Figure(Decimal(len(days)), tuple(days), rows, dated=dated)


# Indicator.rule names one of them.
RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function

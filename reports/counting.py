"""What a counting rule returns, and the register of rules: pure, no HTML, no clock."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.annex_rows import AnnexRow
from reports.german import ORGANISATION


@dataclass(frozen=True)
class Part:
    """One line of a breakdown: of women, of micro enterprises, of those who did not say.

    `is_within` tells whether the parts that are add up to the number: of these, `ids` name the
    figure's rows. What stands beside the number has `rows` of its own, `dated` like those of a
    figure; or none, where they would tell who somebody is (`is_withheld`).
    """

    label: str
    value: Decimal
    is_within: bool = True
    ids: tuple[int, ...] | None = None
    rows: tuple[AnnexRow, ...] | None = None
    dated: str = ""
    is_withheld: bool = False

    @classmethod
    def of(cls, label, ids):
        """Those of the figure's rows with these keys."""
        return cls(label, Decimal(len(ids)), ids=tuple(ids))

    @classmethod
    def beside(cls, label, counted):
        """What another figure counts: it adds nothing to this one."""
        return cls(label, counted.value, is_within=False, rows=counted.rows, dated=counted.dated)

    @classmethod
    def withheld(cls, label, number):
        """A number beside the figure that nobody may look behind."""
        return cls(label, Decimal(number), is_within=False, is_withheld=True)


@dataclass(frozen=True)
class Figure:
    """A number and what it counts: primary keys, and rows where these are not consultations.

    `measure` says what of the rows adds up to the number: "rows", "minutes" (to hours), "people",
    "fte" or "amount"; `dated`, which day stands in each row: of the consultation ("held"), of the
    first one ("first"), of the founding ("founded"), the job's first ("begun"), the one on which
    the hours reached the threshold ("reached"), of a participant's first entry ("entered"), last
    exit ("left") or six months later ("later"), a year after the support ("year_after"), of a
    declaration ("declared"), the end of an award ("completed"), the introduction of something new
    ("introduced"), that an award was granted ("granted"), or none where the day would tell too much
    ("hidden").
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


class CountsOnce(models.TextChoices):
    """What a rule counts once, whatever the number of rows behind it (funding.md §8.1)."""

    SESSION = "session", _("each consultation")
    ORGANISATION = "organisation", _("each organisation in a grant")
    PERSON = "person", _("each person in a project")
    JOB = "job", _("each job")
    ATTENDANCE = "attendance", _("each attendance")
    AWARD = "award", _("each award")
    MEETING = "meeting", _("each meeting")
    AGREEMENT = "agreement", _("each agreement")
    NOTHING = "nothing", _("nothing")


class Breakdown(models.TextChoices):
    """What a rule splits its number by, or tells beside it."""

    NONE = "", "–"
    GENDER = "gender", _("women, men, non-binary")
    ANSWERS = "answers", _("women, men, non-binary; no answer and not asked apart")
    SIZES = "sizes", _("size of the enterprise")
    LEFT_OUT = "left_out", _("large ones and those without a size apart")
    RUNNING = "running", _("not completed yet apart")
    UNSTATED = "unstated", _("not stated apart")


@dataclass(frozen=True)
class CountingRule:
    """A way of counting with its name and version, and what it says of itself.

    `dated` is the day that decides, as in Figure; a rule that may count by the threshold of a grant
    names "reached" and counts by the first day where there is none. `by_task` tells whether it
    may count what belongs to one task of a project only. A changed way of counting that gives other
    figures is a new version.
    """

    name: str
    count: Callable
    once: CountsOnce
    dated: str
    breakdown: Breakdown = Breakdown.NONE
    by_task: bool = False
    version: int = 1

    def __call__(self, scope):
        return self.count(scope)

    def __str__(self):
        return f"{self.name} {self.version}"


# Indicator.rule names one of them.
RULES = {}
# Kind of fact (Accountable.fact) -> the rules whose figures it may change.
READS = defaultdict(set)


def rule(*, name="", reads=(), **said):
    """Put a rule into the register under its function's name, or another one.

    `reads` names the facts of organisations it looks at; the rest is what CountingRule says.
    """

    def register(function):
        key = name or function.__name__
        RULES[key] = CountingRule(key, function, **said)
        for fact in reads:
            READS[fact].add(key)
        return function

    return register

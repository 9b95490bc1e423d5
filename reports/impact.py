"""What everyone is told of the agency's effect: figures of released reports, small ones hidden.

The public page and its file get everything through here. Of each grant the newest released report
counts, in its newest version; its figures are those since the grant began, as frozen in it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F

from best_portal.pages.models import SmallCellRule
from best_portal.pages.small_cells import told, told_of_sums
from reports.cells import decimal_or_none
from reports.eu_people import PROTECTED
from reports.models import ReportKind, ReportVersion

# Figures that count people with what they said of themselves, or had to.
OF_PEOPLE = ("EECO", "EECR")
# Each participant has one status and one level of education (funding.md §2.2).
SUMS = (
    ("EECO01", ("EECO02", "EECO04", "EECO05")),
    ("EECO01", ("EECO09", "EECO10", "EECO11")),
)


@dataclass(frozen=True)
class PublicFigure:
    """One indicator; `value` is None where the number is too small to be told."""

    code: str
    name: str
    unit: str
    value: Decimal | None
    source: "Source"


@dataclass(frozen=True)
class Source:
    """The report a figure stands in, as everyone may know it."""

    project: str
    programme: str
    kind: str
    starts_on: date
    ends_on: date
    number: int
    released_at: datetime
    figures: tuple = ()

    @property
    def title(self):
        return f"{self.kind} {self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}"


def sources():
    """Source of the newest released report of each grant, with its figures; two queries."""
    fewest = SmallCellRule.objects.fewest()
    newest = (
        ReportVersion.objects.released()
        .order_by("report__grant_id", "-report__ends_on", "-report_id", "-number")
        .distinct("report__grant_id")
    )
    rows = (
        ReportVersion.objects.filter(pk__in=newest.values("pk"))
        .select_related("report__grant__project", "report__grant__programme")
        .annotate(indicators=F("frozen__indicators"))
        .defer("frozen")
        .order_by("-report__grant__project__starts_on", "report__grant__project__name", "pk")
    )
    return [source_of(row, fewest) for row in rows]


def source_of(version, fewest):
    report = version.report
    given = {
        "project": report.grant.project.name,
        "programme": report.grant.programme.name,
        "kind": str(ReportKind(report.kind).label),
        "starts_on": report.starts_on,
        "ends_on": report.ends_on,
        "number": version.number,
        "released_at": version.released_at,
    }
    source = Source(**given)
    return Source(**given, figures=tuple(figures_of(version.indicators or [], source, fewest)))


def figures_of(lines, source, fewest):
    """The figures of one report in their order; those of people are hidden with care for sums.

    Answers of part 1.2 (funding.md §2.2) are for the funder only, however many gave them.
    """
    lines = [line for line in lines if line["code"] not in PROTECTED]
    counted = [(line, decimal_or_none(line.get("cumulated"))) for line in lines]
    counted = [(line, number) for line, number in counted if number is not None]
    people = {line["code"]: number for line, number in counted if is_of_people(line)}
    people = told_of_sums(people, fewest, SUMS)
    for line, number in counted:
        if is_of_people(line):
            value = people[line["code"]]
        else:
            [value] = told([number], fewest, adds_up=False)
        yield PublicFigure(line["code"], line.get("name", ""), line.get("unit", ""), value, source)


def is_of_people(line):
    return line["code"].startswith(OF_PEOPLE)


def figures():
    """Every public figure, for the file."""
    return [figure for source in sources() for figure in source.figures]

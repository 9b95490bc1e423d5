"""The funder's desk: what lies there by programme, and figures beside target and period before."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from reports import duties
from reports.document import PARTS
from reports.models import FunderPaper, Report, ReportKind, ReportState, ReportVersion
from reports.money_reading import Line, MoneyReading
from reports.reading import Figure, Reading

# The page of a grant has all of them.
MOST_PAPERS = 10
# So many due dates stand in the open; the others fold out.
MOST_DUE = 5
# What the funder has to do something about.
TO_DO = (ReportState.SUBMITTED, ReportState.ANSWERED)
ORDER = (
    *TO_DO,
    ReportState.QUERIED,
    ReportState.RELEASED,
    ReportState.ACCEPTED,
)


@dataclass(frozen=True)
class Tray:
    """One programme: its reports with their newest version, other papers, what is due next."""

    programme: object
    reports: list
    deadlines: list
    papers: list

    @property
    def soon(self):
        return self.deadlines[:MOST_DUE]

    @property
    def later(self):
        return self.deadlines[MOST_DUE:]


def trays(user, today):
    """The programmes of a funder with their reports: what waits for the funder first."""
    reports = list(Report.objects.visible_to(user).for_list().with_state())
    versions = ReportVersion.objects.released().for_list().with_life()
    newest = {
        version.pk: version
        for version in versions.filter(pk__in=[report.newest_released for report in reports])
    }
    for report in reports:
        report.newest = newest[report.newest_released]
    ahead = {}
    for due in duties.ahead(user, today):
        ahead.setdefault(due.grant.programme, []).append(due)
    papers = {}
    for paper in FunderPaper.objects.visible_to(user).for_list():
        papers.setdefault(paper.grant.programme, []).append(paper)
    reports.sort(key=lambda report: (report.grant.programme.name, report.grant.programme_id))
    found = [
        Tray(
            programme,
            sorted(group, key=place),
            ahead.pop(programme, []),
            papers.pop(programme, [])[:MOST_PAPERS],
        )
        for programme, group in groupby(reports, key=lambda report: report.grant.programme)
    ]
    # Programmes of which nothing is released yet have deadlines and papers all the same.
    rest = [
        Tray(programme, [], ahead.get(programme, []), papers.get(programme, [])[:MOST_PAPERS])
        for programme in {**ahead, **papers}
    ]
    return sorted(found + rest, key=waiting_first)


def waiting_first(tray):
    """Programmes with something to do before those that only wait, then by name."""
    to_do = [ORDER.index(report.state) for report in tray.reports if report.state in TO_DO]
    return min(to_do, default=len(TO_DO)), tray.programme.name


def place(report):
    return ORDER.index(report.state), -report.ends_on.toordinal(), -report.pk


def years(user):
    """The years in which released reports or papers handed over end, the latest first."""
    reports, papers = (
        Report.objects.visible_to(user).released(),
        FunderPaper.objects.visible_to(user),
    )
    ends = [rows.order_by().values_list("ends_on__year", flat=True) for rows in (reports, papers)]
    return sorted(set().union(*ends), reverse=True)


@dataclass(frozen=True)
class Comparison:
    """One figure beside that of the period before."""

    figure: Figure
    before: Decimal | None

    @property
    def difference(self):
        if self.before is None or self.figure.in_period is None:
            return None
        return self.figure.in_period - self.before

    @property
    def missing(self):
        """How much is left of the target; None without one, 0 where it is met."""
        if self.figure.target is None or self.figure.cumulated is None:
            return None
        return max(self.figure.target - self.figure.cumulated, Decimal(0))


def compare(version):
    """Return (the version of the period before or None, a Comparison of each figure)."""
    before = previous(version)
    former = {figure.code: figure for figure in Reading(before.frozen).figures} if before else {}
    rows = [
        Comparison(figure, former[figure.code].in_period if figure.code in former else None)
        for figure in Reading(version.frozen).figures
    ]
    return before, rows


@dataclass(frozen=True)
class Spent:
    """One line of the plan beside what was spent in the period before."""

    line: Line
    before: Decimal | None

    @property
    def left(self):
        """What of the plan is not spent yet; less than nothing where it is exceeded."""
        if None in (self.line.planned, self.line.since_start):
            return None
        return self.line.planned - self.line.since_start


def compare_money(version, before):
    """A Spent for each line; a line is the same where kind and position are."""
    lines = MoneyReading(before.frozen).lines if before else []
    former = {line.part: line.actual for line in lines}
    return [Spent(line, former.get(line.part)) for line in MoneyReading(version.frozen).lines]


def previous(version):
    """The newest released version of the grant's last report with figures that ended before.

    Of whatever kind, for a final report follows interim ones; of two that end together the shorter.
    A report about all the time has nothing before it: then the last one within its own days.
    """
    report = version.report
    earlier = ReportVersion.objects.released().filter(
        report__grant=report.grant_id,
        report__kind__in=[kind for kind in ReportKind.values if has_figures(kind)],
        report__ends_on__lt=report.ends_on,
    )
    last = ("-report__ends_on", "-report__starts_on", "-released_at", "-number")
    earlier = earlier.select_related("report").order_by(*last)
    before = earlier.filter(report__ends_on__lt=report.starts_on).first()
    return before or earlier.filter(report__starts_on__gte=report.starts_on).first()


def has_figures(kind):
    return kind not in PARTS or "indicators" in PARTS[kind]

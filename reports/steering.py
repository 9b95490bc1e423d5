"""The manager's desk: targets against what is reached, with a forecast at the present pace."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q, Sum

from consultations.models import Consultation, Project, TimeEntry
from reports import duties, milestones
from reports.cents import cents
from reports.data_check import check
from reports.figures import count
from reports.models import Grant, Report, Target
from reports.pace import WHOLE, part_over
from reports.scope import Scope, snapshot
from reports.staffing import Staffing, Team, Year

TENTH = Decimal("0.1")
# More reports at once nobody writes, and each is counted anew.
REPORTS = 6


def forecast(value, part):
    """What comes of it at this pace by the end; None before the first day, and of None."""
    return value / part if part and value is not None else None


def percent_of(value, whole):
    if value is None or not whole:
        return None
    return (WHOLE * value / whole).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Course:
    """One target of a grant: what is reached today, and what it comes to at this pace."""

    target: object
    # None is "k. A.".
    value: Decimal | None
    part: Decimal
    today: date

    @property
    def forecast(self):
        expected = forecast(self.value, self.part)
        decimals = Decimal(1).scaleb(-self.target.indicator.decimals)
        return expected and expected.quantize(decimals, ROUND_HALF_UP)

    @property
    def percent(self):
        return percent_of(self.value, self.target.value)

    @property
    def is_behind(self):
        """Whether the forecast misses the target; None where none is named, or nothing measured."""
        if not self.target.value or self.value is None:
            return None
        return (self.forecast or 0) < self.target.value

    @property
    def milestone_is_missed(self):
        return milestones.missed(self.target.milestones, self.value, self.today) is not None


@dataclass(frozen=True)
class Spending:
    """One line of the plan: what is spent of it, and what it comes to at this pace."""

    line: object
    part: Decimal

    @property
    def forecast(self):
        expected = forecast(self.line.since_start, self.part)
        return expected and cents(expected)

    @property
    def percent(self):
        return percent_of(self.line.since_start, self.line.line.planned)


@dataclass(frozen=True)
class Desk:
    """One running grant on the manager's desk."""

    grant: Grant
    elapsed: Decimal
    courses: list[Course]
    spendings: list[Spending]
    deadlines: list
    staffing: Staffing | None = None

    @property
    def behind(self):
        return [each for each in self.courses if each.is_behind]


@dataclass(frozen=True)
class Steering:
    """Everything of the desk that is counted at one moment."""

    desks: list[Desk]
    # Everybody's hours of the calendar year, beside what it may have.
    years: list[Year]
    # (project, minutes of advice, minutes of other work) this year, where no grant above pays.
    elsewhere: list


def steered(user, today):
    """A Desk for each grant that pays for today's work, or is still to be accounted for; hours."""
    with snapshot():
        grants = list(Grant.objects.visible_to(user).for_list().being_accounted_on(today))
        due, team = duties.ahead(user, today), Team(user, grants, today)
        paid = {each.project_id for each in grants}
        rows = hours_by_project(user, today)
        return Steering(
            [desk_of(each, today, due, team) for each in grants],
            team.years(),
            [row for row in rows if row[0].pk not in paid],
        )


def desk_of(grant, today, due=(), team=None):
    part = part_over(grant.accountable_from, grant.ends_on, today)
    scope = Scope.of(grant, grant.accountable_from, min(today, grant.ends_on))
    targets = Target.objects.promised(grant, min(today, grant.ends_on))
    expenses = [line for line in grant.accounts(None, today).lines if line.line.is_expense]
    return Desk(
        grant=grant,
        elapsed=percent_of(part, Decimal(1)),
        courses=[Course(each, count(each, scope)[1].value, part, today) for each in targets],
        spendings=[Spending(each, part) for each in expenses],
        deadlines=[each for each in due if each.grant == grant],
        staffing=team and team.staffing(grant),
    )


def hours_by_project(user, today):
    """(project, minutes of advice this year, minutes of other work for it) of running projects."""
    year = today.replace(month=1, day=1)
    held = minutes_of(Consultation.objects.visible_to(user).valid().between(year, today))
    noted = minutes_of(TimeEntry.objects.visible_to(user).between(year, today))
    running = Project.objects.visible_to(user).running_on(today).order_by("name")
    return [(each, held.get(each.pk, 0), noted.get(each.pk, 0)) for each in running]


def minutes_of(rows):
    sums = rows.filter(~Q(project=None)).order_by().values_list("project")
    return dict(sums.annotate(Sum("minutes")))


def quality(user):
    """What is wrong with reports still being written, and how many more of them there are.

    (report, how much blocks it, how much deserves a look) of each of the first ones.
    """
    written = Report.objects.visible_to(user).being_written().for_list()
    found = []
    for report in written[:REPORTS]:
        now = check(report)
        found.append((report, len(now.open), len(now.to_look_at)))
    return found, written.count() - len(found)

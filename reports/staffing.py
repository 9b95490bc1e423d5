"""Hours worked for grants, by person: against what the plan pays for, and what a year may have.

Counted as time sheets count them, from consultations with preparation and travel and from what
people wrote down; live, for a sheet that is not closed yet is work to be planned with, too.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum
from django.urls import reverse

from best_portal.accounts.models import User
from consultations.models import (
    Assignment,
    Consultation,
    Employment,
    ProductiveHours,
    TimeEntry,
)
from consultations.models.productive_hours import share_of_year
from consultations.models.working_month import OFF
from reports.models import StaffRate
from reports.models.books import limit_of
from reports.pace import WHOLE, part_over

DAY = timedelta(days=1)


# --- what was worked ---


class Ledger:
    """The minutes of everybody between two days: of advice, and of all other work."""

    def __init__(self, user, since, until, **of):
        held = Consultation.objects.visible_to(user).valid().between(since, until).filter(**of)
        noted = TimeEntry.objects.visible_to(user).between(since, until).filter(**of)
        held = held.with_working_minutes().order_by()
        noted = noted.exclude(kind__in=OFF).order_by()
        # (project, person, day) → minutes; nobody's are those of whom no advisor is named.
        self.held = sums(held.values_list("project", "advisors", "held_on"), "working_minutes")
        self.noted = sums(noted.values_list("project", "user", "day"), "minutes")

    def of_person(self, takes):
        """Person → (minutes of advice, of other work) of each project and day that is taken."""
        found = defaultdict(lambda: [0, 0])
        for place, rows in enumerate((self.held, self.noted)):
            for (project, person, on), minutes in rows.items():
                if takes(project, person, on):
                    found[person][place] += minutes
        return found


def sums(rows, column):
    return {tuple(key): total for *key, total in rows.annotate(Sum(column))}


# --- what is planned ---


def planned_minutes(grant, rates):
    """Person → the minutes that lines paid by the hour have money for.

    A line of one rate pays for its planned amount by that rate. Among several, the hours are
    shared as the contracts are: each person has the part of theirs that the amount pays for.
    """
    by_line, found = defaultdict(list), defaultdict(Decimal)
    for rate in rates:
        first = max(rate.since, grant.accountable_from)
        last = min(rate.until or grant.ends_on, grant.ends_on)
        if first <= last:
            by_line[rate.line].append((rate, rate.year_minutes * ((last - first).days + 1)))
    for line, shares in by_line.items():
        cost = sum(part * rate.hourly for rate, part in shares)
        for rate, part in shares:
            found[rate.person_id] += 60 * line.planned * part / cost
    return {person: whole(minutes) for person, minutes in found.items()}


def assigned_minutes(grant, rules, contracts, assignments):
    """Person → the minutes that fixed shares of contracts give the project in the grant's time.

    Of a full-time year's productive hours, as much as the contract and the share make of a day.
    """
    found = defaultdict(Decimal)
    for each in assignments:
        first = max(each.starts_on, grant.accountable_from)
        last = min(each.ends_on or grant.ends_on, grant.ends_on)
        for on in days_between(first, last):
            rule = next((rule for rule in rules if holds(rule, on)), None)
            weekly = sum(
                row.weekly_hours for row in contracts.get(each.user_id, ()) if row.covers(on)
            )
            if rule and weekly:
                share = min(weekly / rule.full_week, 1) * each.percent / WHOLE
                found[each.user_id] += 60 * rule.hours * share / days_of_year(on.year)
    return {person: whole(minutes) for person, minutes in found.items()}


def holds(rule, on):
    return rule.starts_on <= on and (rule.ends_on is None or on <= rule.ends_on)


def days_between(first, last):
    return (first + number * DAY for number in range((last - first).days + 1))


def days_of_year(year):
    return (date(year, 12, 31) - date(year, 1, 1)).days + 1


def whole(value):
    return int(Decimal(value).to_integral_value(ROUND_HALF_UP))


# --- beside each other ---


@dataclass(frozen=True)
class Hours:
    """Minutes of one person, or of all, for a grant: so far, planned, and at this pace."""

    person: User | None
    held: int
    noted: int
    part: Decimal
    # None where the plan knows of none.
    planned: int | None = None
    held_rows: str = ""
    noted_rows: str = ""

    @property
    def minutes(self):
        return self.held + self.noted

    @property
    def forecast(self):
        return whole(self.minutes / self.part) if self.part else None

    @property
    def percent(self):
        return percent_of(self.forecast, self.planned)

    @property
    def course(self):
        """Whether it comes to "less" or "more" than planned, in whole percent, or to "same"."""
        if self.percent is None:
            return ""
        return "same" if self.percent == WHOLE else "less" if self.percent < WHOLE else "more"


@dataclass(frozen=True)
class Staffing:
    """The hours of a grant's people, by name, and their sum."""

    people: list[Hours]
    total: Hours
    # Minutes in closed time sheets, of everybody a line pays by the hour; None where none does.
    closed: int | None
    # What of theirs is worked and not in a closed sheet, so that it is no cost yet.
    unclosed: int = 0


def percent_of(value, plan):
    if value is None or not plan:
        return None
    return (WHOLE * Decimal(value) / plan).quantize(Decimal(1), ROUND_HALF_UP)


class Team:
    """Everything about hours that the desk of these grants needs, read at once."""

    def __init__(self, user, grants, today):
        self.today, self.year = today, today.year
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        since = min([first, *(each.accountable_from for each in grants)])
        until = max([last, *(each.ends_on for each in grants)])
        projects = {each.project_id for each in grants}
        self.grants = Ledger(user, since, today, project__in=projects)
        self.whole_year = Ledger(user, first, today)
        rates = StaffRate.objects.filter(line__costing="hours").within(since, until)
        self.rates = list(rates.select_related("line__method", "person", "grant"))
        self.rules = list(ProductiveHours.objects.visible_to(user).order_by("starts_on"))
        self.contracts = defaultdict(list)
        for each in Employment.objects.visible_to(user).between(since, until):
            self.contracts[each.user_id].append(each)
        shares = Assignment.objects.visible_to(user).filter(project__in=projects)
        self.assignments = list(shares.between(since, until))
        everybody = User.objects.visible_to(user).having(self._everybody())
        self.names = {each.pk: each for each in everybody}

    def _everybody(self):
        worked = {
            person
            for ledger in (self.grants, self.whole_year)
            for rows in (ledger.held, ledger.noted)
            for _project, person, _on in rows
        }
        paid = {each.person_id for each in self.rates}
        return (worked | paid | {each.user_id for each in self.assignments}) - {None}

    def in_order(self, keys):
        """People by name; nobody comes last."""
        known = (self.names.get(key) for key in keys)
        return sorted(known, key=lambda each: (each is None, each and each.name, each and each.pk))

    def staffing(self, grant):
        """The Staffing of one of the grants, over the days it pays for until today."""
        first, last = grant.accountable_from, min(self.today, grant.ends_on)
        part = part_over(first, grant.ends_on, self.today)
        done = self.grants.of_person(
            lambda project, _person, on: project == grant.project_id and first <= on <= last
        )
        rates = [each for each in self.rates if each.grant_id == grant.pk]
        shares = [each for each in self.assignments if each.project_id == grant.project_id]
        planned = assigned_minutes(grant, self.rules, self.contracts, shares)
        planned |= planned_minutes(grant, rates)
        people = [
            Hours(
                person,
                *done[person and person.pk],
                part,
                planned.get(person and person.pk),
                held_of(grant, person, first, last),
                month_of(person, last),
            )
            for person in self.in_order({*done, *planned})
        ]
        total = Hours(
            None,
            sum(each.held for each in people),
            sum(each.noted for each in people),
            part,
            sum(planned.values()) if planned else None,
        )
        if not rates:
            return Staffing(people, total, None)
        closed = defaultdict(int)
        for rate, on, minutes in grant.paid_hours():
            if on <= last:
                closed[rate.person_id] += minutes
        paid = self.grants.of_person(
            lambda project, person, on: (
                project == grant.project_id
                and first <= on <= last
                and any(each.person_id == person and each.covers(on) for each in rates)
            )
        )
        open_ = sum(max(sum(both) - closed[person], 0) for person, both in paid.items())
        return Staffing(people, total, sum(closed.values()), open_)

    def years(self):
        """The Year of everybody with hours, or an hourly rate, in this calendar year, by name."""
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        rates = defaultdict(list)
        for each in self.rates:
            if each.since <= last and (each.until is None or each.until >= first):
                rates[each.person_id].append(each)
        worked = self.whole_year.of_person(lambda _project, _person, _on: True)
        # The hours for a project are the same ones in each of its grants.
        paid = self.whole_year.of_person(
            lambda project, person, on: any(
                each.grant.project_id == project
                and each.covers(on)
                and each.grant.accountable_from <= on <= each.grant.ends_on
                for each in rates[person]
            )
        )
        rule = next((each for each in self.rules if holds(each, first)), None)
        return [
            self._year(each, sum(worked[each.pk]), sum(paid[each.pk]), rates[each.pk], rule)
            for each in self.in_order({*worked, *rates} - {None})
            if each and (worked[each.pk] != [0, 0] or rates[each.pk])
        ]

    def _year(self, person, worked, paid, rates, rule):
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        rows = month_of(person, self.today)
        if rates:
            limit = min(
                limit_of([each for each in rates if each.grant_id == grant], self.year)
                for grant in {each.grant_id for each in rates}
            )
            spans = [(each.since, each.until) for each in rates]
            return Year(person, worked, paid, limit, part_of(spans, self.today), rows)
        contracts = [
            each
            for each in self.contracts[person.pk]
            if each.starts_on <= last and (each.ends_on is None or each.ends_on >= first)
        ]
        if not (contracts and rule):
            return Year(person, worked, rows=rows)
        limit = whole(60 * rule.hours * share_of_year(contracts, rule, first, last))
        spans = [(each.starts_on, each.ends_on) for each in contracts]
        return Year(person, worked, None, limit, part_of(spans, self.today), rows)


@dataclass(frozen=True)
class Year:
    """Somebody's minutes of this calendar year beside what may be declared of them at most.

    Paid by the hour, those hours count against the hours the rate is made of; of everybody else,
    all work counts against the productive hours of the contract (Art. 55(2)(a) and (4) of
    Regulation (EU) 2021/1060, funding.md §7).
    """

    person: User
    worked: int
    # None where no grant pays for the person by the hour.
    paid: int | None = None
    limit: int | None = None
    part: Decimal = Decimal(0)
    rows: str = ""

    @property
    def counted(self):
        return self.worked if self.paid is None else self.paid

    @property
    def forecast(self):
        return whole(self.counted / self.part) if self.part else None

    @property
    def percent(self):
        return percent_of(self.counted, self.limit)

    @property
    def state(self):
        """ "over" the limit, "near" it: beyond by the end of the year at this pace, "within"."""
        if self.limit is None:
            return ""
        if self.counted > self.limit:
            return "over"
        return "near" if (self.forecast or 0) > self.limit else "within"


def part_of(spans, today):
    """How much is over of the days that these spans have in today's year."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    days = {
        on
        for since, until in spans
        for on in days_between(max(since, first), min(until or last, last))
    }
    return Decimal(sum(on <= today for on in days)) / len(days) if days else Decimal(0)


# --- where the rows are ---


def held_of(grant, person, first, last):
    """The address of the consultations behind a sum; none for whom the list cannot be asked."""
    if person is None or not person.works_here:
        return ""
    asked = f"project={grant.project_id}&advisor={person.pk}&since={first}&until={last}"
    return f"{reverse('consultations:list')}?{asked}"


def month_of(person, on):
    if person is None or not person.is_staff_member:
        return ""
    return reverse("consultations:month", args=[person.pk, on.replace(day=1)])

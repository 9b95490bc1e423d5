"""The numbers of one report, against the statements one would write for them by hand.

Both ways give the same numbers and name the same rows; this is made sure before anything is timed.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter

from django.db import connection

from best_portal.bench.measure import compare
from reports import splits
from reports.freezing import count
from reports.models import ThresholdKey
from reports.scope import Scope, snapshot

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
PERIOD = """
    WHERE c.project_id = %(project)s AND c.withdrawn_at IS NULL
      AND c.held_on BETWEEN %(start)s AND %(end)s
"""
SINCE = PERIOD.replace("%(start)s", "%(since)s")
WORK = "FROM consultations_consultation c"
SESSIONS = f"""
    SELECT count(*), sum(c.minutes), array_agg(c.id), count(*) FILTER (WHERE c.kind = 'training'),
           sum(c.headcount) FILTER (WHERE c.kind = 'training'),
           array_agg(c.id) FILTER (WHERE c.kind = 'training')
    {WORK} {PERIOD}
"""
# Organisation, district, first day, minutes, founding; then whether it is advised, an initiative,
# a founding of the period.
ORGANISATIONS = f"""
    SELECT o.id, d.name, part.first, part.minutes, o.founded_on, part.first IS NOT NULL,
           part.first IS NOT NULL
             AND (o.kind = 'founding_initiative' OR o.founded_on > part.first),
           o.founded_on BETWEEN %(start)s AND %(end)s AND since.first <= o.founded_on
    FROM (SELECT c.organisation_id, min(c.held_on) AS first {WORK} {SINCE} GROUP BY 1) since
    JOIN enterprises_organisation o ON o.id = since.organisation_id
    LEFT JOIN (SELECT c.organisation_id, min(c.held_on) AS first, sum(c.minutes) AS minutes
               {WORK} {PERIOD} GROUP BY 1) part ON part.organisation_id = o.id
    LEFT JOIN districts_district d ON d.id = o.district_id
"""
JOBS = f"""
    SELECT j.id, j.since, j.fte, d.name
    FROM enterprises_job j
    JOIN enterprises_organisation o ON o.id = j.organisation_id
    LEFT JOIN districts_district d ON d.id = o.district_id
    WHERE j.kind = 'new' AND j.confirmed_on IS NOT NULL
      AND j.since BETWEEN %(start)s AND %(end)s
      AND EXISTS (SELECT {WORK} {SINCE.replace("%(end)s", "j.since")} AND c.organisation_id = o.id)
"""
THRESHOLDS = f"""
    SELECT organisation_id, min(held_on) FILTER (WHERE supported >= %(hours)s * 60),
           min(held_on) FILTER (WHERE documented >= %(hours)s * 60)
    FROM (
        SELECT c.organisation_id, c.held_on, sum(c.minutes) OVER days AS supported,
               sum(c.minutes) FILTER (WHERE c.channel NOT IN ('phone', 'email')) OVER days
                   AS documented
        {WORK} JOIN enterprises_organisation o ON o.id = c.organisation_id {SINCE}
          AND o.kind IN ('social_enterprise', 'local_business')
          AND (o.founded_on IS NULL OR c.held_on >= o.founded_on)
        WINDOW days AS (PARTITION BY c.organisation_id ORDER BY c.held_on, c.id)
    ) sums
    GROUP BY organisation_id
"""
SUMS = "count(*), sum(c.minutes), array_agg(c.id)"
# Table -> the statement of its lines.
LINES = {
    "months": f"SELECT to_char(c.held_on, 'MM/YYYY'), c.kind, {SUMS} {WORK} {PERIOD} GROUP BY 1, 2",
    "areas": f"""
        SELECT d.name, {SUMS} {WORK} LEFT JOIN districts_district d ON d.id = c.district_id
        {PERIOD} GROUP BY 1""",
    "groups": f"""
        SELECT o.kind, {SUMS}
        {WORK} LEFT JOIN enterprises_organisation o ON o.id = c.organisation_id
        {PERIOD} GROUP BY 1""",
    "tasks": f"""
        SELECT t.number, t.title, {SUMS}
        {WORK} LEFT JOIN consultations_projecttask t ON t.id = c.task_id
        {PERIOD} GROUP BY 1, 2""",
    "topics": f"""
        SELECT t.name, {SUMS}
        {WORK} LEFT JOIN consultations_consultation_topics ct ON ct.consultation_id = c.id
        LEFT JOIN consultations_topic t ON t.id = ct.topic_id
        {PERIOD} GROUP BY 1""",
}


class Plain:
    """The same report in statements written by hand."""

    def __init__(self, grant, starts_on, ends_on):
        self.parameters = {
            "project": grant.project_id,
            "start": starts_on,
            "end": ends_on,
            "since": grant.accountable_from,
            "hours": grant.threshold(ThresholdKey.HOURS, ends_on) or 0,
        }

    def ask(self, sql, **parameters):
        with connection.cursor() as cursor:
            cursor.execute(sql, self.parameters | parameters)
            return cursor.fetchall()

    def figures(self):
        """What every figure rests on, of the period and of all the grant's time."""
        since = {"start": self.parameters["since"]}
        columns = [
            [self.ask(sql, **start) for sql in (SESSIONS, ORGANISATIONS, JOBS)]
            for start in ({}, since)
        ]
        return columns, self.ask(THRESHOLDS)

    def breakdowns(self):
        return {table: self.ask(sql) for table, sql in LINES.items()}


def values_of(plain):
    """Rule -> (value, keys), for the period and since the start, read off the answers."""
    columns, thresholds = plain.figures()
    starts = (plain.parameters["start"], plain.parameters["since"])
    return [
        values_of_column(*answers, thresholds, start)
        for answers, start in zip(columns, starts, strict=True)
    ]


def values_of_column(sessions, organisations, jobs, thresholds, start):
    [(number, minutes, keys, trainings, heads, training_keys)] = sessions
    advised, not_yet, founded = (
        {row[0] for row in organisations if row[flag]} for flag in (5, 6, 7)
    )
    supported, documented = (
        {row[0] for row in thresholds if row[day] and row[day] >= start} for day in (1, 2)
    )
    by_length = {"organisations": advised, "initiatives": not_yet, "foundings": founded}
    by_length |= {"enterprises_supported": supported, "enterprises_advised": documented}
    hours = (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {rule: (len(keys), keys) for rule, keys in by_length.items()} | {
        "consultations": (number, set(keys)),
        "hours": (hours, set(keys)),
        "trainings": (trainings, set(training_keys)),
        "attendances": (heads, set(training_keys)),
        "new_jobs": (sum(map(itemgetter(2), jobs)), {row[0] for row in jobs}),
    }


def lines_of(plain):
    """(table, number, keys) of every line that is not empty; months line by line and kind."""
    return {
        (table, row[-3], frozenset(row[-1]))
        for table, rows in plain.breakdowns().items()
        for row in rows
    }


class Portal:
    """The report as the portal counts it."""

    def __init__(self, grant, starts_on, ends_on):
        self.grant, self.period = grant, (starts_on, ends_on)
        self.targets = list(grant.targets.select_related("indicator", "grant"))

    def figures(self):
        with snapshot():
            scope = Scope.of(self.grant, *self.period)
            return [count(target, scope) for target in self.targets]

    def breakdowns(self):
        with snapshot():
            return splits.breakdowns(Scope.of(self.grant, *self.period))


def check(portal, plain):
    """Make sure that both ways give the same; raises RuntimeError."""
    for expected, counted in zip(
        values_of(plain), zip(*portal.figures(), strict=True), strict=True
    ):
        for target, figure in zip(portal.targets, counted, strict=True):
            if (figure.value, set(figure.ids)) != expected[target.indicator.rule]:
                raise RuntimeError(f"{target.indicator.code} is not what plain SQL counts")
    cells = {
        (table.key, len(keys), frozenset(keys))
        for table in portal.breakdowns()
        for line in table.rows
        for keys in line.counted
        if keys
    }
    if cells != lines_of(plain):
        raise RuntimeError("The breakdowns are not what plain SQL counts")


def counting(crowd):
    """Yield the results for this crowd."""
    portal, plain = Portal(crowd.grant, *YEAR), Plain(crowd.grant, *YEAR)
    check(portal, plain)
    name = f"of one report over {crowd.rows:,} consultations"
    yield compare(f"figures {name}, a year and cumulated", portal.figures, plain.figures)
    yield compare(f"breakdowns {name}, a year", portal.breakdowns, plain.breakdowns)

"""The work of a period, split by month, area, task, target group and topic, and row by row."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Sum

from reports.annex_rows import AnnexRow
from reports.cents import cents
from reports.document import Breakdown, Ids, Row, Rule
from reports.german import KINDS, ORGANISATIONS

NO_AREA, NO_TASK, NO_TOPIC = "ohne Gebiet", "ohne Aufgabe", "ohne Thema"
# How each table counts. A changed wording or way of counting is a new version.
RULE_VERSION = "1"
EACH_ONCE = (
    "Jede Beratung, Begleitung oder Qualifizierung des Projekts im Zeitraum zählt einmal, {where}. "
    "Zurückgezogene Einträge zählen nicht."
)
HOURS = "Stunden sind die Summe der Minuten, geteilt durch 60, einmal auf zwei Stellen gerundet."
WHERE = {
    "months": "in dem Monat, in dem sie stattfand, und nach ihrer Art",
    "areas": f"in dem Gebiet, das bei ihr eingetragen ist, sonst unter „{NO_AREA}“",
    "groups": "bei der Art, die ihre Organisation am Tag des Berichts hatte",
    "tasks": f"bei der Aufgabe, die bei ihr eingetragen ist, sonst unter „{NO_TASK}“",
    "topics": f"und zwar bei jedem ihrer Themen, ohne Thema unter „{NO_TOPIC}“",
}


@dataclass(frozen=True)
class Part:
    """One line of a table: what falls under one name, and which consultations these are."""

    name: str
    number: int
    minutes: int
    ids: tuple[int, ...]


def breakdowns(scope):
    """Split the work of the period; every split adds up to the same consultations."""
    tables = [by_month(scope), by_area(scope), by_target_group(scope)]
    by_tasks = by_task(scope)
    if any(row.label != NO_TASK for row in by_tasks.rows):
        tables.append(by_tasks)
    return (*tables, by_topic(scope))


def by_month(scope):
    counted = defaultdict(list)
    days = scope.consultations.values_list("held_on", "kind").annotate(ids=ArrayAgg("pk"))
    for day, kind, ids in days:
        counted[day.year, day.month, kind] += ids
    lines = []
    for year, month in months(scope.starts_on, scope.ends_on):
        cells = tuple(Ids.of(counted[year, month, kind]) for kind in KINDS)
        numbers = tuple(Decimal(len(ids)) for ids in cells)
        lines.append(Row(f"{month:02}/{year}", numbers, cells))
    return Breakdown(
        "months",
        "Leistungen nach Monaten",
        "Monat",
        tuple(KINDS.values()),
        tuple(lines),
        summed(lines, len(KINDS)),
        "stacked",
        measures=("rows",) * len(KINDS),
        rule=Rule("months", RULE_VERSION, EACH_ONCE.format(where=WHERE["months"])),
    )


def months(start, end):
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def by_area(scope):
    parts = split(scope, "district__name", NO_AREA)
    return table("areas", "Leistungen nach Gebieten", "Gebiet", parts)


def by_task(scope):
    parts = split(scope, "task__number", NO_TASK, "task__title", order=["task__number"])
    return table("tasks", "Leistungen nach Aufgaben", "Aufgabe", parts)


def by_target_group(scope):
    parts = [
        replace(part, name=ORGANISATIONS.get(part.name, "Qualifizierung ohne Organisation"))
        for part in split(scope, "organisation__kind", "")
    ]
    groups = table("groups", "Leistungen nach Zielgruppen", "Zielgruppe", parts)
    return replace(groups, note="Gezählt ist, was die Organisation am Tag des Berichts war.")


def by_topic(scope):
    parts = split(scope, "topics__name", NO_TOPIC)
    return replace(
        table("topics", "Leistungen nach Themen", "Thema", parts),
        total=None,
        note="Eine Beratung kann mehrere Themen haben und steht dann bei jedem von ihnen.",
    )


def split(scope, field, nothing, *more, order=()):
    """The consultations by one field, in the order asked for, else the largest part first."""
    parts = (
        scope.consultations.values_list(field, *more)
        .annotate(number=Count("pk"), minutes=Sum("minutes"), ids=ArrayAgg("pk"))
        .order_by(*order, "-number", field)
    )
    found = []
    for *names, number, minutes, ids in parts:
        name = nothing if names[0] is None else ". ".join(str(name) for name in names)
        found.append(Part(name, number, minutes, tuple(ids)))
    return found


def table(key, title, label, parts):
    lines = tuple(
        Row(part.name, (Decimal(part.number), as_hours(part.minutes)), (Ids.of(part.ids),))
        for part in parts
    )
    # Add minutes and round once: rounded hours need not add up.
    total = (
        Decimal(sum(part.number for part in parts)),
        as_hours(sum(part.minutes for part in parts)),
    )
    return Breakdown(
        key,
        title,
        label,
        ("Anzahl", "Stunden"),
        lines,
        total,
        "bars",
        measures=("rows", "minutes"),
        rule=Rule(key, RULE_VERSION, f"{EACH_ONCE.format(where=WHERE[key])} {HOURS}"),
    )


def as_hours(minutes):
    return cents(Decimal(minutes) / 60)


def summed(lines, width):
    return tuple(sum((line.values[i] for line in lines), Decimal(0)) for i in range(width))


def annex(scope):
    """Every counted consultation: pseudonymous, in the order of the days."""
    topics = defaultdict(list)
    named = scope.consultations.exclude(topics=None).order_by("topics__sort_name")
    for pk, name in named.values_list("pk", "topics__name"):
        topics[pk].append(name)
    rows = scope.consultations.order_by("held_on", "starts_at", "pk").values_list(
        "pk",
        "held_on",
        "kind",
        "minutes",
        "district__name",
        "organisation",
        "task__title",
        "result",
        "headcount",
    )
    return tuple(
        AnnexRow(
            id=pk,
            number=number,
            on=day,
            kind=KINDS[kind],
            minutes=minutes,
            district=area or "",
            case_number=scope.bodies[body].number if body else "",
            topic=", ".join(topics[pk]) if pk in topics else "",
            result=result,
            task=task or "",
            people=people,
        )
        for number, (pk, day, kind, minutes, area, body, task, result, people) in enumerate(
            rows, start=1
        )
    )


def earlier(scope, ids):
    """Those of the consultations before the period, each without what it was about.

    That belongs to the report of its own period; here the rows only have to add up.
    """
    if not ids or scope.starts_on <= scope.since:
        return ()
    before = replace(scope, starts_on=scope.since, ends_on=scope.starts_on - timedelta(days=1))
    rows = [row for row in annex(before) if row.id in ids]
    return tuple(
        replace(row, number=number, topic="", result="", task="")
        for number, row in enumerate(rows, start=1)
    )

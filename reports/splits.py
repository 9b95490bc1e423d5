"""The work of a period, split by month, area, task, target group and topic, and row by row."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Sum

from enterprises.models import Organisation
from reports.document import AnnexRow, Breakdown, Row
from reports.german import KINDS, ORGANISATIONS

NO_AREA, NO_TASK, NO_TOPIC = "ohne Gebiet", "ohne Aufgabe", "ohne Thema"


def breakdowns(scope):
    """Split the work of the period; every split adds up to the same consultations."""
    tables = [by_month(scope), by_area(scope), by_target_group(scope)]
    if scope.consultations.filter(task__isnull=False).exists():
        tables.append(by_task(scope))
    return (*tables, by_topic(scope))


def by_month(scope):
    counted = defaultdict(int)
    rows = (
        scope.consultations.values_list("held_on__year", "held_on__month", "kind")
        .annotate(number=Count("pk"))
        .order_by()
    )
    for year, month, kind, number in rows:
        counted[year, month, kind] = number
    lines = tuple(
        Row(
            f"{month:02}/{year}",
            tuple(Decimal(counted[year, month, kind]) for kind in KINDS),
        )
        for year, month in months(scope.starts_on, scope.ends_on)
    )
    return Breakdown(
        "months",
        "Leistungen nach Monaten",
        "Monat",
        tuple(KINDS.values()),
        lines,
        summed(lines, len(KINDS)),
        "stacked",
    )


def months(start, end):
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def by_area(scope):
    rows = split(scope, "district__name", NO_AREA)
    return table("areas", "Leistungen nach Gebieten", "Gebiet", rows)


def by_task(scope):
    rows = sorted(split(scope, "task__number", NO_TASK, "task__title"))
    return table("tasks", "Leistungen nach Aufgaben", "Aufgabe", rows)


def by_target_group(scope):
    rows = [
        (ORGANISATIONS.get(kind, "Qualifizierung ohne Organisation"), *rest)
        for kind, *rest in split(scope, "organisation__kind", "")
    ]
    groups = table("groups", "Leistungen nach Zielgruppen", "Zielgruppe", rows)
    return replace(groups, note="Gezählt ist, was die Organisation am Tag des Berichts war.")


def by_topic(scope):
    rows = split(scope, "topics__name", NO_TOPIC)
    return replace(
        table("topics", "Leistungen nach Themen", "Thema", rows),
        total=None,
        note="Eine Beratung kann mehrere Themen haben und steht dann bei jedem von ihnen.",
    )


def split(scope, field, nothing, *more):
    """Number and minutes of the consultations by one field, the largest first."""
    rows = (
        scope.consultations.values_list(field, *more)
        .annotate(number=Count("pk"), minutes=Sum("minutes"))
        .order_by("-number", field)
    )
    lines = []
    for *names, number, minutes in rows:
        label = nothing if names[0] is None else ". ".join(str(name) for name in names)
        lines.append((label, number, minutes))
    return lines


def table(key, title, label, rows):
    lines = tuple(Row(name, (Decimal(number), as_hours(minutes))) for name, number, minutes in rows)
    # Add minutes and round once: rounded hours need not add up.
    total = (
        Decimal(sum(number for _, number, _ in rows)),
        as_hours(sum(minutes for _, _, minutes in rows)),
    )
    return Breakdown(key, title, label, ("Anzahl", "Stunden"), lines, total, "bars")


def as_hours(minutes):
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def summed(lines, width):
    return tuple(sum((line.values[i] for line in lines), Decimal(0)) for i in range(width))


def annex(scope):
    """Every counted consultation: pseudonymous, in the order of the days."""
    topics = defaultdict(list)
    named = scope.consultations.exclude(topics=None).order_by("topics__sort_name")
    for pk, name in named.values_list("pk", "topics__name"):
        topics[pk].append(name)
    numbers = {
        pk: Organisation(pk=pk).number
        for pk in scope.consultations.order_by().values_list("organisation", flat=True).distinct()
        if pk
    }
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
            case_number=numbers.get(body, ""),
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

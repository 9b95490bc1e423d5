"""The papers of working time: a month's time sheet, and the fixed share that needs none.

They live here and not beside the hours, because both carry the logos of whoever pays for the
project, and grants are known to reports alone.
"""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from consultations.models import Employment, SheetStatus
from consultations.models.working_month import last_day_of
from reports import german
from reports.group_papers import Funding, printed


def month_sheet(sheet):
    """Print what a sheet held when it was closed; None while it is open."""
    if sheet.status == SheetStatus.OPEN:
        return None
    rows = sheet.rows
    with override("de"):
        month = date_format(sheet.month, "F Y")
    context = {
        "sheet": sheet,
        "rows": rows,
        "month": month,
        "agency": settings.AGENCY,
        "funding": Funding.of(sheet.project, sheet.month, last_day_of(sheet.month)),
        "functions": ", ".join(rows["functions"]),
        "weekly_hours": " / ".join(each.replace(".", ",") for each in rows["weekly_hours"]),
        "share": rows["share"].replace(".", ","),
        "days": [line_of(row) for row in sheet.days],
        "sums": {
            name: german.hours(rows[name])
            for name in ("own", "other", "leave", "sick", "total", "contract")
        },
        "closed_at": timezone.localtime(sheet.closed_at),
    }
    title = f"Stundennachweis {month}: {rows['person']}"
    return printed("month_sheet", title, context, sheet.closed_at)


def line_of(row):
    """One day of the form; a day away has no hours of its own, it only says so."""
    worked = {name: german.hours(row[name]) if row[name] else "" for name in ("own", "other")}
    off = {name: german.hours(row[name]) if row[name] else "" for name in ("leave", "sick")}
    away = ["abwesend laut Kalender"] if row.get("away") else []
    return {
        "day": german.day(row["day"]),
        "times": ", ".join(row["times"]),
        "activities": "; ".join([*row["activities"], *away]),
        "total": german.hours(row["total"]) if row["total"] else "",
        **worked,
        **off,
    }


def assignment(row):
    """Print the confirmation that a fixed share of somebody's working time is a project's."""
    contract = Employment.objects.of(row.user).between(row.starts_on, row.starts_on).first()
    context = {
        "row": row,
        "agency": settings.AGENCY,
        "contract": contract,
        "weekly_hours": f"{contract.weekly_hours:f}".replace(".", ",") if contract else "–",
        "percent": f"{row.percent:f}".replace(".", ","),
        "starts_on": german.day(row.starts_on),
        "ends_on": german.day(row.ends_on) if row.ends_on else "",
        "funding": Funding.of(row.project, row.starts_on, row.ends_on or row.starts_on),
    }
    title = f"Feste Zuordnung zum Projekt: {row.user.name}"
    return printed("assignment", title, context, timezone.now())

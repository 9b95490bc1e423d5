"""A row of a log as the preview shows it."""

from django.utils.translation import gettext_lazy as _

from best_portal.imports.preview import Column, Value, as_written

COLUMNS = (
    Column(_("Date")),
    Column(_("Time")),
    Column(_("Duration"), numeric=True),
    Column(_("Kind")),
    Column(_("Organisation")),
    Column(_("Area")),
    Column(_("People attending"), numeric=True),
    Column(_("Advised by")),
)
KINDS = {
    "advice": _("advice"),
    "accompaniment": _("accompaniment"),
    "training": _("training"),
}


def understood(entry, *, is_new=False, is_in_team=True):
    """The values of an entry, marked where its organisation or its advisor is not known."""
    times = [f"{moment:%H:%M}" for moment in (entry.start, entry.end) if moment]
    return (
        f"{entry.date:%d.%m.%Y}",
        "–".join(times),
        f"{entry.minutes // 60}:{entry.minutes % 60:02}",
        KINDS[entry.kind],
        Value(entry.organisation, _("new") if is_new else ""),
        entry.area.name,
        entry.people or "",
        Value(entry.advisor, "" if is_in_team else _("not in the team, stays as written")),
    )


def written(record, columns):
    times = "–".join(filter(None, as_written(record, columns, "start", "end")))
    day, *others = as_written(
        record, columns, "date", "duration", "kind", "organisation", "area", "people", "advisor"
    )
    return (day, times, *others)

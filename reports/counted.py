"""The way back from a consultation: which versions of reports counted it, and in which figures."""

from dataclasses import dataclass

from django.db.models.fields.json import KeyTransform

from reports.document import Ids
from reports.models import ReportVersion

PARTS = ("counted", "counted_since", "rows", "rows_since", "indicators")


@dataclass(frozen=True)
class Counting:
    """One version that counted a consultation, and its figures by code and name.

    `of_body` are those that count its organisation, by the hours of all its advice.
    """

    version: ReportVersion
    figures: list[tuple[str, str]]
    of_body: list[tuple[str, str]]


def counting(consultation):
    """Versions with figures that froze this consultation among their rows, newest first.

    Looked for in the reports of its project: whatever one has accounted for cannot leave it.
    """
    versions = (
        ReportVersion.objects.readable()
        .filter(report__grant__project=consultation.project_id)
        .for_list()
        .annotate(**{f"of_{name}": KeyTransform(name, "frozen") for name in PARTS})
    )
    found = (
        Counting(
            version, figures_of(version, consultation.pk), figures_of_body(version, consultation)
        )
        for version in versions
    )
    return [each for each in found if each.figures or each.of_body]


def figures_of(version, key):
    """(code, name) of each figure that counted the consultation, in the period or since the start.

    Figures that count something else have rows of their own, whose keys are none of ours.
    """
    codes = set()
    for counted, rows in (
        (version.of_counted, version.of_rows),
        (
            version.of_counted_since,
            version.of_rows_since,
        ),
    ):
        own = {**(version.of_rows or {}), **(rows or {})}
        codes |= {
            code
            for code, ids in (counted or {}).items()
            if ids is not None and code not in own and key in Ids.read(ids)
        }
    return named(version, codes)


def figures_of_body(version, consultation):
    """(code, name) of each figure with a row of its organisation that takes in this advice.

    That is a row with time in it, of a report whose days hold the consultation, or that came after
    it where the row goes on from the start; what was logged later is in none. Rows of older
    versions may lack either.
    """
    body, report = consultation.organisation, version.report
    counted_at = version.counted_at
    if body is None or counted_at is None or consultation.logged_at > counted_at:
        return []
    codes = set()
    for rows, first in ((version.of_rows, report.starts_on), (version.of_rows_since, None)):
        if consultation.held_on > report.ends_on or (first and consultation.held_on < first):
            continue
        codes |= {
            code
            for code, those in (rows or {}).items()
            if any(row.get("case_number") == body.number and row.get("minutes") for row in those)
        }
    return named(version, codes)


def named(version, codes):
    names = {line["code"]: line["name"] for line in version.of_indicators or []}
    return [(code, name) for code, name in names.items() if code in codes]

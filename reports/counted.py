"""The way back from a consultation: which versions of reports counted it, and in which figures."""

from dataclasses import dataclass

from django.db.models.fields.json import KeyTransform

from enterprises.models import Merge, Organisation
from reports.document import Ids
from reports.models import ReportVersion

PARTS = ("counted", "counted_since", "rows", "rows_since", "indicators")


@dataclass(frozen=True)
class Counting:
    """One version that counted a consultation, and its figures by code and name.

    `of_body` are those that count its organisation, by the hours of all its advice; of a group,
    the organisations its people came for.
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
    bodies = Bodies.of(consultation)
    found = (
        Counting(
            version,
            figures_of(version, consultation.pk),
            figures_of_bodies(version, consultation, bodies),
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


@dataclass(frozen=True)
class Bodies:
    """Whom a consultation was for: rows that name an organisation, and the merges since.

    A version tells of an organisation by the number it had on its day, before it was merged.
    """

    # (model, key, organisation) of the consultation, or of each attendance of a group.
    rows: tuple
    # Those that still hold, the latest first.
    merges: tuple

    @classmethod
    def of(cls, consultation):
        if consultation.organisation_id:
            rows = [(consultation._meta.label_lower, consultation.pk, consultation.organisation_id)]
        else:
            came = consultation.attendances.exclude(organisation=None)
            label = came.model._meta.label_lower
            rows = [(label, *row) for row in came.values_list("pk", "organisation")]
        merges = Merge.objects.that_made("organisation", {row[2] for row in rows})
        return cls(tuple(rows), tuple(merges))

    def numbers_on(self, moment):
        """The numbers of the organisations, as they were at a moment."""
        since = [merge for merge in self.merges if merge.merged_at > moment]
        found = set()
        for label, key, organisation in self.rows:
            for merge in since:
                if merge.kept_key == organisation and merge.took(label, "organisation", key):
                    organisation = merge.gone_key
            found.add(Organisation(pk=organisation).number)
        return found


def figures_of_bodies(version, consultation, bodies):
    """(code, name) of each figure with a row of its organisation that takes in this advice.

    That is a row with time in it, of a report whose days hold the consultation, or that came after
    it where the row goes on from the start; what was logged later is in none. Rows of older
    versions may lack either.
    """
    report, counted_at = version.report, version.counted_at
    if not bodies.rows or counted_at is None or consultation.logged_at > counted_at:
        return []
    numbers, codes = bodies.numbers_on(counted_at), set()
    for rows, first in ((version.of_rows, report.starts_on), (version.of_rows_since, None)):
        if consultation.held_on > report.ends_on or (first and consultation.held_on < first):
            continue
        codes |= {
            code
            for code, those in (rows or {}).items()
            if any(row.get("case_number") in numbers and row.get("minutes") for row in those)
        }
    return named(version, codes)


def named(version, codes):
    names = {line["code"]: line["name"] for line in version.of_indicators or []}
    return [(code, name) for code, name in names.items() if code in codes]

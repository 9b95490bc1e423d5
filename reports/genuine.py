"""Whether a file is one the agency handed out: by its SHA-256 alone."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.cover import KINDS
from reports.models import (
    Document,
    FunderPaper,
    Handed,
    Imprint,
    PaperKind,
    ReportVersion,
    SheetPaper,
    Volume,
)


@dataclass(frozen=True)
class Genuine:
    """All that anybody may know of a released document."""

    kind: str
    format: str
    number: int
    day: date
    is_newest: bool


@dataclass(frozen=True)
class GenuinePaper:
    """All that anybody may know of a paper that is no version of a report."""

    kind: str
    format: str
    # When it was handed over to the funder, or first taken from the portal.
    day: date
    is_handed_over: bool = False
    is_called_back: bool = False


def genuine(sha256):
    """What the file with this SHA-256 is, or None.

    A draft is nothing; of a paper nothing is told but its kind and its day.
    """
    version = document_with(sha256) or volume_with(sha256) or made_of_version(sha256)
    if version:
        return of_version(*version)
    return funder_paper(sha256) or sheet_paper(sha256) or printed_paper(sha256)


def of_version(version, format):
    return Genuine(
        kind=KINDS[version.report.kind],
        format=format,
        number=version.number,
        day=timezone.localdate(version.released_at),
        is_newest=ReportVersion.objects.released().newer_than(version) is None,
    )


def document_with(sha256):
    """(version, format), or None."""
    found = released_first(
        Document.objects.filter(
            Q(pdf_sha256=sha256) | Q(csv_sha256=sha256) | Q(json_sha256=sha256)
        ).defer("pdf", "csv", "json")
    )
    if found is None:
        return None
    formats = {found.pdf_sha256: "PDF", found.csv_sha256: "CSV"}
    return found.version, formats.get(sha256, "JSON")


def volume_with(sha256):
    """(version, which volume), or None."""
    found = released_first(Volume.objects.filter(sha256=sha256).defer("pdf"))
    if found is None:
        return None
    return found.version, _("PDF, volume %(number)s of the annex") % {"number": found.number}


def made_of_version(sha256):
    """(version, what was made of it for a download), or None."""
    found = released_first(Imprint.objects.filter(sha256=sha256))
    return (found.version, found.get_format_display()) if found else None


def released_first(rows):
    """Two equal files of two versions: the one that was there first, if any was released."""
    return (
        rows.filter(version__in=ReportVersion.objects.released())
        .select_related("version__report")
        .defer("version__frozen")
        .order_by("version__released_at")
        .first()
    )


def funder_paper(sha256):
    papers = FunderPaper.objects.filter(sha256=sha256).for_list()
    found = papers.order_by("handed_over_at").first()
    if found is None:
        return None
    return GenuinePaper(
        kind=PaperKind(found.kind).paper_name,
        format="PDF",
        day=timezone.localdate(found.handed_over_at),
        is_handed_over=True,
        is_called_back=bool(found.payment and found.payment.is_called_back),
    )


def sheet_paper(sha256):
    """A time sheet that was printed, whether somebody took it since imprints are kept or before."""
    found = SheetPaper.objects.filter(sha256=sha256).defer("content").first()
    if found is None:
        return None
    day = timezone.localdate(found.printed_at)
    return GenuinePaper(kind=Handed.TIME.label, format="PDF", day=day)


def printed_paper(sha256):
    found = Imprint.objects.filter(sha256=sha256, version=None).first()
    if found is None:
        return None
    return GenuinePaper(
        kind=found.get_kind_display(),
        format=found.get_format_display(),
        day=timezone.localdate(found.made_at),
    )


def sha256_of(file):
    """The SHA-256 of an uploaded file, read piece by piece and kept nowhere."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()

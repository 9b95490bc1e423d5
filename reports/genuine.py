"""Whether a file is a document that was released: by its SHA-256 alone."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from reports.document import KINDS
from reports.models import Document, ReportVersion, Volume


@dataclass(frozen=True)
class Genuine:
    """All that anybody may know of a released document."""

    kind: str
    format: str
    number: int
    released_at: datetime
    is_newest: bool


def genuine(sha256):
    """What the released document with this SHA-256 is, or None."""
    found = document_with(sha256) or volume_with(sha256)
    if found is None:
        return None
    version, format = found
    return Genuine(
        kind=KINDS[version.report.kind],
        format=format,
        number=version.number,
        released_at=version.released_at,
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


def released_first(rows):
    """Two equal files of two versions: the one that was there first, if any was released."""
    return (
        rows.filter(version__in=ReportVersion.objects.released())
        .select_related("version__report")
        .defer("version__frozen")
        .order_by("version__released_at")
        .first()
    )


def sha256_of(file):
    """The SHA-256 of an uploaded file, read piece by piece and kept nowhere."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()

"""Whether a file is a document that was released: by its SHA-256 alone."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from reports.document import KINDS
from reports.models import Document, ReportVersion


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
    found = (
        Document.objects.filter(
            Q(pdf_sha256=sha256) | Q(csv_sha256=sha256) | Q(json_sha256=sha256),
            version__in=ReportVersion.objects.released(),
        )
        .values(
            "version",
            "version__report",
            "version__number",
            "version__released_at",
            "version__report__kind",
            "pdf_sha256",
            "csv_sha256",
        )
        # Two equal files of two versions: the older one was there first.
        .order_by("version__released_at")
        .first()
    )
    if found is None:
        return None
    formats = {found["pdf_sha256"]: "PDF", found["csv_sha256"]: "CSV"}
    newer = ReportVersion.objects.released().filter(
        report=found["version__report"], number__gt=found["version__number"]
    )
    return Genuine(
        kind=KINDS[found["version__report__kind"]],
        format=formats.get(sha256, "JSON"),
        number=found["version__number"],
        released_at=found["version__released_at"],
        is_newest=not newer.exists(),
    )


def sha256_of(file):
    """The SHA-256 of an uploaded file, read piece by piece and kept nowhere."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()

"""What becomes of a list too long for the report: volumes of the annex, each a PDF of its own.

A volume names neither version nor day of printing, so equal rows give equal bytes: a version after
a small change prints the volumes with the changed rows, and takes the others as they are.
"""

import hashlib
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from reports import pdf
from reports.document import PARTS, FinancingLine, printable
from reports.glyphs import legible
from reports.models import VolumeKind


@dataclass(frozen=True)
class Manuscript:
    """A volume before it is printed; `first_day` and `last_day` are those of its rows."""

    kind: VolumeKind
    number: int
    title: str
    rows: int
    first_day: date
    last_day: date
    html: str

    @cached_property
    def key(self):
        """What this volume looks like, as a SHA-256: equal keys, equal bytes."""
        return hashlib.sha256(f"{press_in_use()}\n{self.title}\n{self.html}".encode()).hexdigest()


@dataclass(frozen=True)
class Bound:
    """A printed volume."""

    manuscript: Manuscript
    pdf: bytes
    pages: int

    @property
    def sha256(self):
        return hashlib.sha256(self.pdf).hexdigest()


@dataclass(frozen=True)
class Stretch:
    """Vouchers of one position in one volume; `is_last` where the sum of the position follows."""

    line: FinancingLine
    rows: tuple
    is_last: bool


@cache
def press_in_use():
    """What besides the manuscript decides about the bytes: press, styles, libraries."""
    own = [Path(pdf.__file__).with_name("press.py"), *pdf.own_assets().values()]
    parts = [hashlib.sha256(path.read_bytes()).hexdigest() for path in own]
    return " ".join([*parts, version("weasyprint"), version("pikepdf"), version("fonttools")])


def manuscripts(document):
    """The volumes of a document, in their order; none where every list fits into the report."""
    volumes = []
    parts = PARTS.get(document.cover.kind)
    if parts is None and len(document.annex) > settings.REPORT_LONGEST_LIST:
        has_tasks = any(row.task for row in document.annex)
        for rows in cut(document.annex):
            context = {"rows": rows, "has_tasks": has_tasks}
            days = [row.on for row in rows]
            volumes.append(written(document, VolumeKind.CONSULTATIONS, volumes, context, days))
    vouchers = sum(len(line.vouchers) for line in document.finances)
    if (parts is None or "vouchers" in parts) and vouchers > settings.REPORT_LONGEST_LIST:
        for stretches in stretched(document.finances):
            days = [row.paid_on for stretch in stretches for row in stretch.rows]
            context = {"stretches": stretches}
            volumes.append(written(document, VolumeKind.VOUCHERS, volumes, context, days))
    return volumes


def cut(rows):
    size = settings.REPORT_VOLUME_ROWS
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def stretched(lines):
    """Share out the vouchers of all positions among volumes, full ones but for the last."""
    every = [(line, row) for line in lines for row in line.vouchers]
    return [
        [
            Stretch(line, rows, is_last=rows[-1] is line.vouchers[-1])
            for line in lines
            if (rows := tuple(row for owner, row in volume if owner is line))
        ]
        for volume in cut(every)
    ]


def written(document, kind, before, context, days):
    number = len(before) + 1
    title = f"Anlagenband {number}: {kind.paper_name}"
    context |= {"cover": document.cover, "title": title, "kind": kind}
    context |= {"number": len(days), "first_day": min(days), "last_day": max(days)}
    html = legible(render_to_string("reports/pdf/volume.html", context))
    return Manuscript(kind, number, title, len(days), min(days), max(days), html)


def bind(manuscripts, *, room, kept, carry_on):
    """Print the volumes side by side, as many at once as there are presses in the room.

    `kept` has (bytes, pages) of equal volumes by key; they are not printed again. Calls `carry_on`
    after each volume and lets what it raises pass, having begun no other. Raises PrintError.
    """
    bound = {key: kept[key] for key in {each.key for each in manuscripts} & set(kept)}
    missing = {each.key: each for each in manuscripts if each.key not in bound}
    room.staff(min(settings.PDF_PRESSES, len(missing)))
    with ThreadPoolExecutor(settings.PDF_PRESSES) as presses:
        jobs = {presses.submit(printed, each, room): key for key, each in missing.items()}
        try:
            for job in as_completed(jobs):
                bound[jobs[job]] = job.result()
                carry_on()
        except BaseException:
            presses.shutdown(wait=False, cancel_futures=True)
            raise
    return [Bound(each, *bound[each.key]) for each in manuscripts]


def printed(manuscript, room):
    done = pdf.render(
        manuscript.html,
        title=printable(manuscript.title),
        identifier=manuscript.key,
        created=None,
        room=room,
    )
    return done.content, done.pages

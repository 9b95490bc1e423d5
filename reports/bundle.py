"""Everything of a year or of one version in one ZIP, sent as it is packed, with each SHA-256."""

import hashlib
import json
import zipfile
from datetime import MAXYEAR, MINYEAR

from django.utils import timezone

from reports.models import (
    DownloadFormat,
    FileFormat,
    FunderPaper,
    Handed,
    Imprint,
    Report,
    ReportVersion,
)
from reports.taking import money_files, take

FORMATS = (DownloadFormat.PDF, DownloadFormat.CSV, DownloadFormat.JSON, DownloadFormat.XLSX)
# Fixed, so that the same reports give the same archive on every day.
DATE = (1980, 1, 1, 0, 0, 0)


def versions_of(user, year):
    """The newest released versions of the reports that end in a year; none where it is no year."""
    if not MINYEAR <= year <= MAXYEAR:
        return []
    reports = Report.objects.visible_to(user).filter(ends_on__year=year)
    released = ReportVersion.objects.released().visible_to(user).filter(report__in=reports)
    return list(released.newest_of_each_report().for_list().order_by("report__ends_on", "pk"))


def papers_of(user, year):
    """What was handed over beside the reports and ends in a year, the first day first."""
    if not MINYEAR <= year <= MAXYEAR:
        return []
    papers = FunderPaper.objects.visible_to(user).filter(ends_on__year=year)
    return list(papers.for_list().order_by("ends_on", "pk"))


def packed(versions, *, by, papers=(), is_year=False):
    """Yield the archive piece by piece; never more than one document is in memory.

    Each document taken counts as a download. The last file is the manifest. The imprint of the
    archive is kept, so that it can be checked like each file in it.
    """
    out = Out()
    manifest = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for version in versions:
            for name, content in taken(version, by):
                manifest.append(entry(version, name, content))
                archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)
                yield out.taken()
        for paper in papers:
            content = paper.download(by=by)
            manifest.append(entry_of_paper(paper, content))
            archive.writestr(zipfile.ZipInfo(paper.file_name, DATE), content, zipfile.ZIP_DEFLATED)
            yield out.taken()
        sums = "".join(f"{each['sha256']}  {each['file']}\n" for each in manifest)
        archive.writestr(zipfile.ZipInfo("SHA256SUMS", DATE), sums)
        text = json.dumps({"files": manifest}, ensure_ascii=False, indent=1)
        archive.writestr(zipfile.ZipInfo("manifest.json", DATE), text)
    last = out.taken()
    about = {"kind": Handed.YEAR} if is_year else {"version": versions[0]}
    Imprint.objects.keep_digest(out.sha256, format=FileFormat.ZIP, **about)
    yield last


def taken(version, by):
    """Yield (name, bytes) of a version's documents, money tables and volumes of the annex."""
    figures = None
    for format in FORMATS:
        content = take(version, by=by, format=format)
        if format == DownloadFormat.CSV:
            figures = content
        yield version.file_name(format), content
    for name, content in money_files(version):
        # The CSV of a Belegliste is the table of its vouchers already.
        if content != figures:
            Imprint.objects.keep(content, format=FileFormat.MONEY, version=version)
            yield name, content
    for volume in version.volumes.for_list():
        yield volume.file_name, volume.download(by=by)


def entry(version, name, content):
    return {
        "file": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "report": str(version.report),
        "programme": version.report.grant.programme.name,
        "version": version.number,
        "released_on": timezone.localdate(version.released_at).isoformat(),
    }


def entry_of_paper(paper, content):
    return {
        "file": paper.file_name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "paper": str(paper),
        "programme": paper.grant.programme.name,
        "handed_over_on": timezone.localdate(paper.handed_over_at).isoformat(),
    }


class Out:
    """What zipfile writes to; nobody goes back in it, so what was written can be sent."""

    def __init__(self):
        self.pieces = []
        self.digest = hashlib.sha256()

    @property
    def sha256(self):
        """Of everything that was taken."""
        return self.digest.hexdigest()

    def write(self, piece):
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self):
        pass

    def taken(self):
        taken, self.pieces = b"".join(self.pieces), []
        self.digest.update(taken)
        return taken

"""`manage.py produce_report --grant REF …`: make one report without the browser, and its files."""

import json
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from reports.bundle import FORMATS
from reports.models import DownloadFormat, Grant, Report, ReportKind, ReportVersion
from reports.taking import money_files, workbook_of
from reports.work import work_on


class Command(BaseCommand):
    help = (
        "Counts, freezes and prints a report of a grant, as a worker would, and writes its PDF, "
        "CSV and JSON into a folder. The version stays in the portal as a draft."
    )

    def add_arguments(self, parser):
        parser.add_argument("--grant", required=True, metavar="REF")
        parser.add_argument("--kind", required=True, choices=ReportKind.values)
        parser.add_argument("--from", required=True, dest="starts_on", type=day, metavar="DATE")
        parser.add_argument("--to", required=True, dest="ends_on", type=day, metavar="DATE")
        parser.add_argument("--output", required=True, type=Path, metavar="DIR")
        parser.add_argument(
            "--note", default="", help="what changed; needed once a version has been released"
        )

    def handle(self, *, grant, kind, starts_on, ends_on, output, note, **options):
        if output.exists() and not output.is_dir():
            raise CommandError(_("%(path)s is a file. Name a folder.") % {"path": output})
        version = requested(grant, kind, starts_on, ends_on, note)
        work_on(version)
        version = ReportVersion.objects.select_related("document", "report__grant").get(
            pk=version.pk
        )
        if not version.is_readable:
            raise CommandError(version.explanation or version.get_status_display())
        self.stdout.write(json.dumps(result(version, written(version, output)), indent=2))


def day(text):
    """Read a day as 2003-12-31 or 31.12.2003."""
    if text.count(".") == 2:
        text = "-".join(reversed(text.split(".")))
    return date.fromisoformat(text)


def requested(ref, kind, starts_on, ends_on, note):
    """Ask for the version and claim it at once, so that no worker takes it as well."""
    grant = Grant.objects.filter(ref=ref).first()
    if grant is None:
        refs = ", ".join(Grant.objects.order_by("ref").values_list("ref", flat=True))
        raise CommandError(
            _("There is no grant %(ref)s. Known are: %(refs)s.")
            % {"ref": ref, "refs": refs or _("none yet")}
        )
    try:
        version = Report.objects.request(
            by=None,
            grant=grant,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            change_note=note,
        )
    except ValidationError as refusal:
        raise CommandError(" ".join(refusal.messages)) from refusal
    claimed = ReportVersion.objects.claim(version.pk)
    if claimed is None:
        raise CommandError(_("A worker has taken this report already. Look for it in the portal."))
    return claimed


def written(version, folder):
    """Write the documents into the folder; return where each of them is."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = {}
        for format in FORMATS:
            path = folder / version.file_name(format)
            is_made_now = format == DownloadFormat.XLSX
            content = workbook_of(version) if is_made_now else getattr(version.document, format)
            path.write_bytes(bytes(content))
            files[str(format)] = str(path)
        for name, content in money_files(version):
            path = folder / name
            path.write_bytes(content)
            files[path.stem.removeprefix(f"{version.file_stem}_")] = str(path)
        for volume in version.volumes.for_list():
            path = folder / volume.file_name
            path.write_bytes(bytes(volume.pdf))
            files[f"volume-{volume.number}"] = str(path)
    except OSError as error:
        raise CommandError(
            _("The report is made, but its files cannot be written to %(folder)s: %(error)s")
            % {"folder": folder, "error": error.strerror}
        ) from error
    return files


def result(version, files):
    return {
        "report": version.report_id,
        "version": version.number,
        "grant": version.report.grant.ref,
        "pages": version.pages,
        "sha256": version.sha256,
        "seconds": float(version.seconds),
        "figures": {
            line["code"]: {
                "in_period": number(line["in_period"]),
                "cumulated": number(line["cumulated"]),
            }
            for line in version.frozen["indicators"]
        },
        "consultations": len(version.frozen["annex"]),
        "minutes": sum(row["minutes"] for row in version.frozen["annex"]),
        "files": files,
    }


def number(text):
    """Exact figures as JSON numbers: whole ones without a point; null for what is not measured."""
    if text is None:
        return None
    value = float(text)
    return int(value) if value.is_integer() else value

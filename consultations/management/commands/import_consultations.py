"""`manage.py import_consultations FILE --project KEY`: bring a consultation log kept by hand."""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from consultations.models import ImportBatch, Project

NO_FILE, NO_PROJECT = 1, 2


class Command(BaseCommand):
    help = (
        "Reads a log of consultations (.xlsx or .csv) and says what importing it would bring; "
        "with --commit it is imported. Rows the project holds already are left out."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", required=True, metavar="KEY")
        parser.add_argument("--commit", action="store_true", help="import what has no problems")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, file, project, commit, format, **options):
        batch = self._batch(file, _project(project))
        if commit:
            batch = _committed(batch)
        figures = batch.outcome if commit else batch.log.figures()
        if format == "json":
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
        else:
            self._tell(batch, figures, commit)

    def _batch(self, path, project):
        try:
            with path.open("rb") as file:
                batch = ImportBatch.objects.draft(project=project, file=file, name=path.name)
        except OSError as error:
            raise CommandError(
                _("The file %(file)s cannot be opened. Check its name and folder.")
                % {"file": path},
                returncode=NO_FILE,
            ) from error
        except ValidationError as refusal:
            raise CommandError(
                f"{path.name}: {refusal.messages[0]}", returncode=NO_FILE
            ) from refusal
        if lacking := batch.missing_fields:
            raise CommandError(
                _("%(file)s: no column was found for: %(fields)s. Correct the headings.")
                % {"file": path.name, "fields": ", ".join(map(str, lacking))},
                returncode=NO_FILE,
            )
        return batch

    def _tell(self, batch, figures, commit):
        lines = [
            (_("imported") if commit else _("would be imported"), figures["imported"]),
            (_("duplicates"), figures["duplicates"]),
            (_("rejected"), figures["rejected"]),
            (_("left out"), figures["ignored"]),
            (_("minutes"), figures["minutes"]),
            (_("organisations"), figures["organisations"]),
            *figures["minutes_by_district"].items(),
        ]
        for label, value in lines:
            self.stdout.write(f"{label}: {value}")
        for problem in batch.log.problems:
            self.stdout.write(
                _("Row %(row)s, %(column)s: %(sentence)s")
                % {"row": problem.row, "column": problem.column, "sentence": problem.sentence}
            )


def _committed(batch):
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
            return batch.commit(by=None)
    except ValidationError as refusal:
        raise CommandError(refusal.messages[0], returncode=NO_FILE) from refusal


def _project(key):
    project = Project.objects.filter(key=key).first()
    if project is None:
        keys = ", ".join(Project.objects.values_list("key", flat=True)) or "–"
        raise CommandError(
            _("There is no project “%(key)s”. Known projects: %(keys)s.")
            % {"key": key, "keys": keys},
            returncode=NO_PROJECT,
        )
    return project

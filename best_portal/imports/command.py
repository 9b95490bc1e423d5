"""What the commands that bring a list have in common: figures first, then everything at once."""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

NO_FILE = 1


class ImportCommand(BaseCommand):
    """A command for one kind of list; `about` says what must be known besides the file."""

    model = None

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="import what has no problems")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def about(self, options):
        """What the import must know besides its file."""
        return {}

    def told(self, figures):
        """Further lines of a text for people: pairs of words and figures."""
        return []

    def handle(self, *, file, commit, format, **options):
        batch = self._batch(file, self.about(options))
        if commit:
            batch = _committed(batch)
        figures = batch.outcome if commit else batch.reading.figures()
        if format == "json":
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
        else:
            self._tell(batch, figures, commit)

    def _batch(self, path, about):
        try:
            with path.open("rb") as file:
                batch = self.model.objects.draft(file=file, name=path.name, **about)
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
            *self.told(figures),
        ]
        for label, value in lines:
            self.stdout.write(f"{label}: {value}")
        for problem in batch.reading.problems:
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

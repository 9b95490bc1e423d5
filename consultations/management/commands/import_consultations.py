"""`manage.py import_consultations FILE --project KEY`: bring a consultation log kept by hand."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from best_portal.imports.command import ImportCommand
from consultations.models import ImportBatch, Project

NO_PROJECT = 2


class Command(ImportCommand):
    help = (
        "Reads a log of consultations (.xlsx or .csv) and says what importing it would bring; "
        "with --commit it is imported. Rows the project holds already are left out."
    )
    model = ImportBatch

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--project", required=True, metavar="KEY")

    def about(self, options):
        return {"project": _project(options["project"])}

    def told(self, figures):
        return [
            (_("minutes"), figures["minutes"]),
            (_("organisations"), figures["organisations"]),
            *figures["minutes_by_district"].items(),
        ]


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

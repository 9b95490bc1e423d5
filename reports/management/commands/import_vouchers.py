"""`manage.py import_vouchers FILE --grant KEY`: bring a list of vouchers from a bookkeeping."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from best_portal.imports.command import NO_FILE, ImportCommand
from reports.models import Grant, VoucherImport


class Command(ImportCommand):
    help = (
        "Reads a list of vouchers (.xlsx or .csv) for a grant and says what importing it would "
        "bring; with --commit it is imported. What is there already is left out."
    )
    model = VoucherImport

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--grant", required=True, help="the key of the grant")

    def about(self, options):
        grant = Grant.objects.filter(ref=options["grant"]).first()
        if grant is None:
            raise CommandError(
                _("There is no grant with the key %(key)s.") % {"key": options["grant"]},
                returncode=NO_FILE,
            )
        return {"grant": grant}

    def told(self, figures):
        return [
            (_("total (EUR)"), f"{figures['total']:.2f}"),
            (_("of it eligible (EUR)"), f"{figures['eligible']:.2f}"),
        ]

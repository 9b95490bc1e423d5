"""`manage.py import_operations FILE --fund esf|efre`: bring a list of operations as published."""

from django.utils.translation import gettext as _

from best_portal.imports.command import ImportCommand
from enterprises.models import OperationImport, PublishedFund


class Command(ImportCommand):
    help = (
        "Reads a list of operations (.xlsx or .csv) as an authority publishes it and says what "
        "importing it would bring; with --commit it is imported. What is there already is left "
        "out; beneficiaries that are no organisation on file stay without one."
    )
    model = OperationImport

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--fund", required=True, choices=PublishedFund.values)

    def about(self, options):
        return {"fund": options["fund"]}

    def told(self, figures):
        return [
            (_("operations"), figures["operations"]),
            (_("beneficiaries"), figures["beneficiaries"]),
            (_("total (EUR)"), f"{figures['total']:.2f}"),
        ]

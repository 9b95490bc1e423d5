"""The vouchers behind an amount of a report, as they were frozen with it."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.export import csv_response
from reports.money_reading import MoneyReading
from reports.views.evidence import find_version, found

PAGE = 200
COLUMNS = {
    "voucher": _("Number of the voucher"),
    "invoiced_on": _("Day of the invoice"),
    "paid_on": _("Day of the payment"),
    "payee": _("Payee or payer"),
    "reason": _("Reason of the payment"),
    "amount": _("Amount (EUR)"),
    "eligible": _("Of it eligible (EUR)"),
    "note": _("Why not all of it"),
}


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_safe
def line(request, pk, line, cumulated=False):
    """One amount of the plan's line and the vouchers that add up to it."""
    version = find_version(request.user, pk)
    opened = found(MoneyReading(version.frozen).opened(line, cumulated=cumulated))
    context = {
        "version": version,
        "report": version.report,
        "opened": opened,
        "page": Paginator(opened.rows, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "reports/money_line.html", context)


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_GET
def line_rows(request, pk, line, cumulated=False):
    """The same as a file; that somebody took it is kept like every download."""
    version = find_version(request.user, pk)
    opened = found(MoneyReading(version.frozen).opened(line, cumulated=cumulated))
    part = f"position-{line}-seit-beginn" if cumulated else f"position-{line}"
    version.hand_out_rows(by=request.user, of=part)
    rows = ([row[name] for name in COLUMNS] for row in opened.rows)
    headings = [str(heading) for heading in COLUMNS.values()]
    return csv_response(f"{version.file_stem}_{part}", headings, rows)

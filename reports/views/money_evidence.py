"""What an amount of a report is made of, as it was frozen with it: vouchers, hours, steps."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.export import ENDINGS, file_response
from reports.money_reading import MoneyReading
from reports.settlement_reading import SettlementReading
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
HOURS = (
    _("Person"),
    _("Month"),
    _("Minutes"),
    _("Hours"),
    _("Hourly rate (EUR)"),
    _("Amount (EUR)"),
)
BASE = (
    _("Position"),
    _("Line of the plan"),
    _("Eligible since the start (EUR)"),
    _("Of it before the period (EUR)"),
    _("In the period (EUR)"),
)
STEPS = (_("What"), _("Position or day"), _("Amount (EUR)"))


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_safe
def line(request, pk, line, cumulated=False):
    """One amount of the plan's line and what adds up to it."""
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
def line_rows(request, pk, line, ending, cumulated=False):
    """The same as a file; that somebody took it is kept like every download."""
    version = find_version(request.user, pk)
    opened = found(MoneyReading(version.frozen).opened(line, cumulated=cumulated))
    if ending not in ENDINGS:
        raise Http404
    part = f"position-{line}-seit-beginn" if cumulated else f"position-{line}"
    version.hand_out_rows(by=request.user, of=part)
    headings, rows = table_of(opened)
    name = f"{version.file_stem}_{part}"
    return file_response(ending, name, [str(each) for each in headings], rows)


def table_of(opened):
    """Headings and rows of what an amount is made of."""
    match opened.line.costing:
        case "hours":
            return HOURS, [
                (row.person, f"{row.month:%m/%Y}", row.minutes, row.hours, row.rate, row.amount)
                for row in opened.hours
            ]
        case "flat":
            return BASE, flat_rows(opened)
    return COLUMNS.values(), ([row[name] for name in COLUMNS] for row in opened.rows)


def flat_rows(opened):
    for line in opened.base:
        before = line.before[1]
        eligible = line.since_start_eligible
        yield line.position, line.label, eligible, before, eligible - before
    yield "", _("Base"), opened.base_since_start, opened.base_before, opened.base_in_period
    flat = (opened.flat_since_start, opened.flat_before, opened.flat_in_period)
    yield opened.line.position, opened.line.label, *flat


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_safe
def settled(request, pk, amount):
    """One amount of the settlement and how it comes about."""
    version = find_version(request.user, pk)
    reading = SettlementReading(version.frozen)
    context = {
        "version": version,
        "report": version.report,
        "reading": reading,
        "settled": found(reading.opened(amount)),
    }
    return render(request, "reports/settled.html", context)


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_GET
def settled_rows(request, pk, amount, ending):
    version = find_version(request.user, pk)
    opened = found(SettlementReading(version.frozen).opened(amount))
    if ending not in ENDINGS:
        raise Http404
    version.hand_out_rows(by=request.user, of=f"abrechnung-{amount}")
    rows = [(step.label, step.detail, step.amount) for step in opened.steps]
    rows.append((str(opened.title), "", opened.total))
    name = f"{version.file_stem}_abrechnung-{amount}"
    return file_response(ending, name, [str(heading) for heading in STEPS], rows)

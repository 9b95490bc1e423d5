"""Pages of a grant's vouchers: the list with its filters, one of them, its file, the import."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.conflicts import refuse
from best_portal.export import csv_response, xlsx_response
from best_portal.files.sending import as_attachment
from best_portal.imports.pages import ImportPages
from reports.forms.money import VoucherFileForm, VoucherForm
from reports.models import Voucher, VoucherImport
from reports.views.money import grant_or_404
from reports.voucher_filters import VoucherFilter

PAGE = 50
ENDINGS = [("CSV", "csv"), ("Excel", "xlsx")]
HEADINGS = [
    gettext_lazy("Income or expense"),
    gettext_lazy("Position"),
    gettext_lazy("Line of the plan"),
    gettext_lazy("Number of the voucher"),
    gettext_lazy("Day of the invoice"),
    gettext_lazy("Day of the payment"),
    gettext_lazy("Payee or payer"),
    gettext_lazy("Reason of the payment"),
    gettext_lazy("Amount (EUR)"),
    gettext_lazy("Of it eligible (EUR)"),
    gettext_lazy("Why not all of it"),
    gettext_lazy("File"),
]

imports = ImportPages(
    model=VoucherImport,
    names="reports:vouchers_import",
    templates="reports/vouchers_import",
    file_form=VoucherFileForm,
    roles=(Role.MANAGER,),
)


@role_required(Role.MANAGER)
@require_safe
def index(request, ref):
    """The list, its filters in the address and its totals above it."""
    grant = grant_or_404(request, ref)
    filters = VoucherFilter(request.GET, user=request.user, grant=grant)
    totals = filters.rows.totals()
    paginator = Paginator(filters.rows.for_list(), PAGE)
    paginator.count = totals["count"]
    context = {
        "grant": grant,
        "filters": filters,
        "totals": totals,
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "endings": ENDINGS,
        "import_url": f"{reverse('reports:vouchers_import')}?grant={grant.pk}",
    }
    return render(request, "reports/voucher_list.html", context)


@role_required(Role.MANAGER)
@require_safe
def export(request, ref, ending):
    """The list as a file, filtered as it is on the page."""
    if ending not in ("csv", "xlsx"):
        raise Http404
    grant = grant_or_404(request, ref)
    filters = VoucherFilter(request.GET, user=request.user, grant=grant)
    if not filters.is_valid():
        return redirect(f"{reverse('reports:vouchers', args=[ref])}?{request.GET.urlencode()}")
    answer = csv_response if ending == "csv" else xlsx_response
    rows = (line_of(row) for row in filters.rows.for_list().iterator(chunk_size=1000))
    return answer(_("vouchers"), HEADINGS, rows)


def line_of(voucher):
    return [
        voucher.line.get_kind_display(),
        voucher.line.position,
        voucher.line.label,
        voucher.number,
        voucher.invoiced_on,
        voucher.paid_on,
        voucher.payee,
        voucher.reason,
        voucher.amount,
        voucher.counted,
        voucher.why_not_counted,
        voucher.file_name,
    ]


@role_required(Role.MANAGER)
def new(request, ref):
    grant = grant_or_404(request, ref)
    form = VoucherForm(request.POST or None, request.FILES or None, grant=grant)
    return save(request, grant, form, None)


@role_required(Role.MANAGER)
def voucher(request, ref, pk):
    """One voucher: what is known of it, to be changed; its file, and what may be the same bill."""
    grant = grant_or_404(request, ref)
    row = voucher_or_404(request, ref, pk)
    form = VoucherForm(request.POST or None, request.FILES or None, instance=row, grant=grant)
    return save(request, grant, form, row)


def save(request, grant, form, row):
    request.draft.fill(form)
    if form.is_valid():
        try:
            kept = form.keep(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("The voucher %(number)s is saved.") % {"number": kept})
            return redirect("reports:vouchers", grant.ref)
    context = {
        "form": form,
        "grant": grant,
        "voucher": row,
        "title": _("Change the voucher") if row else _("Enter a voucher"),
        "twins": Voucher.objects.twice(row) if row else [],
    }
    return render(request, "reports/voucher_form.html", context)


@role_required(Role.MANAGER)
@require_GET
def file(request, ref, pk):
    """The file of a voucher; who takes it is kept."""
    row = voucher_or_404(request, ref, pk)
    try:
        pieces = row.download(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(row)
    return as_attachment(pieces, name=row.file_name, media_type=row.media_type, size=row.size)


@role_required(Role.MANAGER)
@require_POST
def file_drop(request, ref, pk):
    row = voucher_or_404(request, ref, pk)
    row.drop_file(by=request.user)
    messages.success(request, _("The file is gone; the voucher stays."))
    return redirect(row)


def voucher_or_404(request, ref, pk):
    rows = Voucher.objects.visible_to(request.user).valid().select_related("grant", "line")
    return get_object_or_404(rows, pk=pk, grant__ref=ref)

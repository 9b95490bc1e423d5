"""Pages of public money received: the list of operations, one of them, and who a name is."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from best_portal.refusals import tell
from enterprises.forms.operations import BeneficiaryFileForm, LinkForm
from enterprises.listing import OPERATIONS
from enterprises.models import Beneficiary, Operation
from enterprises.models.directory import Directory
from enterprises.operation_filters import OperationFilter

PAGE = 50


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """The list, its filters in the address and its totals above it."""
    filters = OperationFilter(request.GET, user=request.user)
    totals = filters.rows.totals()
    paginator = Paginator(filters.rows.for_list(), PAGE)
    paginator.count = totals["count"]
    context = {
        "filters": filters,
        "totals": totals,
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
    }
    return render(request, "enterprises/operation_list.html", context)


@list_file(gettext_lazy("operations"), OPERATIONS, page="enterprises:operations", roles=STAFF_ROLES)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(OperationFilter(request.GET, user=request.user)).rows.for_export()


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    visible = Operation.objects.visible_to(request.user)
    operation = get_object_or_404(visible.for_page(), pk=pk)
    return render(request, "enterprises/operation_detail.html", {"operation": operation})


@role_required(*STAFF_ROLES)
def beneficiary(request, pk):
    """Who a name on the lists is: the files it may mean, and everything it received."""
    beneficiary = visible_or_404(request, pk)
    form = LinkForm(request.POST or None)
    if form.is_valid():
        try:
            beneficiary.link(form.cleaned_data["organisation"], by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Kept."))
            return redirect(beneficiary)
    operations = beneficiary.operations.current()
    context = {
        "beneficiary": beneficiary,
        "form": form,
        "candidates": Directory().candidates(beneficiary),
        "operations": operations.for_list().newest_first(),
        "totals": operations.totals(),
    }
    return render(request, "enterprises/beneficiary_detail.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def leave(request, pk):
    """Say that a name is none of the organisations on file."""
    beneficiary = visible_or_404(request, pk)
    try:
        beneficiary.leave(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Kept."))
    return redirect(beneficiary)


@role_required(*STAFF_ROLES)
def open_file(request, pk):
    """Open a file for a name on the lists; everything it received then stands in it."""
    beneficiary = visible_or_404(request, pk)
    form = BeneficiaryFileForm(request.POST or None, beneficiary=beneficiary)
    request.draft.fill(form)
    if form.is_valid():
        try:
            organisation = form.register(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The file is open."))
            return redirect(organisation)
    title = _("Open a file for “%(name)s”") % {"name": beneficiary.name}
    context = {"form": form, "title": title, "organisation": None}
    return render(request, "enterprises/organisation_form.html", context)


def visible_or_404(request, pk):
    visible = Beneficiary.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("organisation", "settled_by"), pk=pk)

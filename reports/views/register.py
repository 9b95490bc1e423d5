"""The public register of aid: which awards it does not know yet, and the rows to enter there."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file
from reports.listing import REGISTER
from reports.models import DeMinimisAward

PAGE, LATEST = 50, 10


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """The entries due, the most urgent first, and the latest that were made."""
    visible = DeMinimisAward.objects.visible_to(request.user)
    due = visible.to_register().for_list()
    context = {
        "page": Paginator(due, PAGE).get_page(request.GET.get("page")),
        "registered": visible.registered().for_list()[:LATEST],
    }
    return render(request, "reports/register_list.html", context)


@list_file(gettext_lazy("register-entries"), REGISTER, page="reports:register", roles=STAFF_ROLES)
def export(request):
    """The entries due as rows to enter, or to hand to the authority that does."""
    return DeMinimisAward.objects.visible_to(request.user).to_register().with_nace().for_list()


@role_required(*STAFF_ROLES)
@require_POST
def enter(request, pk):
    """Note that an award stands in the register."""
    visible = DeMinimisAward.objects.visible_to(request.user)
    award = get_object_or_404(visible, pk=pk)
    try:
        award.register(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("%(number)s is noted as entered.") % {"number": award.number})
    return redirect("reports:register")

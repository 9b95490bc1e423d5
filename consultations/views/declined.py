"""Requests nobody could serve: the list with its filters, as a file, and the quick form."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from best_portal.refusals import tell
from consultations.filters import DeclinedFilter
from consultations.forms.declined import DeclinedForm
from consultations.listing import DECLINED

PAGE = 50


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """The list, newest first, its filters in the address."""
    filters = DeclinedFilter(request.GET, user=request.user)
    paginator = Paginator(filters.rows.for_list(), PAGE)
    context = {
        "filters": filters,
        "number": paginator.count,
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
    }
    return render(request, "consultations/declined_list.html", context)


@list_file(
    gettext_lazy("declined-requests"), DECLINED, page="consultations:declined", roles=STAFF_ROLES
)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(DeclinedFilter(request.GET, user=request.user)).rows.for_list()


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """The quick form; what was sent twice is recorded once."""
    form = request.draft.fill(DeclinedForm(request.POST or None, by=request.user))
    if form.is_valid():
        try:
            declined = form.record()
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Recorded: %(request)s.") % {"request": declined})
            return redirect("consultations:declined")
    return render(request, "consultations/declined_new.html", {"form": form})

"""Pages of networks and project groups: the list, and its files; each has a case file."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from enterprises.alliance_filters import AllianceFilter
from enterprises.local_listing import ALLIANCES


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    filters = AllianceFilter(request.GET, user=request.user)
    context = {"filters": filters, "rows": filters.rows, "query": request.GET.urlencode()}
    return render(request, "enterprises/alliance_list.html", context)


@list_file(gettext_lazy("networks"), ALLIANCES, page="enterprises:alliances", roles=STAFF_ROLES)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(AllianceFilter(request.GET, user=request.user)).rows

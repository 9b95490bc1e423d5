"""Pages of contributions: what each partner put in per year and area, and single entries."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from enterprises.forms.partnerships import ContributionForm
from enterprises.local_listing import CONTRIBUTIONS, CONTRIBUTIONS_BY_PARTNER
from enterprises.models import Contribution, ResourceKind
from enterprises.partnership_filters import ContributionFilter
from enterprises.views.local import form_page

PAGE = 50
GIVEN = ("organisation", "kind", "what", "district", "agreement", "offer")


def list_step():
    return (_("Contributions"), reverse("enterprises:contributions"))


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """The sums first, the single contributions below."""
    filters = ContributionFilter(request.GET, user=request.user)
    paginator = Paginator(filters.rows.for_list(), PAGE)
    context = {
        "filters": filters,
        "sums": sums(filters),
        "number": paginator.count,
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
    }
    return render(request, "enterprises/contribution_list.html", context)


def sums(filters):
    """One row for each year, area, partner and kind, the kind in words."""
    rows = filters.rows.order_by().by_partner()
    return [row | {"kind": ResourceKind(row["kind"]).label} for row in rows]


@list_file(
    gettext_lazy("contributions-of-partners"),
    CONTRIBUTIONS_BY_PARTNER,
    page="enterprises:contributions",
    roles=STAFF_ROLES,
)
def sums_export(request):
    """What each partner put in per year and area, filtered as it is on the page."""
    return sums(understood(ContributionFilter(request.GET, user=request.user)))


@list_file(
    gettext_lazy("contributions"),
    CONTRIBUTIONS,
    page="enterprises:contributions",
    roles=STAFF_ROLES,
)
def export(request):
    """The single contributions, filtered as they are on the page."""
    return understood(ContributionFilter(request.GET, user=request.user)).rows.for_list()


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    initial = {name: request.GET[name] for name in GIVEN if name in request.GET}
    form = request.draft.fill(ContributionForm(request.POST or None, initial=initial))
    return form_page(
        request,
        form,
        _("Write down a contribution"),
        lambda: form.keep(by=request.user),
        steps=[list_step()],
        back=None,
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    row = get_object_or_404(Contribution.objects.editable_by(request.user), pk=pk)
    form = request.draft.fill(ContributionForm(request.POST or None, instance=row))
    return form_page(
        request,
        form,
        _("Change the contribution"),
        lambda: form.keep(by=request.user),
        steps=[list_step()],
        back=list_step()[1],
        deletes=row,
    )

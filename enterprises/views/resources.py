"""Pages of offers and needs: the list, one of them with what fits, and how it was settled."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from enterprises.forms.partnerships import ResourceForm, SettleForm
from enterprises.local_listing import RESOURCES
from enterprises.models import Contribution, Resource
from enterprises.partnership_filters import ResourceFilter
from enterprises.views.local import do, form_page

PAGE = 50


def list_step():
    return (_("Offers and needs"), reverse("enterprises:resources"))


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    filters = ResourceFilter(request.GET, user=request.user)
    paginator = Paginator(filters.rows, PAGE)
    context = {
        "filters": filters,
        "number": paginator.count,
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
    }
    return render(request, "enterprises/resource_list.html", context)


@list_file(
    gettext_lazy("offers-and-needs"), RESOURCES, page="enterprises:resources", roles=STAFF_ROLES
)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(ResourceFilter(request.GET, user=request.user)).rows


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    """One offer or need, with what fits to it and why."""
    rows = Resource.objects.visible_to(request.user).for_list()
    resource = get_object_or_404(rows, pk=pk)
    given = Contribution.objects.visible_to(request.user).filter(offer=resource)
    context = {
        "resource": resource,
        "matches": resource.matches() if resource.is_open else [],
        "given": given.for_list().newest_first(),
    }
    return render(request, "enterprises/resource_detail.html", context)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    asked = {name: request.GET.get(name) for name in ("organisation", "side", "kind")}
    initial = {name: value for name, value in asked.items() if value}
    if area := request.GET.get("area"):
        initial["districts"] = [area]
    form = request.draft.fill(ResourceForm(request.POST or None, initial=initial))
    return form_page(
        request,
        form,
        _("Write down an offer or a need"),
        lambda: form.keep(by=request.user),
        steps=[list_step()],
        back=None,
    )


def editable(request, pk):
    return get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    row = editable(request, pk)
    form = request.draft.fill(ResourceForm(request.POST or None, instance=row))
    return form_page(
        request,
        form,
        _("Change the offer or need"),
        lambda: form.keep(by=request.user),
        steps=[list_step(), (row.title, row.get_absolute_url())],
        back=row.get_absolute_url(),
        deletes=row,
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request, pk):
    row = editable(request, pk)
    form = request.draft.fill(SettleForm(request.POST or None))
    return form_page(
        request,
        form,
        _("Settle the offer or need"),
        lambda: row.settle(by=request.user, **form.cleaned_data),
        steps=[list_step(), (row.title, row.get_absolute_url())],
        back=row.get_absolute_url(),
    )


@role_required(*STAFF_ROLES)
@require_POST
def reopen(request, pk):
    row = editable(request, pk)
    return do(request, lambda: row.reopen(by=request.user), _("It is open again."), back=row)

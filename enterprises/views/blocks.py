"""Pages of the catalogue of service building blocks: the list, and one with its ideas."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file
from enterprises.forms.partnerships import BlockForm
from enterprises.local_listing import BLOCKS
from enterprises.models import ServiceBlock
from enterprises.views.local import form_page

PAGE = 50


def list_step():
    return (_("Building blocks"), reverse("enterprises:blocks"))


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    rows = ServiceBlock.objects.visible_to(request.user).for_list()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "enterprises/block_list.html", {"page": page})


@list_file(gettext_lazy("building-blocks"), BLOCKS, page="enterprises:blocks", roles=STAFF_ROLES)
def export(request):
    return ServiceBlock.objects.visible_to(request.user).for_list()


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    """One building block: what is done, who contributes it, which ideas are built of it."""
    rows = ServiceBlock.objects.visible_to(request.user).for_list()
    block = get_object_or_404(rows, pk=pk)
    ideas = block.ideas.visible_to(request.user).select_related("need", "organisation")
    return render(
        request, "enterprises/block_detail.html", {"building_block": block, "ideas": ideas}
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    form = request.draft.fill(BlockForm(request.POST or None))
    return form_page(
        request,
        form,
        _("Describe a building block"),
        lambda: form.keep(by=request.user),
        steps=[list_step()],
        back=None,
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    row = get_object_or_404(ServiceBlock.objects.editable_by(request.user), pk=pk)
    form = request.draft.fill(BlockForm(request.POST or None, instance=row))
    return form_page(
        request,
        form,
        _("Change the building block"),
        lambda: form.keep(by=request.user),
        steps=[list_step(), (row.name, row.get_absolute_url())],
        back=row.get_absolute_url(),
        deletes=row,
    )

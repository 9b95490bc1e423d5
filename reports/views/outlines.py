"""Outlines: the sections of the Sachbericht in each funder's form, set up by the manager."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from reports.forms.outlines import OutlineSetup
from reports.models import Outline
from reports.views.sheets import saved


@role_required(Role.MANAGER)
@require_safe
def index(request):
    outlines = Outline.objects.prefetch_related("sections")
    return render(request, "reports/outline_list.html", {"outlines": outlines})


@role_required(Role.MANAGER)
def new(request):
    return set_up(request, None, _("Set up an outline"))


@role_required(Role.MANAGER)
def edit(request, pk):
    return set_up(request, get_object_or_404(Outline, pk=pk), _("Change the outline"))


def set_up(request, instance, title):
    setup = OutlineSetup(request.POST or None, instance=instance)
    if saved(request, setup, _("Saved.")):
        return redirect("reports:outlines")
    return render(request, "reports/outline_form.html", {"setup": setup, "title": title})

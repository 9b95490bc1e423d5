"""Pages of how many hours a full-time year counts for the funders."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.conflicts import refuse
from best_portal.lists import list_file
from consultations.forms.working_year import ProductiveHoursForm
from consultations.models import ProductiveHours
from consultations.project_listing import PRODUCTIVE_HOURS


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request):
    """The rules of all times, and a form for the next one."""
    return page(request, ProductiveHours())


@list_file(
    gettext_lazy("productive-hours"),
    PRODUCTIVE_HOURS,
    page="consultations:productive_hours",
    roles=(Role.MANAGER,),
)
def export(request):
    return ProductiveHours.objects.visible_to(request.user).newest_first()


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Correct a rule; what is counted by it is counted anew."""
    return page(request, get_object_or_404(ProductiveHours.objects.visible_to(request.user), pk=pk))


def page(request, row):
    form = request.draft.fill(ProductiveHoursForm(request.POST or None, instance=row))
    if form.is_valid():
        try:
            form.keep(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect("consultations:productive_hours")
    context = {"form": form, "row": row}
    if row.pk is None:
        context["rules"] = ProductiveHours.objects.visible_to(request.user).newest_first()
    return render(request, "consultations/productive_hours.html", context)

"""Pages of absences: who is away when, and which appointments must be moved because of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.lists import list_file
from best_portal.refusals import tell
from consultations.forms.office_hours import AbsenceForm, StandInForm
from consultations.models import Absence
from consultations.plan_listing import ABSENCES
from consultations.tasks import serve_waiting_list

STAFF = (Role.ADVISOR, Role.MANAGER)


def visible(request, pk):
    return get_object_or_404(Absence.objects.visible_to(request.user).for_list(), pk=pk)


@role_required(*STAFF)
def absences(request):
    """List those to come, and note another one."""
    form = request.draft.fill(AbsenceForm(request.POST or None, by=request.user))
    if form.is_valid():
        try:
            absence = Absence.objects.note(by=request.user, **form.answers())
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The absence is noted. Nothing is offered in this time."))
            return redirect("consultations:absence", absence.pk)
    rows = Absence.objects.visible_to(request.user).not_over().for_list()
    return render(request, "consultations/absence_list.html", {"form": form, "rows": rows})


@list_file(gettext_lazy("absences"), ABSENCES, page="consultations:absences", roles=STAFF)
def export(request):
    return Absence.objects.visible_to(request.user).not_over().for_list()


@role_required(*STAFF)
@require_safe
def absence(request, pk):
    row = visible(request, pk)
    context = {"absence": row, "appointments": row.appointments()}
    return render(request, "consultations/absence_detail.html", context)


@role_required(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def absence_stand_in(request, pk):
    """Choose who does the work meanwhile."""
    row = visible(request, pk)
    form = request.draft.fill(StandInForm(request.POST or None, absence=row, by=request.user))
    if form.is_valid():
        try:
            row.let_stand_in(form.cleaned_data["substitute"], by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("consultations:absence", row.pk)
    return render(request, "consultations/absence_stand_in.html", {"form": form, "absence": row})


@role_required(*STAFF)
@require_POST
def absence_withdraw(request, pk):
    visible(request, pk).withdraw(by=request.user)
    serve_waiting_list.delay_on_commit()
    messages.success(request, _("The absence is withdrawn. Its times are offered again."))
    return redirect("consultations:absences")

"""The manager's desk, the task list of a grant, and what leaves for the evaluator."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from consultations.models import Project
from reports import evaluation
from reports.forms.indicators import IndicatorForm, SetForm
from reports.models import Grant, Indicator
from reports.setting_up import tasks
from reports.steering import desks, hours_by_project, quality


@role_required(Role.MANAGER)
@require_safe
def steering(request):
    today = timezone.localdate()
    context = {
        "desks": desks(request.user, today),
        "hours": hours_by_project(request.user, today),
        "quality": quality(request.user),
        "today": today,
    }
    return render(request, "reports/steering.html", context)


@role_required(Role.MANAGER)
@require_safe
def set_up(request, ref):
    grant = get_object_or_404(Grant.objects.visible_to(request.user).for_list(), ref=ref)
    found = tasks(grant)
    context = {
        "grant": grant,
        "tasks": found,
        "sets": SetForm(),
        "done": sum(each.is_done for each in found),
        "is_ready": all(each.is_done or each.is_optional for each in found),
    }
    return render(request, "reports/grant_setup.html", context)


@role_required(Role.MANAGER)
def indicator_new(request):
    initial = {"starts_on": timezone.localdate()}
    form = request.draft.fill(IndicatorForm(request.POST or None, initial=initial))
    if form.is_valid():
        try:
            Indicator.objects.introduce(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("reports:indicators")
    return render(request, "reports/indicator_form.html", {"form": form})


@role_required(Role.MANAGER)
@require_POST
def indicator_remove(request, pk):
    """Remove an indicator no grant has; the version before it counts on."""
    indicator = get_object_or_404(Indicator.objects.unused(), pk=pk)
    try:
        Indicator.objects.remove(indicator, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The indicator is removed."))
    return redirect("reports:indicators")


@role_required(Role.MANAGER, Role.EVALUATOR)
@require_POST
def evaluation_export(request, key):
    """Everything of a project for its evaluator; that it left is kept in the log."""
    project = get_object_or_404(Project.objects.visible_to(request.user), key=key)
    evaluation.note(project, by=request.user)
    return StreamingHttpResponse(
        evaluation.packed(project),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{project.key}-auswertung.zip"',
            "Cache-Control": "private, no-store",
        },
    )

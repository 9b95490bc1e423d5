"""The manager's desk, the task list of a grant, and what leaves for the evaluator."""

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from consultations.models import Project
from reports import evaluation
from reports.forms.indicators import SetForm
from reports.models import Grant
from reports.setting_up import tasks
from reports.steering import quality, steered


@role_required(Role.MANAGER)
@require_safe
def steering(request):
    today = timezone.localdate()
    checked, unchecked = quality(request.user)
    context = {
        "steering": steered(request.user, today),
        "quality": checked,
        "unchecked": unchecked,
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

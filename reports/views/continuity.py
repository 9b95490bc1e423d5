"""Verstetigung: what must go on after the money, by project, and the rule that warns in time."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.conflicts import refuse
from best_portal.lists import list_file
from best_portal.refusals import tell
from consultations.models import Project
from reports.forms.continuity import ContinuityRuleForm, StepForm, TaskForm
from reports.models import ContinuityRule, CoordinatingTask, TransferStep

TASKS = [
    (gettext_lazy("Project"), "project.name"),
    (gettext_lazy("Task"), "title"),
    (gettext_lazy("Owner now"), "owner.name"),
    (gettext_lazy("Owner afterwards"), "afterwards"),
    (gettext_lazy("Agreed on"), "agreed_on"),
    (gettext_lazy("End of the money"), "money_ends_on"),
    (gettext_lazy("Next step by"), "next_step_on"),
]
RULES = [
    (gettext_lazy("From"), "starts_on"),
    (gettext_lazy("Days before the end"), "days_before"),
    (gettext_lazy("Where this is written"), "note"),
    (gettext_lazy("Set by"), "set_by.name"),
]
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


def project_of(request, key):
    return get_object_or_404(Project.objects.visible_to(request.user), key=key)


def kept_project(request, key):
    return get_object_or_404(Project.objects.loggable_by(request.user), key=key)


@role_required(*STAFF_ROLES)
@require_safe
def index(request, key):
    """The tasks of a project, their owners now and afterwards, and the steps there."""
    project = project_of(request, key)
    tasks = CoordinatingTask.objects.visible_to(request.user).filter(project=project)
    context = {
        "project": project,
        "tasks": tasks.for_list(),
        "alarming": set(tasks.alarming().values_list("pk", flat=True)),
        "may_edit": project.is_kept_by(request.user),
        "days": ContinuityRule.objects.days(),
    }
    return render(request, "reports/continuity.html", context)


@list_file(gettext_lazy("continuity"), TASKS, page="reports:continuity", roles=STAFF_ROLES)
def export(request, key):
    tasks = CoordinatingTask.objects.visible_to(request.user)
    return tasks.filter(project=project_of(request, key)).for_list()


@role_required(*STAFF_ROLES)
@reads_and_writes
def new(request, key):
    project = kept_project(request, key)
    form = TaskForm(request.POST or None, by=request.user, project=project)
    return kept(request, form, project, _("New coordinating task"))


@role_required(*STAFF_ROLES)
@reads_and_writes
def edit(request, key, pk):
    project = kept_project(request, key)
    task = get_object_or_404(CoordinatingTask, pk=pk, project=project)
    form = TaskForm(request.POST or None, by=request.user, project=project, instance=task)
    return kept(request, form, project, _("Change the task"))


@role_required(*STAFF_ROLES)
@reads_and_writes
def step_new(request, key, pk):
    project = kept_project(request, key)
    task = get_object_or_404(CoordinatingTask, pk=pk, project=project)
    form = StepForm(request.POST or None, task=task)
    return kept(request, form, project, _("New step"), task)


@role_required(*STAFF_ROLES)
@require_POST
def step_done(request, key, pk):
    project = kept_project(request, key)
    step = get_object_or_404(TransferStep, pk=pk, task__project=project)
    try:
        step.finish(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Done."))
    return redirect("reports:continuity", project.key)


def kept(request, form, project, title, task=None):
    """Answer with the form until it is saved, then with the tasks of the project."""
    request.draft.fill(form)
    if form.is_valid():
        try:
            form.keep(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect("reports:continuity", project.key)
    context = {"form": form, "project": project, "title": title, "task": task}
    return render(request, "reports/continuity_form.html", context)


@role_required(Role.MANAGER)
@reads_and_writes
def rules(request):
    """How long before the end of the money the management is warned."""
    form = request.draft.fill(ContinuityRuleForm(request.POST or None))
    if form.is_valid():
        try:
            form.set_rule(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The rule is saved."))
            return redirect("reports:continuity_rules")
    context = {"form": form, "rules": ContinuityRule.objects.newest_first()}
    return render(request, "reports/continuity_rules.html", context)


@list_file(
    gettext_lazy("rules-of-continuity"),
    RULES,
    page="reports:continuity_rules",
    roles=[Role.MANAGER],
)
def rules_export(request):
    return ContinuityRule.objects.newest_first()

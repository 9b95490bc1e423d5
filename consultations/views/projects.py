"""Pages of projects: what the agency is paid to do, and the pseudonymous data for evaluators."""

from importlib import import_module

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.audit.models import Event
from best_portal.conflicts import refuse
from best_portal.export import csv_response
from best_portal.lists import list_file
from consultations.forms.project import ProjectSetup
from consultations.models import Consultation, Project
from consultations.project_listing import PROJECTS
from consultations.pseudonyms import HEADINGS, lines

READERS = (*STAFF_ROLES, Role.EVALUATOR)


@role_required(*READERS)
@require_safe
def index(request):
    projects = Project.objects.visible_to(request.user).for_directory().with_totals()
    return render(request, "consultations/project_list.html", {"projects": projects})


@list_file(gettext_lazy("projects"), PROJECTS, page="consultations:projects", roles=READERS)
def export(request):
    return Project.objects.visible_to(request.user).for_directory().with_totals()


@role_required(*READERS)
@require_safe
def detail(request, key):
    projects = Project.objects.visible_to(request.user).with_totals()
    project = get_object_or_404(projects, key=key)
    consultations = Consultation.objects.visible_to(request.user).of(project)
    context = {
        "project": project,
        "tasks": project.tasks.with_totals().order_by("number"),
        "districts": project.districts.for_directory(),
        "forums": project.forums.order_by("sort_name", "pk"),
        "agreements": project.agreements.order_by("sort_name", "pk"),
        "by_kind": consultations.totals_by_kind(),
        "rows_url": f"{reverse('consultations:list')}?project={project.pk}",
        "is_staff": request.user.is_staff_member,
        "may_edit": request.user.role == Role.MANAGER,
        "asks_participants": project.asks_participants and project.is_kept_by(request.user),
        "may_log": project.is_kept_by(request.user),
        "parts": parts_of(project, request.user),
    }
    return render(request, "consultations/project_detail.html", context)


def parts_of(project, user):
    """(template, context) of what apps above add for this reader."""
    modules = [import_module(path) for path in settings.PROJECT_PAGE]
    told = [(name, context(project, user)) for each in modules for name, context in each.PARTS]
    return [(name, given) for name, given in told if given is not None]


@role_required(Role.MANAGER)
def new(request):
    return set_up(request, None, _("Set up a project"))


@role_required(Role.MANAGER)
def edit(request, key):
    project = get_object_or_404(Project.objects.editable_by(request.user), key=key)
    return set_up(request, project, _("Change the project"))


def set_up(request, project, title):
    setup = ProjectSetup(request.POST or None, project=project)
    request.draft.fill(setup.form, setup.tasks)
    if request.method == "POST" and setup.is_valid():
        try:
            project = setup.save(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, setup.form, setup.tasks)
        else:
            messages.success(request, _("The project is saved."))
            return redirect(project)
    context = {"setup": setup, "title": title, "project": project}
    return render(request, "consultations/project_form.html", context)


@role_required(Role.EVALUATOR, Role.MANAGER)
@require_GET
def pseudonymous(request, key):
    """What an evaluator may work with: no names, no notes, no results."""
    project = get_object_or_404(Project.objects.visible_to(request.user), key=key)
    rows = Consultation.objects.visible_to(request.user).of(project).for_evaluation()
    Event.objects.record(actor=request.user, verb="project.exported", subject=project)
    return csv_response(f"{project.key}-pseudonym", HEADINGS, lines(project, rows))

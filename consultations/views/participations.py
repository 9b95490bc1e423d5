"""Pages of participants: a project's list, one participation, and its questionnaires."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.audit.models import Event
from best_portal.conflicts import refuse
from best_portal.lists import list_file
from consultations.filters import ParticipantFilter
from consultations.forms.participation import FORMS, AdmitForm, ReturnForm
from consultations.known import row_of
from consultations.models import Answer, Attendance, Participation, Phase, Project
from consultations.models.questions import NO_STATEMENT
from consultations.participants import (
    SLUGS,
    Places,
    Questionnaire,
    line_of,
    lines_of,
    sheets_of,
)
from consultations.project_listing import PARTICIPANTS
from enterprises.models import Person

PAGE = 50
PEOPLE = (*STAFF_ROLES, Role.FOUNDER)
PHASES = {slug: phase for phase, slug in SLUGS.items()}


def project_or_404(request, key):
    return get_object_or_404(Project.objects.with_participants(request.user), key=key)


def lines_for(request, project):
    """The project's participants that fit the question in the address, and that question."""
    filters = ParticipantFilter(request.GET)
    rows = Participation.objects.visible_to(request.user).of(project)
    return filters, filters.pick(lines_of(rows, timezone.localdate()))


@role_required(*STAFF_ROLES)
@require_safe
def index(request, key):
    """Who takes part and what is missing, and whose questionnaire is needed next."""
    project = project_or_404(request, key)
    filters, lines = lines_for(request, project)
    paginator = Paginator(lines, PAGE)
    context = {
        "project": project,
        "filters": filters,
        "number": len({line.participation.person_id for line in lines}),
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "to_ask": Attendance.objects.in_project(project).to_be_asked(request.user),
    }
    return render(request, "consultations/participation_list.html", context)


@list_file(
    gettext_lazy("participants"),
    PARTICIPANTS,
    page="consultations:participations",
    roles=STAFF_ROLES,
    subject=project_or_404,
)
def export(request, key):
    """The list as a file, filtered as it is on the page; no answer stands in it."""
    _filters, lines = lines_for(request, project_or_404(request, key))
    return lines


@role_required(*STAFF_ROLES)
@require_safe
def blank(request, key, phase):
    """The questionnaire of a phase on paper, for whoever fills it in by hand."""
    project = project_or_404(request, key)
    if phase not in PHASES:
        raise Http404
    questions = [
        each for each in Questionnaire().on(timezone.localdate()) if each.phase == PHASES[phase]
    ]
    context = {"project": project, "phase": PHASES[phase], "questions": questions}
    context["no_statement"] = NO_STATEMENT
    return render(request, "consultations/questionnaire.html", context)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, key):
    """Admit somebody; the entry questionnaire comes next."""
    project = project_or_404(request, key)
    person = row_of(Person.objects.visible_to(request.user), request.GET.get("person"))
    asked = Attendance.objects.in_project(project).first_day_of(person)
    initial = {"person": person} | ({"entered_on": asked} if asked else {})
    form = AdmitForm(request.POST or None, project=project, by=request.user, initial=initial)
    request.draft.fill(form)
    if form.is_valid():
        try:
            participation = form.admit()
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Admitted. Now ask the entry questions."))
            return redirect("consultations:answers", participation.pk, "eintritt")
    return render(
        request, "consultations/participation_new.html", {"form": form, "project": project}
    )


@role_required(*PEOPLE)
@require_safe
def detail(request, pk):
    """Dates, consents and what is open of one participation; the answers stand in its forms."""
    rows = (
        Participation.objects.visible_to(request.user).for_list().with_answers(Answer.objects.all())
    )
    participation = get_object_or_404(rows, pk=pk)
    questionnaire = Questionnaire()
    others = participation.others.visible_to(request.user).order_by("entered_on")
    context = {
        "participation": participation,
        "line": line_of(
            participation, questionnaire, timezone.localdate(), Places([participation])
        ),
        "others": others,
        "is_newest": all(each.entered_on < participation.entered_on for each in others),
        "phases": list(sheets_of(participation, questionnaire, request.user)),
        "consents": [each for each in participation.answers.all() if each.is_special],
        "is_staff": request.user.is_staff_member,
    }
    return render(request, "consultations/participation_detail.html", context)


@role_required(*PEOPLE)
@require_http_methods(["GET", "POST"])
def answers(request, pk, phase):
    """The questionnaire of a phase; founders fill in their own entry. Every look is recorded."""
    own = request.user.role == Role.FOUNDER
    if phase not in PHASES or (own and phase != "eintritt"):
        raise Http404
    participation = get_object_or_404(
        Participation.objects.visible_to(request.user).for_list(), pk=pk
    )
    form = form_for(request, participation, PHASES[phase], own)
    if form is None:
        messages.info(request, _("First record the last day of taking part."))
        return redirect("consultations:answers", pk, "austritt")
    if not own:
        Event.objects.record(
            actor=request.user, verb="answers.read", subject=participation, phase=PHASES[phase]
        )
    if form.is_valid() and kept(form):
        messages.success(request, _("Saved."))
        return redirect(participation)
    context = {"form": form, "participation": participation, "phase": PHASES[phase], "own": own}
    return render(request, "consultations/participation_answers.html", context)


def form_for(request, participation, phase, own):
    """The form of a phase; None for the last one before somebody has left."""
    questionnaire = Questionnaire()
    if phase == Phase.LATER and participation.left_on is None:
        return None
    if phase == Phase.EXIT and participation.left_on is None:
        questions = [each for each in questionnaire.on(timezone.localdate()) if each.phase == phase]
    else:
        questions = questionnaire.of(participation, phase)
    form = FORMS[phase](
        request.POST or None,
        participation=participation,
        questions=questions,
        by=request.user,
        own=own,
    )
    return request.draft.fill(form)


def kept(form):
    try:
        form.keep()
    except ValidationError as refusal:
        refuse(refusal, form)
        return False
    return True


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request, pk):
    """Record that somebody who had left is back: another stay begins."""
    rows = Participation.objects.kept_by(request.user).for_list()
    participation = get_object_or_404(rows, pk=pk)
    form = request.draft.fill(ReturnForm(request.POST or None))
    if form.is_valid():
        try:
            again = participation.come_back(form.cleaned_data["returned_on"], by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The return is recorded."))
            return redirect(again)
    context = {"form": form, "participation": participation}
    return render(request, "consultations/participation_return.html", context)


@role_required(*PEOPLE)
@require_POST
def withdraw_consent(request, pk, answer_pk):
    """Empty one specially protected answer; that there was one, and until when, stays."""
    participation = get_object_or_404(Participation.objects.visible_to(request.user), pk=pk)
    answer = get_object_or_404(participation.answers.select_related("question"), pk=answer_pk)
    try:
        answer.withdraw_consent(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The consent is withdrawn and the answer deleted."))
    return redirect(participation)

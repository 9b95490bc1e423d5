"""Pages of support cases: opening and closing one, whom it supports, who is responsible."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file
from best_portal.refusals import tell
from consultations.forms.cases import CaseForm, CloseForm, HandOverForm, ReopenForm, TargetForm
from consultations.models import SupportCase
from consultations.project_listing import CASES
from enterprises.models import Organisation

PAGE = 50


@role_required(*STAFF_ROLES)
@require_safe
def without_target(request):
    """Cases from before the question was asked; whoever may change them settles it here."""
    cases = SupportCase.objects.editable_by(request.user).without_target().for_list()
    page = Paginator(cases, PAGE).get_page(request.GET.get("page"))
    return render(request, "consultations/supportcase_without_target.html", {"page": page})


@list_file(
    gettext_lazy("cases-without-target"),
    CASES,
    page="consultations:cases_without_target",
    roles=STAFF_ROLES,
)
def without_target_export(request):
    return SupportCase.objects.editable_by(request.user).without_target().for_list()


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, pk):
    """Open a case for the organisation with this key."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    form = CaseForm(request.POST or None, organisation=organisation, by=request.user)
    request.draft.fill(form)
    if form.is_valid():
        try:
            form.open()
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The case is open."))
            return redirect(organisation)
    context = {"form": form, "organisation": organisation}
    return render(request, "consultations/supportcase_new.html", context)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def target(request, pk):
    """Settle or correct whom the case supports."""
    editable = SupportCase.objects.editable_by(request.user).for_list()
    case = get_object_or_404(editable, pk=pk)
    form = request.draft.fill(TargetForm(request.POST or None, case=case))
    if form.is_valid():
        try:
            case.aim_at(form.cleaned_data["support_target"], by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(case.organisation)
    return render(request, "consultations/supportcase_target.html", {"form": form, "case": case})


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request, pk):
    """Close the case with its outcome."""
    case = get_object_or_404(SupportCase.objects.editable_by(request.user).for_list(), pk=pk)
    form = request.draft.fill(CloseForm(request.POST or None, case=case))
    if form.is_valid():
        try:
            form.close(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The case is closed."))
            return redirect(case.organisation)
    return render(request, "consultations/supportcase_close.html", {"form": form, "case": case})


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request, pk):
    """Take back that the case was closed."""
    case = get_object_or_404(SupportCase.objects.editable_by(request.user).for_list(), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = request.draft.fill(ReopenForm(posted, case=case))
    if form.is_valid():
        try:
            form.reopen(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The case is open again."))
            return redirect(case.organisation)
    return render(request, "consultations/supportcase_reopen.html", {"form": form, "case": case})


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request, pk):
    """Make a colleague responsible for the case."""
    editable = SupportCase.objects.editable_by(request.user).for_list()
    case = get_object_or_404(editable, pk=pk)
    form = request.draft.fill(HandOverForm(request.POST or None, case=case, by=request.user))
    if form.is_valid():
        try:
            handover = case.hand_over(**form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            told = _("%(name)s is responsible for the case now.")
            messages.success(request, told % {"name": case.advisor})
            moved = form.cleaned_data.get("with_appointments")
            return redirect(handover if moved else case.organisation)
    dossiers = case.dossiers.visible_to(request.user).for_list()
    context = {"form": form, "case": case, "dossiers": dossiers}
    return render(request, "consultations/supportcase_hand_over.html", context)

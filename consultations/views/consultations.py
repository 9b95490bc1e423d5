"""Pages of consultations: the log form, the list, one consultation and what is done to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from consultations.export import csv_response, xlsx_response
from consultations.filters import ConsultationFilter
from consultations.forms.amend import AmendForm
from consultations.forms.log import LogForm
from consultations.known import known_for, known_from
from consultations.listing import HEADINGS, line_of
from consultations.models import Consultation

PAGE = 50


@role_required(*STAFF_ROLES)
def log(request):
    """The log form; what was sent twice is logged once."""
    if request.method != "POST":
        form = LogForm(by=request.user, initial=known_for(request.user, request.GET))
        return render(request, "consultations/consultation_log.html", {"form": form})
    form = LogForm(request.POST, by=request.user)
    consultation = form.logged_before()
    if consultation is None and form.is_valid():
        try:
            consultation = form.log()
        except ValidationError as refusal:
            form.add_error(None, refusal)
    if consultation is None:
        return render(request, "consultations/consultation_log.html", {"form": form})
    messages.success(request, said("_logged", consultation))
    if "again" in request.POST:
        return redirect(f"{reverse('consultations:log')}?like={consultation.pk}")
    return redirect("consultations:list")


def said(template, consultation):
    """A message with links in it."""
    return render_to_string(f"consultations/{template}.html", {"consultation": consultation})


@role_required(*STAFF_ROLES)
@require_safe
def log_known(request):
    """The parts of the log form that follow from the organisation just chosen."""
    form = LogForm(by=request.user, initial=known_from(request.user, request.GET))
    return render(request, "consultations/_log_known.html", {"form": form})


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """The list, its filters in the address and its totals above it."""
    filters = ConsultationFilter(request.GET, user=request.user)
    totals = filters.rows.totals()
    paginator = Paginator(filters.rows.for_list(), PAGE)
    paginator.count = totals["count"]  # counted together with the minutes
    context = {
        "filters": filters,
        "totals": totals,
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "endings": [("CSV", "csv"), ("Excel", "xlsx")],
    }
    return render(request, "consultations/consultation_list.html", context)


@role_required(*STAFF_ROLES)
@require_safe
def export(request, ending):
    """The list as a file, filtered as it is on the page."""
    if ending not in ("csv", "xlsx"):
        raise Http404
    filters = ConsultationFilter(request.GET, user=request.user)
    if not filters.is_valid():
        return redirect(f"{reverse('consultations:list')}?{request.GET.urlencode()}")
    answer = csv_response if ending == "csv" else xlsx_response
    rows = (line_of(row) for row in filters.rows.for_export().iterator(chunk_size=1000))
    return answer(_("consultations"), HEADINGS, rows)


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    visible = Consultation.objects.visible_to(request.user).with_note_for(request.user)
    consultation = get_object_or_404(visible.for_page(), pk=pk)
    return render(request, "consultations/consultation_detail.html", page_of(request, consultation))


def page_of(request, consultation, note=None):
    """What the page shows; a manager opens another team's note with a click that is noted."""
    is_own = consultation.is_own_of(request.user)
    return {
        "consultation": consultation,
        "may_edit": is_own or Consultation.objects.editable_by(request.user).contains(consultation),
        "is_sealed": bool(consultation.note) and not is_own and note is None,
        "note": consultation.note if is_own else note,
    }


@role_required(*STAFF_ROLES)
@require_POST
def note(request, pk):
    """Open the note of another team; who did so, and when, is kept in the log."""
    visible = Consultation.objects.visible_to(request.user).with_note_for(request.user)
    consultation = get_object_or_404(visible.for_page(), pk=pk)
    try:
        note = consultation.read_note(by=request.user)
    except ValidationError as refusal:
        raise PermissionDenied from refusal
    context = page_of(request, consultation, note=note)
    return render(request, "consultations/consultation_detail.html", context)


def editable_or_refused(user, pk):
    """A consultation to change: 404 where it may not be seen, 403 where only seen."""
    consultation = get_object_or_404(Consultation.objects.visible_to(user), pk=pk)
    if not Consultation.objects.editable_by(user).contains(consultation):
        raise PermissionDenied
    return consultation


# No HEAD: a manager's look at a note is kept, and HEAD shows none.
@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "POST"])
def edit(request, pk):
    """Change a consultation; where someone else was faster, both versions are shown."""
    consultation = editable_or_refused(request.user, pk)
    if request.method != "POST":
        consultation.read_note(by=request.user)
        form = AmendForm(
            by=request.user, consultation=consultation, initial=AmendForm.values_of(consultation)
        )
    else:
        form = AmendForm(request.POST, by=request.user, consultation=consultation)
    if form.is_valid():
        try:
            form.amend()
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The consultation is saved."))
            return redirect(consultation)
    context = {"form": form, "consultation": consultation}
    return render(request, "consultations/consultation_edit.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def withdraw(request, pk):
    consultation = editable_or_refused(request.user, pk)
    try:
        consultation.withdraw(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said("_withdrawn", consultation))
    return redirect("consultations:list")


@role_required(*STAFF_ROLES)
@require_POST
def restore(request, pk):
    consultation = get_object_or_404(Consultation.objects.restorable_by(request.user), pk=pk)
    try:
        consultation.restore(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
        return redirect("consultations:list")
    messages.success(request, _("The consultation is back."))
    return redirect(consultation)

"""Pages of consultations: the list, one consultation and what is done to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from consultations.filters import ConsultationFilter
from consultations.forms.amend import AmendForm
from consultations.listing import CONSULTATIONS
from consultations.models import Consultation
from consultations.views.log import said

PAGE = 50


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
    }
    return render(request, "consultations/consultation_list.html", context)


@list_file(
    gettext_lazy("consultations"), CONSULTATIONS, page="consultations:list", roles=STAFF_ROLES
)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(ConsultationFilter(request.GET, user=request.user)).rows.for_export()


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    visible = Consultation.objects.visible_to(request.user).with_note_for(request.user)
    consultation = get_object_or_404(visible.for_page(), pk=pk)
    return render(request, "consultations/consultation_detail.html", page_of(request, consultation))


def page_of(request, consultation, note=None):
    """What the page shows; a manager opens another team's note with a click that is noted."""
    is_readable = consultation.is_readable_by(request.user)
    return {
        "consultation": consultation,
        "may_edit": Consultation.objects.editable_by(request.user).contains(consultation),
        "is_sealed": bool(consultation.note) and not is_readable and note is None,
        "note": consultation.note if is_readable else note,
        "citations": consultation.citations.select_related("finding__session"),
        "promises": consultation.promises.visible_to(request.user).for_list().soonest_first(),
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
    request.draft.fill(form)
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
        messages.error(request, refusal.messages[0])
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
        messages.error(request, refusal.messages[0])
        return redirect("consultations:list")
    messages.success(request, _("The consultation is back."))
    return redirect(consultation)

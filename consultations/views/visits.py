"""Pages of visits: the form for the street, the list, one visit and what is done to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from consultations.filters import VisitFilter
from consultations.forms.visits import (
    AmendVisitForm,
    FileForm,
    JoinForm,
    LiftForm,
    VisitForm,
)
from consultations.listing import VISITS
from consultations.models import Arrival, Visit

PAGE = 50
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """The list, newest first, its filters in the address."""
    filters = VisitFilter(request.GET, user=request.user)
    paginator = Paginator(filters.rows.for_list(), PAGE)
    context = {
        "filters": filters,
        "number": paginator.count,
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
    }
    return render(request, "consultations/visit_list.html", context)


@list_file(gettext_lazy("visits"), VISITS, page="consultations:visits", roles=STAFF_ROLES)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(VisitFilter(request.GET, user=request.user)).rows.for_list()


@role_required(*STAFF_ROLES)
@reads_and_writes
def new(request):
    """The form for the street; what is sent twice is stored once."""
    form = request.draft.fill(VisitForm(request.POST or None, by=request.user))
    if form.is_valid():
        try:
            arrival, visit = form.receive()
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if arrival != Arrival.CONFLICT:
                messages.success(request, _("Stored: %(visit)s.") % {"visit": visit})
                return redirect("consultations:visits")
            form.add_error(None, _("This visit is stored, and somebody has changed it since."))
    return render(request, "consultations/visit_new.html", {"form": form})


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    return render(request, "consultations/visit_detail.html", page_of(request, pk))


def page_of(request, pk, note=None):
    """What the page shows; a manager opens another team's note with a click that is noted."""
    visits = Visit.objects.visible_to(request.user).with_note_for(request.user)
    visit = get_object_or_404(visits.for_page(), pk=pk)
    is_readable = visit.is_readable_by(request.user)
    return {
        "visit": visit,
        "may_edit": Visit.objects.editable_by(request.user).contains(visit),
        "is_sealed": bool(visit.readable_note) and not is_readable and note is None,
        "note": visit.readable_note if is_readable else note,
    }


@role_required(*STAFF_ROLES)
@require_POST
def note(request, pk):
    """Open the note of another team; who did so, and when, is kept in the log."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user), pk=pk)
    try:
        note = visit.read_note(by=request.user)
    except ValidationError as refusal:
        raise PermissionDenied from refusal
    return render(request, "consultations/visit_detail.html", page_of(request, pk, note=note))


def editable_or_refused(user, pk):
    """A visit to change: 404 where it may not be seen, 403 where only seen."""
    visit = get_object_or_404(Visit.objects.visible_to(user).for_page().defer(None), pk=pk)
    if not Visit.objects.editable_by(user).contains(visit):
        raise PermissionDenied
    return visit


# No HEAD: a manager's look at a note is kept, and HEAD shows none.
@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "POST"])
def edit(request, pk):
    """Change a visit; where someone else was faster, both versions are shown."""
    visit = editable_or_refused(request.user, pk)
    if request.method == "GET":
        visit.read_note(by=request.user)
    form = AmendVisitForm(request.POST or None, by=request.user, visit=visit)
    request.draft.fill(form)
    if form.is_valid():
        try:
            form.amend()
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The visit is saved."))
            return redirect(visit)
    return render(request, "consultations/visit_edit.html", {"form": form, "visit": visit})


@role_required(*STAFF_ROLES)
@reads_and_writes
def file(request, pk):
    """Take who was visited into a file: one that exists, or a new one."""
    visit = editable_or_refused(request.user, pk)
    if visit.organisation:
        return redirect(visit.organisation)
    form = request.draft.fill(FileForm(request.POST or None, by=request.user, visit=visit))
    if form.is_valid():
        try:
            form.settle()
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The visit is in the file now."))
            return redirect(visit.organisation)
    return render(request, "consultations/visit_file.html", {"form": form, "visit": visit})


@role_required(*STAFF_ROLES)
@reads_and_writes
def join(request, pk):
    """Let a first contact become a member of a network."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user).for_page(), pk=pk)
    if not visit.organisation:
        return redirect("consultations:visit_file", pk)
    initial = {"network": request.GET.get("network"), "since": timezone.localdate()}
    form = JoinForm(request.POST or None, by=request.user, initial=initial)
    request.draft.fill(form)
    if form.is_valid():
        given = form.cleaned_data
        try:
            visit.join(given["network"], since=given["since"], by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("A member of the network now."))
            return redirect(given["network"])
    return render(request, "consultations/visit_join.html", {"form": form, "visit": visit})


@role_required(*STAFF_ROLES)
@reads_and_writes
def lift(request, pk):
    """Allow further contact again, with the reason."""
    visit = editable_or_refused(request.user, pk)
    form = request.draft.fill(LiftForm(request.POST or None))
    if form.is_valid():
        try:
            visit.lift_bar(by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Contact is allowed again."))
            return redirect(visit)
    return render(request, "consultations/visit_lift.html", {"form": form, "visit": visit})


@role_required(*STAFF_ROLES)
@require_POST
def withdraw(request, pk):
    visit = editable_or_refused(request.user, pk)
    try:
        visit.withdraw(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(
            request, render_to_string("consultations/_visit_withdrawn.html", {"visit": visit})
        )
    return redirect("consultations:visits")


@role_required(*STAFF_ROLES)
@require_POST
def restore(request, pk):
    visit = get_object_or_404(Visit.objects.restorable_by(request.user), pk=pk)
    try:
        visit.restore(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("consultations:visits")
    messages.success(request, _("The visit is back."))
    return redirect(visit)

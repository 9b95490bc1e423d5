"""Events: programme, documentation and findings of a group session, and citing the findings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.conflicts import refuse
from best_portal.lists import list_file, understood
from best_portal.refusals import tell
from consultations.forms.events import (
    CiteForm,
    FindingFilter,
    FindingForm,
    ItemForm,
    ProceedingsForm,
)
from consultations.models import Citation, Consultation, GroupSession, Proceedings

PAGE = 50
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])
ITEMS = [
    (gettext_lazy("From"), "starts_at"),
    (gettext_lazy("Until"), "ends_at"),
    (gettext_lazy("Title"), "title"),
    (gettext_lazy("Speakers"), "speakers"),
    (gettext_lazy("Room"), "room"),
]
FINDINGS = [
    (gettext_lazy("Event"), "session.title"),
    (gettext_lazy("Position"), "position"),
    (gettext_lazy("Finding"), "text"),
    (gettext_lazy("Topics"), lambda row: ", ".join(str(topic) for topic in row.topics.all())),
    (gettext_lazy("Cited"), "cited"),
]


def editable(request, pk):
    return get_object_or_404(GroupSession.objects.editable_by(request.user).for_list(), pk=pk)


@role_required(*STAFF_ROLES)
@require_safe
def programme(request, pk):
    """All that makes an event of it: programme, documentation, findings."""
    sessions = GroupSession.objects.visible_to(request.user)
    session = get_object_or_404(sessions.for_list(), pk=pk)
    context = {
        "session": session,
        "may_edit": sessions.editable_by(request.user).contains(session),
        "items": session.programme.all(),
        "proceedings": Proceedings.objects.filter(session=session).first(),
        "findings": session.findings.for_list(),
    }
    return render(request, "consultations/event_manage.html", context)


@list_file(gettext_lazy("programme"), ITEMS, page="consultations:event", roles=STAFF_ROLES)
def programme_export(request, pk):
    sessions = GroupSession.objects.visible_to(request.user)
    return get_object_or_404(sessions, pk=pk).programme.all()


def kept(request, form, session, title):
    """Answer with the form until it is saved, then with the event."""
    request.draft.fill(form)
    if form.is_valid():
        try:
            form.keep(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect("consultations:event", session.pk)
    context = {"form": form, "session": session, "title": title}
    return render(request, "consultations/event_form.html", context)


@role_required(*STAFF_ROLES)
@reads_and_writes
def item_new(request, pk):
    session = editable(request, pk)
    form = ItemForm(request.POST or None, session=session)
    return kept(request, form, session, _("New item of the programme"))


@role_required(*STAFF_ROLES)
@reads_and_writes
def item_edit(request, pk, item_pk):
    session = editable(request, pk)
    item = get_object_or_404(session.programme, pk=item_pk)
    form = ItemForm(request.POST or None, session=session, instance=item)
    return kept(request, form, session, _("Change the item"))


@role_required(*STAFF_ROLES)
@require_POST
def item_remove(request, pk, item_pk):
    session = editable(request, pk)
    get_object_or_404(session.programme, pk=item_pk).remove(by=request.user)
    messages.success(request, _("The item is removed."))
    return redirect("consultations:event", session.pk)


@role_required(*STAFF_ROLES)
@reads_and_writes
def proceedings(request, pk):
    session = editable(request, pk)
    there = Proceedings.objects.filter(session=session).first() or Proceedings(session=session)
    form = ProceedingsForm(request.POST or None, session=session, instance=there)
    return kept(request, form, session, _("Documentation"))


@role_required(*STAFF_ROLES)
@reads_and_writes
def finding_new(request, pk):
    session = editable(request, pk)
    form = FindingForm(request.POST or None, session=session)
    return kept(request, form, session, _("New finding"))


@role_required(*STAFF_ROLES)
@reads_and_writes
def finding_edit(request, pk, finding_pk):
    session = editable(request, pk)
    finding = get_object_or_404(session.findings, pk=finding_pk)
    form = FindingForm(request.POST or None, session=session, instance=finding)
    return kept(request, form, session, _("Change the finding"))


# --- findings of all events ---


@login_not_required
@require_safe
def findings(request):
    """What events came to, by topic: for everyone what was made public."""
    filters = FindingFilter(request.GET or None, user=request.user)
    pages = Paginator(filters.rows, PAGE)
    context = {
        "filters": filters,
        "number": pages.count,
        "page": pages.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
    }
    return render(request, "consultations/finding_list.html", context)


@list_file(gettext_lazy("findings"), FINDINGS, page="consultations:findings")
def findings_export(request):
    return understood(FindingFilter(request.GET, user=request.user)).rows


def citing(request, pk):
    """A consultation this person may change, and so cite in."""
    return get_object_or_404(Consultation.objects.editable_by(request.user), pk=pk)


@role_required(*STAFF_ROLES)
@reads_and_writes
def cite(request, pk):
    consultation = citing(request, pk)
    form = CiteForm(request.POST or None, by=request.user, consultation=consultation)
    request.draft.fill(form)
    if form.is_valid():
        try:
            form.cleaned_data["finding"].cite(consultation, by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The finding is cited."))
            return redirect(consultation)
    context = {"form": form, "consultation": consultation}
    return render(request, "consultations/citation_new.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def uncite(request, pk, citation_pk):
    consultation = citing(request, pk)
    citation = get_object_or_404(Citation, pk=citation_pk, consultation=consultation)
    citation.remove(by=request.user)
    messages.success(request, _("The finding is cited no more."))
    return redirect(consultation)

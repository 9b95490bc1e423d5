"""Pages of meetings: agenda, minutes and who was there, calling one off, and what was decided."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from enterprises.forms.forums import DecisionForm, MeetingForm, RecordForm
from enterprises.forms.local import ReasonForm
from enterprises.forum_filters import DecisionFilter
from enterprises.local_listing import DECISIONS
from enterprises.models import Decision, Forum, Meeting
from enterprises.views.forums import list_step
from enterprises.views.local import do, form_page

PAGE = 50


@login_not_required
@require_safe
def detail(request, pk):
    """One meeting, to read and to print; the public sees when, where and the agenda."""
    visible = Meeting.objects.visible_to(request.user).for_list()
    meeting = get_object_or_404(visible, pk=pk)
    is_inside = Forum.objects.inside_for(request.user).filter(pk=meeting.forum_id).exists()
    context = {
        "meeting": meeting,
        "forum": meeting.forum,
        "is_inside": is_inside,
        "is_staff": request.user.is_authenticated and request.user.is_staff_member,
        "shows_record": meeting.record and (is_inside or meeting.shows_record),
    }
    if is_inside:
        context["there"] = meeting.attendances.select_related(
            "member__person", "member__organisation"
        ).order_by("member__organisation__sort_name", "member__person__sort_name")
        rows = Decision.objects.visible_to(request.user).filter(meeting=meeting)
        context["decisions"] = rows.for_list().order_by("pk")
    return render(request, "enterprises/meeting_detail.html", context)


def steps_to(meeting):
    forum = meeting.forum
    return [list_step(), (forum.name, forum.get_absolute_url())]


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, pk):
    forum = get_object_or_404(Forum.objects.editable_by(request.user), pk=pk)
    meeting = Meeting(forum=forum)
    form = request.draft.fill(MeetingForm(request.POST or None, instance=meeting))
    return form_page(
        request,
        form,
        _("Announce a meeting"),
        lambda: form.keep(by=request.user),
        steps=steps_to(meeting),
        back=None,
    )


def editable(request, pk):
    rows = Meeting.objects.editable_by(request.user).select_related("forum")
    return get_object_or_404(rows, pk=pk)


def meeting_page(request, form, title, meeting, deletes=None):
    return form_page(
        request,
        form,
        title,
        lambda: form.keep(by=request.user),
        steps=[*steps_to(meeting), (str(meeting), meeting.get_absolute_url())],
        back=meeting.get_absolute_url(),
        deletes=deletes,
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    meeting = editable(request, pk)
    form = request.draft.fill(MeetingForm(request.POST or None, instance=meeting))
    return meeting_page(request, form, _("Change the meeting"), meeting, meeting)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request, pk):
    """Minutes and attendance."""
    meeting = editable(request, pk)
    form = request.draft.fill(RecordForm(request.POST or None, instance=meeting))
    return meeting_page(request, form, _("Minutes and attendance"), meeting)


@role_required(*STAFF_ROLES)
@require_POST
def cancel(request, pk):
    meeting = editable(request, pk)
    told = _("The meeting is cancelled. Calendars that fetch it are told.")
    return do(request, lambda: meeting.cancel(by=request.user), told, back=meeting)


# --- decisions ---


@role_required(*STAFF_ROLES)
@require_safe
def decisions(request):
    filters = DecisionFilter(request.GET, user=request.user)
    paginator = Paginator(filters.rows, PAGE)
    context = {
        "filters": filters,
        "number": paginator.count,
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
    }
    return render(request, "enterprises/decision_list.html", context)


@list_file(gettext_lazy("decisions"), DECISIONS, page="enterprises:decisions", roles=STAFF_ROLES)
def decisions_export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(DecisionFilter(request.GET, user=request.user)).rows


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, pk):
    meeting = editable(request, pk)
    row = Decision(meeting=meeting)
    form = request.draft.fill(DecisionForm(request.POST or None, instance=row))
    return meeting_page(request, form, _("Write down a decision"), meeting)


def decision_or_404(request, pk):
    return get_object_or_404(Decision.objects.editable_by(request.user).for_list(), pk=pk)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_edit(request, pk):
    row = decision_or_404(request, pk)
    form = request.draft.fill(DecisionForm(request.POST or None, instance=row))
    return meeting_page(request, form, _("Change the decision"), row.meeting, row)


@role_required(*STAFF_ROLES)
@require_POST
def decision_done(request, pk):
    row = decision_or_404(request, pk)
    told = _("Done: %(what)s") % {"what": row}
    return do(request, lambda: row.settle(by=request.user), told, back=row)


@role_required(*STAFF_ROLES)
@require_POST
def decision_reopen(request, pk):
    row = decision_or_404(request, pk)
    told = _("Open again: %(what)s") % {"what": row}
    return do(request, lambda: row.reopen(by=request.user), told, back=row)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_drop(request, pk):
    row = decision_or_404(request, pk)
    form = request.draft.fill(ReasonForm(request.POST or None))
    return form_page(
        request,
        form,
        _("Drop the decision"),
        lambda: row.drop(by=request.user, **form.cleaned_data),
        steps=[*steps_to(row.meeting), (str(row.meeting), row.meeting.get_absolute_url())],
        back=row.meeting.get_absolute_url(),
    )

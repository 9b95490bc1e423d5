"""Pages of forums: the list, one forum with members and meetings, and the calendar of an area."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from districts.models import District
from enterprises.forms.forums import ForumForm, MemberForm, NewMemberForm
from enterprises.forum_calendar import feed_of
from enterprises.forum_filters import ForumFilter
from enterprises.local_listing import FORUM_MEMBERS, FORUMS
from enterprises.models import Decision, Forum, ForumKind, ForumMember, Meeting
from enterprises.views.local import form_page

MEETINGS = 12


def list_step():
    return (_("Forums"), reverse("enterprises:forums"))


@login_not_required
@require_safe
def index(request):
    """Everyone sees the public ones; members theirs as well, staff all."""
    filters = ForumFilter(request.GET, user=request.user)
    is_staff = request.user.is_authenticated and request.user.is_staff_member
    context = {
        "filters": filters,
        "forums": filters.rows,
        "is_staff": is_staff,
        "query": request.GET.urlencode(),
    }
    return render(request, "enterprises/forum_list.html", context)


@list_file(gettext_lazy("forums"), FORUMS, page="enterprises:forums")
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(ForumFilter(request.GET, user=request.user)).rows


@login_not_required
@require_safe
def detail(request, pk):
    forum = get_object_or_404(Forum.objects.visible_to(request.user).for_list(), pk=pk)
    is_inside = Forum.objects.inside_for(request.user).filter(pk=pk).exists()
    meetings = Meeting.objects.visible_to(request.user).filter(forum=forum)
    context = {
        "forum": forum,
        "is_inside": is_inside,
        "is_staff": request.user.is_authenticated and request.user.is_staff_member,
        "to_come": meetings.to_come().soonest().for_list(),
        "held": meetings.held().latest_first().for_list()[:MEETINGS],
    }
    if is_inside:
        context["members"] = forum.members.valid().for_list()
        decisions = Decision.objects.visible_to(request.user).filter(meeting__forum=forum)
        context["decisions"] = decisions.open().for_list().soonest_first()
    return render(request, "enterprises/forum_detail.html", context)


def begun(request):
    """What the page one came from says of the new forum."""
    asked = {"districts": request.GET.getlist("area")[:1]}
    if host := request.GET.get("organisation"):
        asked |= {"organisation": host, "kind": ForumKind.ROUND}
    return {"advisor": request.user.pk} | asked


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    form = request.draft.fill(ForumForm(request.POST or None, initial=begun(request)))
    return form_page(
        request,
        form,
        _("Set up a forum"),
        lambda: form.keep(by=request.user),
        steps=[list_step()],
        back=None,
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    forum = get_object_or_404(Forum.objects.editable_by(request.user), pk=pk)
    form = request.draft.fill(ForumForm(request.POST or None, instance=forum))
    return forum_page(request, form, _("Change the forum"), forum)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request, pk):
    forum = get_object_or_404(Forum.objects.editable_by(request.user), pk=pk)
    row = ForumMember(forum=forum)
    form = request.draft.fill(NewMemberForm(request.POST or None, instance=row))
    return forum_page(request, form, _("Add a member of the forum"), forum)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request, pk, member_pk):
    forum = get_object_or_404(Forum.objects.editable_by(request.user), pk=pk)
    row = get_object_or_404(forum.members.valid().for_list(), pk=member_pk)
    form = request.draft.fill(MemberForm(request.POST or None, instance=row))
    title = _("Member of the forum: %(who)s") % {"who": row}
    return forum_page(request, form, title, forum, row)


def forum_page(request, form, title, forum, deletes=None):
    return form_page(
        request,
        form,
        title,
        lambda: form.keep(by=request.user),
        steps=[list_step(), (forum.name, forum.get_absolute_url())],
        back=forum.get_absolute_url(),
        deletes=deletes,
    )


@list_file(
    gettext_lazy("members-of-forum"),
    FORUM_MEMBERS,
    page="enterprises:forum",
    roles=STAFF_ROLES,
    subject=lambda request, pk: get_object_or_404(Forum.objects.editable_by(request.user), pk=pk),
)
def members_export(request, pk):
    """Who is a member, with since when."""
    forum = get_object_or_404(Forum.objects.editable_by(request.user), pk=pk)
    return forum.members.valid().for_list()


@login_not_required
@require_safe
def feed(request, slug):
    """The public meetings of an area and of those that went wholly into it, without names."""
    district = get_object_or_404(District.objects.visible_to(request.user), slug=slug)
    keys = District.objects.filter(pk=district.pk).lineage().values_list("pk", flat=True)
    meetings = Meeting.objects.public().in_areas(tuple(keys))
    return HttpResponse(
        feed_of(district.name, meetings),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="foren-{district.slug}.ics"'},
    )

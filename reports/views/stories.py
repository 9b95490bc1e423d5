"""Success stories: as everyone reads them, and as the staff write, agree and approve."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.conflicts import refuse
from best_portal.lists import list_file, understood
from best_portal.refusals import tell
from enterprises.open_data import plain
from reports.forms.stories import StoriesFilter, StoryConsentForm, StoryForm
from reports.models import Story, StoryConsent
from reports.stories import shown

PAGE, NEWEST = 20, 30
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])
STORIES = [
    (gettext_lazy("Title"), "title"),
    (gettext_lazy("Organisation"), "organisation.name"),
    (gettext_lazy("Neighbourhood"), "organisation.district.name"),
    (gettext_lazy("Summary"), "summary"),
    (gettext_lazy("Public since"), "published_at"),
]
KEPT = [
    *STORIES[:4],
    (gettext_lazy("Project"), "project.name"),
    (gettext_lazy("Written by"), "written_by.name"),
    (gettext_lazy("Approved at"), "approved_at"),
]


@login_not_required
@never_cache
@require_safe
def index(request):
    """The list, the newest first."""
    filters = StoriesFilter(request.GET or None)
    pages = Paginator(filters.rows.for_list(), PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "number": pages.count,
        "stories": shown(page.object_list),
        "query": request.GET.urlencode(),
    }
    return render(request, "reports/story_list.html", context)


@list_file(gettext_lazy("success-stories"), STORIES, page="reports:stories")
def export(request):
    filters = StoriesFilter(request.GET or {})
    return understood(filters).rows.for_list()


@login_not_required
@never_cache
@require_safe
def feed(request):
    """The newest as an Atom feed; what is withdrawn is not in it any more."""
    root = f"{settings.PUBLIC_URL}{reverse('reports:stories')}"
    atom = Atom1Feed(title=_("Success stories"), link=root, description="", language="de")
    for story in shown(Story.objects.public().for_list()[:NEWEST]):
        address = f"{settings.PUBLIC_URL}{story.href}"
        atom.add_item(
            title=plain(story.title),
            link=address,
            unique_id=address,
            description=plain(story.summary),
            pubdate=story.published_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml")


@login_not_required
@never_cache
@require_safe
def detail(request, slug):
    """One story; what was public once answers that it is gone."""
    row = Story.objects.public().for_list().filter(slug=slug).first()
    if row is None:
        get_object_or_404(Story.objects.gone(), slug=slug)
        return render(request, "reports/story_gone.html", status=410)
    [story] = shown([row], with_notices=True)
    return render(request, "reports/story_detail.html", {"story": story})


# --- what the staff do ---


@role_required(*STAFF_ROLES)
@require_safe
def kept(request):
    """All stories, drafts and withdrawn ones included."""
    pages = Paginator(
        Story.objects.visible_to(request.user).for_list().order_by("-written_at", "-pk"), PAGE
    )
    context = {"page": pages.get_page(request.GET.get("page")), "public": public_keys()}
    return render(request, "reports/story_kept.html", context)


def public_keys():
    return set(Story.objects.public().values_list("pk", flat=True))


@list_file(gettext_lazy("stories"), KEPT, page="reports:stories_kept", roles=STAFF_ROLES)
def kept_export(request):
    return Story.objects.visible_to(request.user).for_list().select_related("written_by")


def visible(request, pk):
    return get_object_or_404(Story.objects.visible_to(request.user).for_list(), pk=pk)


@role_required(*STAFF_ROLES)
@reads_and_writes
def new(request):
    asked = {"case": request.GET.get("case", "")}
    form = StoryForm(request.POST or None, by=request.user, initial=asked)
    return written(request, form, _("Tell a story"), None)


@role_required(*STAFF_ROLES)
@reads_and_writes
def edit(request, pk):
    story = visible(request, pk)
    form = StoryForm(request.POST or None, by=request.user, instance=story)
    return written(request, form, _("Change the story"), story)


def written(request, form, title, story):
    """Answer with the form until it is saved, then with the page of the story."""
    request.draft.fill(form)
    if form.is_valid():
        try:
            row = form.keep(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved. A manager approves it before anybody reads it."))
            return redirect(row.manage_url)
    context = {"form": form, "title": title, "story": story}
    return render(request, "reports/story_form.html", context)


@role_required(*STAFF_ROLES)
@reads_and_writes
def manage(request, pk):
    """Who agreed, what is missing, and the next consent."""
    story = visible(request, pk)
    form = request.draft.fill(StoryConsentForm(request.POST or None))
    if form.is_valid():
        try:
            story.agree(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The consent is noted."))
            return redirect(story.manage_url)
    context = {
        "story": story,
        "form": form,
        "consents": story.consents.select_related("recorded_by", "revoked_by"),
        "is_manager": request.user.role == Role.MANAGER,
        "public": story.is_public,
    }
    return render(request, "reports/story_manage.html", context)


@role_required(Role.MANAGER)
@require_POST
def approve(request, pk):
    story = visible(request, pk)
    return done(request, story, story.approve, _("Everyone can read it now."))


@role_required(*STAFF_ROLES)
@require_POST
def take_down(request, pk):
    story = visible(request, pk)
    return done(request, story, story.take_down, _("Nobody can read it any more."))


@role_required(*STAFF_ROLES)
@require_POST
def revoke(request, pk, consent_pk):
    story = visible(request, pk)
    consent = get_object_or_404(StoryConsent, pk=consent_pk, story=story)
    told = _("The consent is taken back; no page shows the story any more.")
    return done(request, story, consent.revoke, told)


def done(request, story, verb, success):
    try:
        verb(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
    return redirect(story.manage_url)

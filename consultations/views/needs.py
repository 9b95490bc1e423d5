"""From need to job: what is lacking, ideas for it, what became of them, and where they end."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.conflicts import refuse
from best_portal.lists import list_file, understood
from consultations.forms.needs import (
    IdeaEndForm,
    IdeaForm,
    InitiativeForm,
    NeedEndForm,
    NeedFilter,
    NeedForm,
    OwnerForm,
)
from consultations.models import Consultation, Idea, IdeaOwner, Need, NeedSource, Visit
from consultations.partner_offers import with_offers
from districts.models import SurveyReply
from enterprises.models import Forum, Meeting

PAGE = 50
ORIGINS = ("visit", "consultation", "reply", "meeting", "forum")
NEEDS = [
    (gettext_lazy("Day"), "noted_on"),
    (gettext_lazy("What is lacking"), "title"),
    (gettext_lazy("Details"), "text"),
    (gettext_lazy("Neighbourhood"), "district.name"),
    (gettext_lazy("Topic"), "topic.name"),
    (gettext_lazy("Heard in"), "get_source_display"),
    (gettext_lazy("How far"), "stage_label"),
]
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """The needs, how many are how far, and why ideas end."""
    filters = NeedFilter(request.GET or None, user=request.user)
    pages = Paginator(filters.rows, PAGE)
    context = {
        "filters": filters,
        "number": pages.count,
        "page": pages.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "stages": [
            (stage.value, stage.label, number)
            for stage, number in Need.objects.visible_to(request.user).by_stage()
        ],
        "ends": Idea.objects.visible_to(request.user).ends_by_reason(),
    }
    return render(request, "consultations/need_list.html", context)


@list_file(gettext_lazy("needs"), NEEDS, page="consultations:needs", roles=STAFF_ROLES)
def export(request):
    return understood(NeedFilter(request.GET, user=request.user)).rows


def visible(request, pk):
    return get_object_or_404(Need.objects.visible_to(request.user).for_list(), pk=pk)


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    """The whole chain on one page, and which offers of partners may help it on."""
    need = visible(request, pk)
    ideas = with_offers(need, need.ideas.for_chain(), request.user)
    context = {"need": need, "ideas": ideas}
    return render(request, "consultations/need_detail.html", context)


def origin_of(request):
    """What a new need comes from, as the address says: (origin, what stands in the form)."""
    asked = {name: request.GET.get(name, "") for name in ORIGINS}
    asked = {name: key for name, key in asked.items() if key.isdecimal() and len(key) < 19}
    if "visit" in asked:
        row = get_object_or_404(Visit.objects.visible_to(request.user), pk=asked["visit"])
        given = {"text": row.need, "district": row.district_id, "noted_on": row.visited_on}
        return {"visit": row}, given
    if "consultation" in asked:
        rows = Consultation.objects.visible_to(request.user)
        row = get_object_or_404(rows, pk=asked["consultation"])
        return {"consultation": row}, {"district": row.district_id, "noted_on": row.held_on}
    if "reply" in asked:
        rows = SurveyReply.objects.visible_to(request.user).in_words().for_list()
        row = get_object_or_404(rows, pk=asked["reply"])
        sheet = row.response
        given = {"text": row.text, "district": sheet.district_id, "noted_on": sheet.given_on}
        return {"reply": row}, given
    if "meeting" in asked:
        rows = Meeting.objects.visible_to(request.user).select_related("forum")
        row = get_object_or_404(rows, pk=asked["meeting"])
        return {}, heard_in(row.forum, str(row)) | {"noted_on": min(row.day_held, localdate())}
    if "forum" in asked:
        row = get_object_or_404(Forum.objects.visible_to(request.user), pk=asked["forum"])
        return {}, heard_in(row, row.name)
    return {}, {}


def heard_in(forum, where):
    """What stands in the form of a need from a forum; its area where it has only one."""
    areas = list(forum.districts.values_list("pk", flat=True)[:2])
    given = {"source": NeedSource.FORUM, "heard_where": where}
    return given | ({"district": areas[0]} if len(areas) == 1 else {})


@role_required(*STAFF_ROLES)
@reads_and_writes
def new(request):
    """A need; of a visit, a consultation, an answer to a survey or a forum with what they say."""
    origin, given = origin_of(request)
    if given.get("text"):
        given["title"] = " ".join(given["text"].split())[:150]
    form = NeedForm(request.POST or None, initial=given, origin=origin)
    context = {"title": _("Note a need"), "origin": next(iter(origin.values()), None)}
    return kept(request, form, context)


@role_required(*STAFF_ROLES)
@reads_and_writes
def edit(request, pk):
    need = get_object_or_404(Need.objects.editable_by(request.user), pk=pk)
    form = NeedForm(request.POST or None, instance=need)
    return kept(request, form, {"title": _("Change the need"), "need": need})


@role_required(*STAFF_ROLES)
@reads_and_writes
def idea_new(request, pk):
    need = visible(request, pk)
    form = IdeaForm(request.POST or None, need=need)
    return kept(request, form, {"title": _("New idea"), "need": need})


@role_required(*STAFF_ROLES)
@reads_and_writes
def idea_edit(request, pk):
    idea = editable_idea(request, pk)
    form = IdeaForm(request.POST or None, instance=idea, need=idea.need)
    return kept(request, form, {"title": _("Change the idea"), "need": idea.need, "idea": idea})


def kept(request, form, context):
    """Answer with the form until it is saved, then with the chain."""
    request.draft.fill(form)
    return acted(request, form, context, lambda: form.keep(by=request.user))


def acted(request, form, context, verb, told=None):
    """Answer with the form until the verb has been done, then with the chain."""
    if form.is_valid():
        try:
            row = verb()
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, told or _("Saved."))
            return redirect(context.get("idea") or context.get("need") or row)
    about = next(filter(None, (context.get(name) for name in ("idea", "need", "origin"))), "")
    context |= {"form": form, "about": about}
    return render(request, "consultations/need_form.html", context)


def editable_idea(request, pk):
    ideas = Idea.objects.editable_by(request.user).select_related("need", "organisation")
    return get_object_or_404(ideas, pk=pk)


@role_required(*STAFF_ROLES)
@reads_and_writes
def end(request, pk):
    need = visible(request, pk)
    form = request.draft.fill(NeedEndForm(request.POST or None))
    context = {"title": _("End the need"), "need": need}
    return acted(
        request, form, context, lambda: need.end(form.cleaned_data["because"], by=request.user)
    )


@role_required(*STAFF_ROLES)
@require_POST
def reopen(request, pk):
    need = visible(request, pk)
    return done(request, need, need.reopen, _("It is open again."))


@role_required(*STAFF_ROLES)
@reads_and_writes
def owner_new(request, pk):
    idea = editable_idea(request, pk)
    form = request.draft.fill(OwnerForm(request.POST or None, by=request.user))
    context = {"title": _("Add a co-owner"), "need": idea.need, "idea": idea}
    return acted(request, form, context, lambda: idea.share(by=request.user, **form.cleaned_data))


@role_required(*STAFF_ROLES)
@require_POST
def owner_remove(request, pk):
    ideas = Idea.objects.editable_by(request.user)
    owner = get_object_or_404(IdeaOwner.objects.select_related("idea"), pk=pk, idea__in=ideas)
    return done(request, owner.idea, owner.leave, _("They own it no more."))


@role_required(*STAFF_ROLES)
@reads_and_writes
def initiative(request, pk):
    """An idea becomes an initiative with a file of its own."""
    idea = editable_idea(request, pk)
    form = request.draft.fill(InitiativeForm(request.POST or None, by=request.user))
    context = {"title": _("The idea becomes an initiative"), "need": idea.need, "idea": idea}
    return acted(request, form, context, lambda: form.become(idea, by=request.user))


@role_required(*STAFF_ROLES)
@reads_and_writes
def idea_end(request, pk):
    idea = editable_idea(request, pk)
    form = request.draft.fill(IdeaEndForm(request.POST or None))
    context = {"title": _("End the idea"), "need": idea.need, "idea": idea}
    return acted(request, form, context, lambda: idea.end(by=request.user, **form.cleaned_data))


@role_required(*STAFF_ROLES)
@require_POST
def idea_reopen(request, pk):
    idea = editable_idea(request, pk)
    return done(request, idea, idea.reopen, _("It is open again."))


def done(request, row, verb, success):
    try:
        verb(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
    return redirect(row)

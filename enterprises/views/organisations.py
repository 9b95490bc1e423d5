"""Pages of organisations: the list, the case file, and the verbs of founding and moving on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.audit.models import Event
from best_portal.conflicts import refuse
from best_portal.lists import list_file, understood
from best_portal.refusals import tell
from enterprises.casefile import casefile
from enterprises.filters import OrganisationFilter
from enterprises.forms.organisation import FoundForm, OrganisationForm, RegisterForm, StageForm
from enterprises.listing import ORGANISATIONS
from enterprises.models import Organisation
from enterprises.timeline_filters import TimelineFilter
from enterprises.views.timeline import timeline_page

PAGE = 50


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    filters = OrganisationFilter(request.GET, user=request.user)
    page = Paginator(filters.rows, PAGE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "is_asked": bool(request.GET)}
    return render(request, "enterprises/organisation_list.html", context)


@list_file(gettext_lazy("organisations"), ORGANISATIONS, page="enterprises:list", roles=STAFF_ROLES)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(OrganisationFilter(request.GET, user=request.user)).rows


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_safe
def detail(request, pk):
    """The case file; founders see their own, without what the team keeps to itself."""
    visible = Organisation.objects.visible_to(request.user).select_related("district__borough")
    organisation = get_object_or_404(visible.known_as(pk))
    if organisation.pk != pk:
        return redirect(organisation)
    if request.user.is_staff_member and request.method == "GET":
        Event.objects.note_opened(reader=request.user, subject=organisation)
    filters = TimelineFilter(request.GET, organisation=organisation, user=request.user)
    context = casefile(organisation, request.user) | timeline_page(request, filters)
    return render(request, "enterprises/organisation_detail.html", context)


@role_required(*STAFF_ROLES)
def new(request):
    form = request.draft.fill(RegisterForm(request.POST or None))
    if form.is_valid():
        try:
            organisation = form.register(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The file is open."))
            return redirect(organisation)
    return page(request, form, _("Open a file"))


@role_required(*STAFF_ROLES)
def edit(request, pk):
    organisation = editable_or_404(request, pk)
    form = request.draft.fill(OrganisationForm(request.POST or None, instance=organisation))
    return do(request, form, organisation, _("Change the file"), lambda: form.keep(by=request.user))


@role_required(*STAFF_ROLES)
def found(request, pk):
    organisation = editable_or_404(request, pk)
    form = request.draft.fill(FoundForm(request.POST or None, organisation=organisation))
    return do(
        request,
        form,
        organisation,
        _("Record the founding"),
        lambda: form.found(by=request.user),
    )


@role_required(*STAFF_ROLES)
def stage(request, pk):
    organisation = editable_or_404(request, pk)
    initial = {"stage": organisation.stage}
    form = request.draft.fill(
        StageForm(request.POST or None, initial=initial, organisation=organisation)
    )
    return do(
        request,
        form,
        organisation,
        _("Note a new stage"),
        lambda: form.move(by=request.user),
    )


def editable_or_404(request, pk):
    return get_object_or_404(Organisation.objects.editable_by(request.user), pk=pk)


def do(request, form, organisation, title, verb, *, deletes=None, drop_url=""):
    """Answer with the form until the verb has been done, then with the case file.

    `deletes`: the row the form changes, where it may be deleted instead; `drop_url`: the page that
    asks why, where that takes more than a click.
    """
    if form.is_valid():
        try:
            verb()
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect(organisation)
    return page(request, form, title, organisation, deletes, drop_url)


def page(request, form, title, organisation=None, deletes=None, drop_url=""):
    context = {
        "form": form,
        "title": title,
        "organisation": organisation,
        "deletes": deletes,
        "drop_url": drop_url,
    }
    return render(request, "enterprises/organisation_form.html", context)

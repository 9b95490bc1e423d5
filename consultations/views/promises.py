"""Pages of promises: the list and its files, one promise, and what becomes of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import is_own_address, role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.lists import list_file, understood
from best_portal.refusals import tell
from consultations.day import team
from consultations.forms.promises import DropForm, PostponeForm, PromiseForm
from consultations.history import history_of
from consultations.listing import PROMISES
from consultations.models import Consultation, Promise
from consultations.promise_filters import PromiseFilter
from enterprises.models import Organisation

PAGE = 50
STEPS = 20
MANY = 50


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_safe
def index(request):
    """Founders see their own on one page, staff the list with its filters in the address."""
    if request.user.role == Role.FOUNDER:
        return own(request)
    filters = PromiseFilter(request.GET, user=request.user)
    paginator = Paginator(filters.rows.for_list(), PAGE)
    context = {
        "filters": filters,
        "number": paginator.count,
        "page": paginator.get_page(request.GET.get("page")),
        "steps": filters.steps.for_list()[:STEPS],
        "team": team(request.user) if request.user.role == Role.MANAGER else [],
        "query": request.GET.urlencode(),
    }
    return render(request, "consultations/promise_list.html", context)


def own(request):
    mine = Promise.objects.visible_to(request.user).for_list()
    context = {
        "by_me": mine.by_people().open().soonest_first(),
        "to_me": mine.by_the_agency().open().soonest_first(),
        "settled": mine.settled().latest_first()[:MANY],
    }
    return render(request, "consultations/promise_own.html", context)


@list_file(gettext_lazy("promises"), PROMISES, page="consultations:promises", roles=STAFF_ROLES)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(PromiseFilter(request.GET, user=request.user)).rows.for_list()


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Write a promise down, from nowhere, from a file or from a consultation; once per form."""
    known = known_from(request)
    form = request.draft.fill(PromiseForm(request.POST or None, by=request.user, **known))
    if form.is_valid():
        try:
            promise = form.make()
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The promise is saved."))
            return redirect(known["consultation"] or promise)
    return render(request, "consultations/promise_new.html", {"form": form, **known})


def known_from(request):
    """The organisation and the consultation an address names, as far as they may be seen."""
    pk = request.GET.get("consultation", "")
    visible = Consultation.objects.visible_to(request.user).select_related("organisation", "case")
    consultation = get_object_or_404(visible, pk=pk) if pk.isdecimal() else None
    organisation = consultation and consultation.organisation
    pk = request.GET.get("organisation", "")
    if not organisation and pk.isdecimal():
        organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    return {"organisation": organisation, "consultation": consultation}


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    promise = get_object_or_404(Promise.objects.visible_to(request.user).for_list(), pk=pk)
    context = {
        "promise": promise,
        "may_edit": Promise.objects.editable_by(request.user).contains(promise),
        "postponements": promise.postponements.select_related("by"),
        "history": history_of(promise),
    }
    return render(request, "consultations/promise_detail.html", context)


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_POST
def keep(request, pk):
    """One press marks it as kept; the next page offers to undo it."""
    promise = changeable_or_refused(request, pk)
    try:
        promise.keep(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        context = {"promise": promise, "here": here(request, "")}
        messages.success(request, render_to_string("consultations/_promise_kept.html", context))
    return redirect(here(request, "consultations:promises"))


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_POST
def reopen(request, pk):
    promise = changeable_or_refused(request, pk)
    try:
        promise.reopen(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The promise is open again."))
    return redirect(here(request, "consultations:promises"))


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def postpone(request, pk):
    promise = changeable_or_refused(request, pk)
    form = request.draft.fill(PostponeForm(request.POST or None, promise=promise))
    if form.is_valid():
        try:
            form.postpone(by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The promise is due on another day now."))
            return redirect(promise)
    context = {"form": form, "promise": promise, "title": _("Postpone a promise")}
    return render(request, "consultations/promise_form.html", context)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request, pk):
    promise = changeable_or_refused(request, pk)
    form = request.draft.fill(DropForm(request.POST or None))
    if form.is_valid():
        try:
            promise.drop(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The promise is dropped."))
            return redirect(promise)
    context = {"form": form, "promise": promise, "title": _("Drop a promise")}
    return render(request, "consultations/promise_form.html", context)


def changeable_or_refused(request, pk):
    """A promise to change: 404 where it may not be seen, 403 where only seen."""
    promise = get_object_or_404(Promise.objects.visible_to(request.user).for_list(), pk=pk)
    if not Promise.objects.keepable_by(request.user).contains(promise):
        raise PermissionDenied
    return promise


def here(request, default):
    """The page the button was on, else the one named."""
    asked = request.POST.get("next", "")
    return asked if is_own_address(request, asked) else default

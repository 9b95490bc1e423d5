"""Pages around erasing: the founder's wish, one told by phone, and the management's decision."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.conflicts import refuse as show_refusal
from best_portal.privacy.decision_letters import address_of
from best_portal.privacy.forms import DecideForm, RecordForm, RefuseForm, WishForm
from best_portal.privacy.keeping import keepable_of, papers_naming
from best_portal.privacy.models import ErasureRequest
from best_portal.refusals import tell
from enterprises.models import Person

PAGE = 50
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


@role_required(Role.FOUNDER)
@reads_and_writes
def wish(request):
    """Ask to be erased, see what was decided, or take the wish back."""
    person = Person.objects.of_account(request.user)
    form = request.draft.fill(WishForm(request.POST or None))
    if form.is_valid():
        try:
            ErasureRequest.objects.ask(by=request.user, person=person, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("We have your wish. The management decides and tells you."))
            return redirect("privacy:wish")
    wishes = ErasureRequest.objects.visible_to(request.user).for_list()
    return render(request, "privacy/wish.html", {"form": form, "wishes": wishes})


@role_required(Role.FOUNDER)
@require_POST
def withdraw(request, pk):
    row = get_object_or_404(ErasureRequest.objects.visible_to(request.user), pk=pk)
    try:
        row.withdraw(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Your wish is taken back. Nothing was erased."))
    return redirect("privacy:wish")


@role_required(*STAFF_ROLES)
@reads_and_writes
def record(request, pk):
    """Note the wish of somebody who called, wrote or said so."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    form = request.draft.fill(RecordForm(request.POST or None))
    if form.is_valid():
        try:
            ErasureRequest.objects.ask(by=request.user, person=person, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The wish is noted. The management decides."))
            return redirect(person)
    return render(request, "privacy/record.html", {"form": form, "person": person})


@role_required(Role.MANAGER)
@require_safe
def index(request):
    """Wishes to be decided first, then those of the past."""
    rows = ErasureRequest.objects.visible_to(request.user).for_list()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"open": rows.open().oldest_first(), "page": page}
    return render(request, "privacy/erasure_list.html", context)


@role_required(Role.MANAGER)
@reads_and_writes
def decide(request, pk):
    """What there is of the person, what should be kept, and the button that erases the rest."""
    row = find(request, pk)
    if not row.is_open:
        return render(request, "privacy/erasure.html", {"wish": row})
    form = DecideForm(request.POST or None, keepable=keepable_of(row.person))
    if form.is_valid():
        try:
            left = row.carry_out(by=request.user, keep=form.keep)
        except ValidationError as refusal:
            show_refusal(refusal, form)
        else:
            messages.success(request, _("The person is erased."))
            if left:
                told = _("A text with the name must not be changed and stays: %(where)s")
                messages.warning(request, told % {"where": ", ".join(left)})
            return redirect(row)
    return decision(request, row, form=form)


@role_required(Role.MANAGER)
@require_POST
def refuse(request, pk):
    row = find(request, pk)
    form = RefuseForm(request.POST, action=request.path)
    if form.is_valid():
        try:
            row.refuse(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The wish is refused, with the reason."))
        return redirect(row)
    return decision(request, row, refusing=form)


def find(request, pk):
    rows = ErasureRequest.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, pk=pk)


def decision(request, row, *, form=None, refusing=None):
    action = reverse("privacy:erasure_refuse", args=[row.pk])
    form = form or DecideForm(keepable=keepable_of(row.person))
    refusing = refusing or RefuseForm(action=action)
    context = {
        "wish": row,
        "form": request.draft.fill(form, refusing),
        "refusing": refusing,
        "naming": papers_naming(row.person),
        "address": address_of(row.person),
    }
    return render(request, "privacy/erasure.html", context)

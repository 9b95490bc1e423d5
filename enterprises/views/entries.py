"""The directory as the staff keep it: writing entries, noting consent and its end, archiving."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.conflicts import refuse
from best_portal.lists import list_file
from best_portal.refusals import tell
from districts.models import District
from enterprises.forms.entries import BecauseForm, ConsentForm, EntryForm, RecordForm
from enterprises.listing import ENTRIES
from enterprises.models import Entry, EntryPart, Organisation
from enterprises.models.entry_care import WRITTEN

PAGE, MOST_ALIKE = 50, 5
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


def entry_of(request, pk):
    rows = Entry.objects.visible_to(request.user).select_related("organisation", "district")
    return get_object_or_404(rows.defer("district__outline"), pk=pk)


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """First what waits for an advisor, who has waited longest first; then all of them."""
    rows = Entry.objects.visible_to(request.user)
    context = {
        "page": Paginator(rows.for_list(), PAGE).get_page(request.GET.get("page")),
        "waiting": rows.for_list().waiting()[:PAGE],
        "to_call": rows.to_ask().filter(keeper_email="").for_list()[:PAGE],
    }
    return render(request, "enterprises/entry_list.html", context)


@list_file(gettext_lazy("directory"), ENTRIES, page="enterprises:entries", roles=STAFF_ROLES)
def export(request):
    return Entry.objects.visible_to(request.user).for_list()


@role_required(*STAFF_ROLES)
@require_safe
def manage(request, pk):
    entry = entry_of(request, pk)
    return manage_page(request, entry, ConsentForm())


def manage_page(request, entry, form, because=None):
    because = because or BecauseForm()
    alike = ()
    if entry.organisation is None:
        alike = Organisation.objects.visible_to(request.user).looking_like(
            name=entry.name, email=entry.email, phone=entry.phone, address=entry.address
        )[:MOST_ALIKE]
    context = {
        "entry": entry,
        "form": request.draft.fill(form, because),
        "because": because,
        "differences": differences(entry),
        "alike": alike,
        "consents": entry.consents.select_related("recorded_by", "revoked_by"),
    }
    return render(request, "enterprises/entry_manage.html", context)


def differences(entry):
    """(field, what is public, what is proposed) of each field the enterprise wrote anew."""
    for name, value in (entry.proposed or {}).items():
        if name not in WRITTEN:
            continue
        field, now = Entry._meta.get_field(name), getattr(entry, name)
        if name == "district":
            value = District.objects.filter(pk=value).first() if value else ""
        elif name == "kind":
            value, now = dict(field.choices).get(value, value), entry.get_kind_display()
        yield field.verbose_name, now or "", value or ""


@role_required(*STAFF_ROLES)
@reads_and_writes
def new(request, pk):
    """The entry of an organisation on file; a second one leads to the first."""
    organisation = get_object_or_404(Organisation.objects.editable_by(request.user), pk=pk)
    if earlier := Entry.objects.filter(organisation=organisation).first():
        return redirect(earlier.staff_url)
    form = request.draft.fill(RecordForm(request.POST or None, organisation=organisation))
    if form.is_valid():
        try:
            entry = form.record(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The entry is public."))
            return redirect(entry.staff_url)
    return form_page(
        request, form, _("New entry in the directory"), organisation.get_absolute_url()
    )


@role_required(*STAFF_ROLES)
@reads_and_writes
def edit(request, pk):
    entry = entry_of(request, pk)
    form = request.draft.fill(EntryForm(request.POST or None, instance=entry))
    if form.is_valid():
        try:
            form.keep(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect(entry.staff_url)
    return form_page(request, form, _("Change the entry"), entry.staff_url)


def form_page(request, form, title, back):
    context = {"form": form, "title": title, "back": back}
    return render(request, "enterprises/entry_form.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def agree(request, pk):
    """Note what else the enterprise agreed to; what it agreed to before stays as it is."""
    entry = entry_of(request, pk)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return manage_page(request, entry, form)
    asked = form.cleaned_data
    try:
        entry.agree(asked.pop("parts"), by=request.user, **asked)
    except ValidationError as refusal:
        tell(form, refusal)
        return manage_page(request, entry, form)
    messages.success(request, _("The consent is noted."))
    return redirect(entry.staff_url)


@role_required(*STAFF_ROLES)
@require_POST
def take_back(request, pk, part):
    entry = entry_of(request, pk)
    if part not in EntryPart.values:
        return redirect(entry.staff_url)
    told = _("Noted: this part is not public any more.")
    return done(request, entry, lambda: entry.take_back(part, by=request.user), told)


@role_required(*STAFF_ROLES)
@require_POST
def archive(request, pk):
    entry = entry_of(request, pk)
    return done(request, entry, lambda: entry.archive(by=request.user), _("The entry is archived."))


@role_required(*STAFF_ROLES)
@require_POST
def restore(request, pk):
    entry = entry_of(request, pk)
    told = _("The entry is in the directory again.")
    return done(request, entry, lambda: entry.restore(by=request.user), told)


@role_required(*STAFF_ROLES)
@require_POST
def publish(request, pk):
    """Publish what the enterprise wrote: a new entry, or its change."""
    entry, told = entry_of(request, pk), _("The entry is public.")
    verb = entry.publish if entry.status == "submitted" else entry.accept
    return done(request, entry, lambda: verb(by=request.user), told)


@role_required(*STAFF_ROLES)
@require_POST
def refuse_entry(request, pk):
    """Do not publish it; the enterprise is told why."""
    entry, form = entry_of(request, pk), BecauseForm(request.POST)
    if not form.is_valid():
        return manage_page(request, entry, ConsentForm(), form)
    verb = entry.refuse if entry.status == "submitted" else entry.decline
    told = _("The enterprise is told why.")
    return done(request, entry, lambda: verb(form.cleaned_data["because"], by=request.user), told)


@role_required(*STAFF_ROLES)
@require_POST
def still_true(request, pk):
    """Asked by phone, the enterprise said that all of it is true."""
    entry, told = entry_of(request, pk), _("Noted: all of it is true.")
    return done(request, entry, lambda: entry.still_true(by=request.user), told)


@role_required(*STAFF_ROLES)
@require_POST
def link(request, pk, organisation_pk):
    """Say whose file the entry belongs to."""
    entry = entry_of(request, pk)
    rows = Organisation.objects.editable_by(request.user)
    organisation = get_object_or_404(rows, pk=organisation_pk)
    told = _("The entry belongs to this file now.")
    return done(request, entry, lambda: entry.belong_to(organisation, by=request.user), told)


def done(request, entry, verb, success):
    """Let the verb act, say what came of it, and show the entry."""
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
    return redirect(entry.staff_url)

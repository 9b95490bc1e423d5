"""Pages of the neighbourhoods: which areas there are and were, each with its outline and notes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.conflicts import refuse
from best_portal.lists import list_file, understood
from best_portal.refusals import tell
from districts.directory import directory
from districts.forms import NoteForm, SuccessionForm, YearForm
from districts.models import ContextNote, District, Succession
from districts.outline import picture
from districts.sheet import sheet

# What the page shows is for everyone, and so is the file.
DISTRICTS = [
    (gettext_lazy("Borough"), "borough.name"),
    (gettext_lazy("Area"), "name"),
    (gettext_lazy("Valid from"), "starts_on"),
    (gettext_lazy("Valid until"), "ends_on"),
    (gettext_lazy("Latitude"), "latitude"),
    (gettext_lazy("Longitude"), "longitude"),
    (gettext_lazy("LOR planning areas"), "planning_areas"),
    (gettext_lazy("Source"), "source"),
]


@login_not_required
@require_safe
def index(request):
    form = YearForm(request.GET or None)
    year = form.cleaned_data["year"] if form.is_bound and form.is_valid() else None
    districts = of_year(request.user, year)
    context = {
        "form": form,
        "year": year,
        "boroughs": directory(districts, timezone.localdate()),
        "map": picture((district.outline for district in districts), others=districts.points()),
        "count": len(districts),
    }
    return render(request, "districts/district_list.html", context)


def of_year(user, year):
    districts = District.objects.visible_to(user).for_directory()
    return districts.valid_in(year) if year else districts


@list_file(gettext_lazy("neighbourhoods"), DISTRICTS, page="districts:list")
def export(request):
    """The list as a file, of the year on the page."""
    form = YearForm(request.GET)
    return of_year(request.user, understood(form).cleaned_data["year"]).defer("outline")


@login_not_required
@require_safe
def detail(request, slug):
    district = visible(request, slug)
    return render(request, "districts/district_detail.html", sheet(district, request.user))


def visible(request, slug):
    districts = District.objects.visible_to(request.user).select_related("borough")
    return get_object_or_404(districts, slug=slug)


# --- how an area goes on ---


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def succeed(request, slug):
    """Record that an area is merged, split or renamed; it can be taken back."""
    district = visible(request, slug)
    form = request.draft.fill(SuccessionForm(request.POST or None, district=district))
    if form.is_valid():
        try:
            form.record(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Recorded. What happened before stays with this area."))
            return redirect(district)
    return render(request, "districts/succession_form.html", {"form": form, "district": district})


@role_required(Role.MANAGER)
@require_POST
def take_back(request, slug):
    district = visible(request, slug)
    rows = Succession.objects.editable_by(request.user).filter(predecessor=district)
    try:
        get_object_or_404(rows[:1]).take_back(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Taken back: the area is as it was."))
    return redirect(district)


# --- notes ---


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def note_new(request, slug):
    district = visible(request, slug)
    initial = {"dated": timezone.localdate()}
    form = request.draft.fill(NoteForm(request.POST or None, initial=initial))
    return note_page(
        request,
        form,
        district,
        _("Write a note"),
        lambda: form.write(by=request.user, district=district),
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def note_edit(request, slug, pk):
    district = visible(request, slug)
    notes = ContextNote.objects.editable_by(request.user).filter(district=district)
    note = get_object_or_404(notes, pk=pk)
    form = request.draft.fill(NoteForm(request.POST or None, instance=note))
    return note_page(
        request, form, district, _("Change the note"), lambda: form.keep(by=request.user), note
    )


def note_page(request, form, district, title, verb, note=None):
    """Answer with the form until the verb has been done, then with the page of the area."""
    if form.is_valid():
        try:
            verb()
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect(district)
    context = {"form": form, "district": district, "title": title, "deletes": note}
    return render(request, "districts/note_form.html", context)

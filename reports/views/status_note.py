"""The Sachstandsbericht of an area: what it will say, for the year chosen, and the PDF."""

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from districts.models import District
from reports import status_note
from reports.models import Handed
from reports.views.group_papers import paper

EARLIEST, LATEST = 1990, 2100


class NoteYearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=EARLIEST, max_value=LATEST)


def district_or_404(request, slug):
    districts = District.objects.visible_to(request.user).select_related("borough")
    return get_object_or_404(districts, slug=slug)


@role_required(*STAFF_ROLES)
@require_safe
def page(request, slug):
    """What stands in it, before it is given to anybody."""
    district = district_or_404(request, slug)
    form = NoteYearForm(request.GET if "year" in request.GET else None)
    year = form.cleaned_data["year"] if form.is_bound and form.is_valid() else this_year()
    if not form.is_bound:
        form.initial["year"] = year
    with translation.override("de"):
        note = status_note.StatusNote.of(district, year, by=request.user)
    context = {"note": note, "form": form, "district": district}
    return render(request, "reports/status_note.html", context)


def this_year():
    return timezone.localdate().year


@role_required(*STAFF_ROLES)
@never_cache
@require_safe
def pdf(request, slug, year):
    district = district_or_404(request, slug)

    def printing():
        if not EARLIEST <= year <= LATEST:
            return None
        with translation.override("de"):
            note = status_note.StatusNote.of(district, year, by=request.user)
            return status_note.paper(note)

    back = redirect("reports:status_note", slug)
    name = f"sachstandsbericht-{district.slug}-{year}"
    return paper(request, printing, name, kind=Handed.STATUS_NOTE, back=back)

"""Pages of the neighbourhoods: which areas there are and were, and each with its outline."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.directory import directory
from districts.forms import YearForm
from districts.models import District
from districts.outline import picture
from districts.sheet import sheet


@login_not_required
@require_safe
def index(request):
    form = YearForm(request.GET or None)
    year = form.cleaned_data["year"] if form.is_bound and form.is_valid() else None
    districts = District.objects.visible_to(request.user).for_directory()
    if year:
        districts = districts.valid_in(year)
    context = {
        "form": form,
        "year": year,
        "boroughs": directory(districts, timezone.localdate()),
        "map": picture((district.outline for district in districts), others=districts.points()),
        "count": len(districts),
    }
    return render(request, "districts/district_list.html", context)


@login_not_required
@require_safe
def detail(request, slug):
    districts = District.objects.visible_to(request.user).select_related("borough")
    district = get_object_or_404(districts, slug=slug)
    return render(request, "districts/district_detail.html", sheet(district, request.user))

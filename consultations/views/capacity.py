"""The page of capacity: what the manager looks at before promising anybody a date."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.lists import list_file
from consultations.capacity import WEEKS, WEEKS_BACK, capacity, total_of
from consultations.listing import CAPACITY


@role_required(Role.MANAGER)
@require_safe
def index(request):
    areas = capacity()
    context = {
        "areas": areas,
        "total": total_of(areas),
        "weeks": WEEKS,
        "weeks_back": WEEKS_BACK,
        "rows": WEEKS_BACK + WEEKS,
    }
    return render(request, "consultations/capacity.html", context)


@list_file(gettext_lazy("capacity"), CAPACITY, page="consultations:capacity", roles=(Role.MANAGER,))
def export(request):
    """Every area and week as lines of a file, for a calculation of one's own."""
    return [(area, week) for area in capacity() for week in area.weeks]

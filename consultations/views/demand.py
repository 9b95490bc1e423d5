"""Demand nobody could serve, by place and topic: for those who decide about going city-wide."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.lists import list_file, understood
from consultations.demand import by_place, by_topic, drawing
from consultations.filters import DeclinedFilter

PLACES = [
    (gettext_lazy("Place"), lambda row: row[0]),
    (gettext_lazy("Area of ours"), lambda row: row[1].name if row[1] else None),
    (gettext_lazy("Requests"), lambda row: row[2]),
]


@role_required(Role.MANAGER)
@require_safe
def demand(request):
    filters = DeclinedFilter(request.GET, user=request.user)
    places = by_place(filters.rows)
    context = {
        "filters": filters,
        "number": filters.rows.count(),
        "places": places,
        "topics": by_topic(filters.rows),
        "map": drawing(places),
        "query": request.GET.urlencode(),
    }
    return render(request, "consultations/demand.html", context)


@list_file(gettext_lazy("demand"), PLACES, page="consultations:demand", roles=[Role.MANAGER])
def export(request):
    return by_place(understood(DeclinedFilter(request.GET, user=request.user)).rows)

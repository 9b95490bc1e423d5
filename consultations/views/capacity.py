"""The page of capacity: what the manager looks at before promising anybody a date."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from consultations.capacity import WEEKS, capacity


@role_required(Role.MANAGER)
@require_safe
def index(request):
    context = {"areas": capacity(), "weeks": WEEKS}
    return render(request, "consultations/capacity.html", context)

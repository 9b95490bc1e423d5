"""The timeline of a case file: its older entries, and all of it as a file."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.lists import list_file, understood
from enterprises.listing import TIMELINE
from enterprises.models import Organisation
from enterprises.timeline import Place
from enterprises.timeline_filters import TimelineFilter


def timeline_page(request, filters):
    """The entries that an address asks for: the newest, or those older than a place in the list."""
    timeline, before = filters.timeline, Place.read(request.GET.get("before", ""))
    entries, place = timeline.page(before)
    query = request.GET.copy()
    query.pop("before", None)
    asked = query.urlencode()
    query["before"] = str(place)
    return {
        "filters": filters,
        "entries": entries,
        "is_older": before is not None,
        "older": query.urlencode() if place else "",
        "asked": asked,
        "count": timeline.count(),
    }


def filtered_or_404(request, pk):
    visible = Organisation.objects.visible_to(request.user)
    organisation = get_object_or_404(visible, pk=pk)
    return TimelineFilter(request.GET, organisation=organisation, user=request.user)


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_safe
def older(request, pk):
    """The next entries, to be put below those on the page."""
    filters = filtered_or_404(request, pk)
    context = timeline_page(request, filters) | {
        "organisation": filters.organisation,
        "takes_focus": True,
    }
    return render(request, "enterprises/_timeline.html", context)


def name_of_file(pk):
    return _("timeline-%(number)s") % {"number": Organisation(pk=pk).number}


@list_file(name_of_file, TIMELINE, page="enterprises:detail", roles=(*STAFF_ROLES, Role.FOUNDER))
def export(request, pk):
    """The timeline as a file, filtered as it is on the page; without notes."""
    return understood(filtered_or_404(request, pk)).timeline.all()

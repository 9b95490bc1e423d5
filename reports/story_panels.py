"""What stories add to the page of an area and to an entry of the directory."""

from django.utils.translation import gettext_lazy as _

from districts.panels import Panel
from reports.models import Story
from reports.stories import shown

MOST = 5


def stories_here(area, user):
    """The newest of the organisations of this area; None where there are none."""
    rows = Story.objects.public().filter(organisation__district__in=area.keys).for_list()[:MOST]
    return {"stories": shown(rows)} if rows else None


def stories_of_entry(row):
    """Those of the organisation behind an entry of the directory; None where there are none."""
    if row.organisation_id is None:
        return None
    rows = Story.objects.public().of(row.organisation_id).for_list()[:MOST]
    return {"stories": shown(rows)} if rows else None


PANELS = [Panel("stories", _("Success stories"), "reports/_stories_here.html", stories_here)]
ENTRY_PANELS = [(_("Success stories"), "reports/_stories_here.html", stories_of_entry)]

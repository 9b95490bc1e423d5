"""What surveys add to the page of their areas: those that can be answered now."""

from django.utils.translation import gettext_lazy as _

from districts.models import Survey
from districts.panels import Panel


def open_here(area, user):
    """None where nobody asks."""
    rows = Survey.objects.open().filter(areas__in=area.keys).distinct().order_by("closes_on", "pk")
    return {"surveys": rows} if rows else None


PANELS = [Panel("surveys", _("Have a say"), "districts/_surveys_here.html", open_here)]

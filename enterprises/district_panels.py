"""What organisations add to the page of their area: the public entries; for staff, the files."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from districts.panels import Panel
from enterprises.models import Entry, Organisation
from enterprises.public import shown

MOST = 12


def entries_of(area, user):
    """The first few of those in the directory; none where nobody is."""
    rows = Entry.objects.public().filter(district__in=area.keys)
    number = rows.count()
    if not number:
        return None
    return {
        "entries": shown(rows.for_list()[:MOST]),
        "number": number,
        "href": f"{reverse('enterprises:directory')}?area={area.district.pk}",
    }


def on_file(area, user):
    """Only for staff."""
    if not (user.is_authenticated and user.is_staff_member):
        return None
    rows = Organisation.objects.visible_to(user).filter(district__in=area.keys)
    return {"organisations": rows.order_by("sort_name", "pk")}


PANELS = [
    Panel("entries", _("Enterprises"), "enterprises/_entries_here.html", entries_of),
    Panel("on_file", _("Organisations"), "enterprises/_on_file_here.html", on_file, is_aside=True),
]

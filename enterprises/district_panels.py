"""What organisations add to the page of their area: entries, forums; for staff, the files."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from districts.panels import Panel
from enterprises.models import Agreement, Entry, Forum, Organisation, Resource
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


def forums_of(area, user):
    """Those that meet today and this reader may know of; for staff also that there are none."""
    is_staff = user.is_authenticated and user.is_staff_member
    rows = Forum.objects.visible_to(user).in_areas(area.keys).current()
    forums = list(rows.for_list())
    if not forums and not is_staff:
        return None
    return {
        "forums": forums,
        "has_feed": any(forum.is_public for forum in forums),
        "slug": area.district.slug,
        "area": area.district.pk if is_staff else None,
    }


def partnerships_of(area, user):
    """Only for staff: agreements in force here, and how much is offered and needed."""
    if not (user.is_authenticated and user.is_staff_member):
        return None
    agreements = Agreement.objects.visible_to(user).in_areas(area.keys).current()
    resources = Resource.objects.visible_to(user).in_areas(area.keys).open()
    return {
        "agreements": agreements.for_list(),
        "offers": resources.offers().count(),
        "needs": resources.needs().count(),
        "area": area.district.pk,
    }


def on_file(area, user):
    """Only for staff."""
    if not (user.is_authenticated and user.is_staff_member):
        return None
    rows = Organisation.objects.visible_to(user).filter(district__in=area.keys)
    return {"organisations": rows.order_by("sort_name", "pk")}


PANELS = [
    Panel("forums", _("Forums"), "enterprises/_forums_here.html", forums_of),
    Panel("entries", _("Enterprises"), "enterprises/_entries_here.html", entries_of),
    Panel(
        "partnerships",
        _("Partnerships"),
        "enterprises/_partnerships_here.html",
        partnerships_of,
        is_aside=True,
    ),
    Panel("on_file", _("Organisations"), "enterprises/_on_file_here.html", on_file, is_aside=True),
]

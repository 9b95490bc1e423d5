"""One area's page: what everyone may know, what the staff know, what other apps add."""

from django.utils import timezone

from best_portal.accounts.models import Role
from districts.models import District
from districts.outline import picture
from districts.panels import Area, panels


def sheet(district, user):
    """What the page of an area shows to this reader."""
    today = timezone.localdate()
    lineage = District.objects.filter(pk=district.pk).lineage()
    keys = tuple(lineage.values_list("pk", flat=True))
    found = panels(Area(district, keys), user)
    is_staff = user.is_authenticated and user.is_staff_member
    return {
        "district": district,
        # Without the outlines, which are large.
        "successions": district.successions.select_related("successor").defer("successor__outline"),
        "origins": district.origins.select_related("predecessor").defer("predecessor__outline"),
        "is_current": district.was_valid_on(today),
        "picture": drawing(district),
        "notes": district.context_notes.visible_to(user).for_list(),
        "is_staff": is_staff,
        "is_manager": is_staff and user.role == Role.MANAGER,
        "main": [(panel, given) for panel, given in found if not panel.is_aside],
        "aside": [(panel, given) for panel, given in found if panel.is_aside],
    }


def drawing(district):
    """The outline; where there is none yet, the area's point among those of all the others."""
    others = () if district.outline else District.objects.exclude(pk=district.pk).points()
    return picture([district.outline], district.point, others)

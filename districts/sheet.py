"""One area's page: the facts for everyone, the organisations and the work for staff."""

from django.urls import reverse
from django.utils import timezone

from districts.models import District
from districts.outline import picture

LATEST = 10


def sheet(district, user):
    """What the page shows; what others have tied to the area is asked through their relations."""
    today = timezone.localdate()
    hours = district.office_hours.of_active_advisors().valid_between(today, today)
    context = {
        "district": district,
        "is_current": district.was_valid_on(today),
        "picture": drawing(district),
        "office_hours": hours.select_related("advisor").order_by("weekday", "starts_at"),
        "is_staff": user.is_authenticated and user.is_staff_member,
    }
    if context["is_staff"]:
        consultations = district.consultations.visible_to(user)
        context |= {
            "organisations": district.organisations.visible_to(user).order_by("sort_name", "pk"),
            "totals": consultations.totals(),
            "by_kind": consultations.totals_by_kind(),
            "consultations": consultations.newest_first().for_list()[:LATEST],
            "rows_url": f"{reverse('consultations:list')}?district={district.pk}",
        }
    return context


def drawing(district):
    """The outline; where there is none yet, the area's point among those of all the others."""
    others = () if district.outline else District.objects.exclude(pk=district.pk).points()
    return picture([district.outline], district.point, others)

"""What the work adds to the page of an area: whom one meets, when next; for staff the figures."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from consultations.models import Consultation, OfficeHours, Project
from consultations.models.free_times import openings
from consultations.models.office_hours import HORIZON
from districts.panels import Panel

LATEST = 10


def office_hours_of(area, user):
    """When somebody is met here, the next date of each; shown also where there are none."""
    today = timezone.localdate()
    rows = OfficeHours.objects.filter(district__in=area.keys).with_days(today, today + HORIZON)
    hours = list(rows.valid_between(today, today).order_by("weekday", "starts_at", "pk"))
    for each in hours:
        each.next = next(iter(openings(each, today, today + HORIZON)), None)
    return {"office_hours": hours}


def responsible_for(area, user):
    """Whom to turn to: who is met here, else the team of the project at work here today."""
    if not area.district.was_valid_on(timezone.localdate()):
        return None
    today, advisors = timezone.localdate(), User.objects.advisors()
    hours = OfficeHours.objects.filter(district__in=area.keys).valid_between(today, today)
    people = advisors.filter(Q(office_hours__in=hours) | Q(team_office_hours__in=hours)).distinct()
    if not people:
        running = Project.objects.running_on(today).filter(districts__in=area.keys)
        people = advisors.filter(projects__in=running).distinct()
    return {"people": people} if people else None


def figures_of(area, user):
    """Only for staff: the consultations held in this area under this name."""
    if not (user.is_authenticated and user.is_staff_member):
        return None
    consultations = Consultation.objects.visible_to(user).filter(district=area.district)
    return {
        "totals": consultations.totals(),
        "by_kind": consultations.totals_by_kind(),
        "consultations": consultations.newest_first().for_list()[:LATEST],
        "rows_url": f"{reverse('consultations:list')}?district={area.district.pk}",
    }


PANELS = [
    Panel("office_hours", _("Office hours"), "consultations/_hours_here.html", office_hours_of),
    Panel("figures", _("Consultations"), "consultations/_figures_here.html", figures_of),
    Panel(
        "responsible",
        _("Your contact"),
        "consultations/_responsible_here.html",
        responsible_for,
        is_aside=True,
    ),
]

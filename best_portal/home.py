"""The first page of each role: what waits for this person today."""

from datetime import timedelta

from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Appointment, Consultation, Project
from reports.models import Deadline, ReportVersion

ROWS = 5
# How far ahead the management looks for deadlines.
AHEAD = timedelta(days=120)


def this_month():
    today = timezone.localdate()
    return today.replace(day=1), today


def advisor(user):
    own = Consultation.objects.visible_to(user).held_by(user)
    appointments = Appointment.objects.visible_to(user).of_advisor(user)
    return {
        "appointments": appointments.upcoming().for_agenda()[:ROWS],
        "unlogged": appointments.unlogged().count(),
        "consultations": own.newest_first().for_list()[:ROWS],
        "month": own.between(*this_month()).totals(),
    }


def manager(user):
    today = timezone.localdate()
    versions = ReportVersion.objects.visible_to(user)
    return {
        "deadlines": Deadline.objects.visible_to(user).between(today, today + AHEAD).for_list(),
        "drafts": versions.to_be_decided().for_list()[:ROWS],
        "month": Consultation.objects.visible_to(user).between(*this_month()).totals(),
        "unlogged": Appointment.objects.visible_to(user).unlogged().count(),
        "projects": Project.objects.visible_to(user).running_on(today).for_directory(),
    }


def founder(user):
    own = Appointment.objects.visible_to(user)
    return {"appointments": own.upcoming().for_agenda()[:ROWS]}


def funder(user):
    return {"versions": ReportVersion.objects.visible_to(user).for_list()[:ROWS]}


def evaluator(user):
    return {"projects": Project.objects.visible_to(user).for_directory()}


PANELS = {
    Role.ADVISOR: ("home/_advisor.html", advisor),
    Role.MANAGER: ("home/_manager.html", manager),
    Role.FOUNDER: ("home/_founder.html", founder),
    Role.FUNDER: ("home/_funder.html", funder),
    Role.EVALUATOR: ("home/_evaluator.html", evaluator),
}


def dashboard_for(user):
    """Return the context of this person's first page."""
    panels, context = PANELS[user.role]
    return {"panels": panels, **context(user)}

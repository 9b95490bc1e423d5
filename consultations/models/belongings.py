"""Belongings: what is in an advisor's hands, and must be in somebody else's before they leave."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models.absences import Absence
from consultations.models.appointments import Appointment
from consultations.models.booking import TAKEN
from consultations.models.cases import SupportCase
from consultations.models.group_states import GroupStatus
from consultations.models.groups import GroupSession
from consultations.models.office_hours import OfficeHours
from consultations.models.project import Project
from consultations.models.promises import Promise
from consultations.models.waiting import WaitingEntry
from enterprises.models import Agreement, Decision, Forum

# What a handover moves, and what somebody decides by hand, each with its name on pages.
MOVED = {
    "cases": _("Running support cases"),
    "promises": _("Open promises"),
    "appointments": _("Appointments to come"),
    "waiting": _("Entries of the waiting list that wish for this advisor"),
    "office_hours": _("Office hours"),
    "teams_on_duty": _("Office hours of a team"),
    "projects": _("Teams of projects"),
    "forums": _("Forums looked after"),
    "decisions": _("Open decisions of forums"),
    "agreements": _("Cooperation agreements looked after"),
}
BY_HAND = {
    "sessions": _("Group sessions to come"),
    "unlogged": _("Past appointments without a consultation"),
    "standing_in": _("Absences in which this person stands in"),
}


class Belongings:
    """Each kind as rows, found by the columns that name the advisor."""

    def __init__(self, user):
        self.user = user

    @property
    def cases(self):
        """Also those in the bin: they can be taken out again."""
        return SupportCase.objects.of_advisor(self.user).filter(closed_on=None)

    @property
    def promises(self):
        return Promise.objects.of_advisor(self.user).open()

    @property
    def appointments(self):
        """Held times are among them: somebody may be confirming one just now."""
        rows = Appointment.objects.of_advisor(self.user)
        return rows.filter(status__in=TAKEN, starts_at__gt=timezone.now())

    @property
    def waiting(self):
        return WaitingEntry.objects.active().filter(advisor=self.user)

    @property
    def office_hours(self):
        return OfficeHours.objects.current().filter(advisor=self.user)

    @property
    def teams_on_duty(self):
        return OfficeHours.objects.current().filter(members=self.user)

    @property
    def projects(self):
        return Project.objects.filter(team=self.user)

    @property
    def forums(self):
        """Also those that are over: somebody answers for what they decided."""
        return Forum.objects.kept_by(self.user)

    @property
    def decisions(self):
        return Decision.objects.open().filter(advisor=self.user)

    @property
    def agreements(self):
        return Agreement.objects.kept_by(self.user)

    @property
    def sessions(self):
        rows = GroupSession.objects.filter(leaders=self.user)
        return rows.filter(
            status__in=(GroupStatus.DRAFT, GroupStatus.PUBLISHED),
            dates__ends_at__gt=timezone.now(),
        ).distinct()

    @property
    def unlogged(self):
        return Appointment.objects.of_advisor(self.user).unlogged()

    @property
    def standing_in(self):
        return Absence.objects.not_over().filter(substitute=self.user)

    def counted(self, kinds=None):
        """How many of each kind there are, as [(name of the kind, number)]; none is left out."""
        found = [(label, getattr(self, name).count()) for name, label in (kinds or ALL).items()]
        return [(label, number) for label, number in found if number]


ALL = MOVED | BY_HAND

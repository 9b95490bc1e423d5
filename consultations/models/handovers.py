"""Handover: one advisor's work goes to others, at one moment and as a whole."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.handover_letters import tell_giver, tell_successor
from consultations.models.appointments import Appointment
from consultations.models.belongings import Belongings
from consultations.models.dossiers import Dossier
from consultations.models.project import Project
from consultations.models.reading_on import READS_FOR
from consultations.models.transfer import Transfer, of_one_case


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager's are all; an advisor's those they gave and those they got a part of."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                got = Dossier.objects.filter(handover=OuterRef("pk"), to=user)
                return self.filter(Q(giver=user) | Q(to=user) | Exists(got))
            case _:
                return self.none()

    def for_list(self):
        return self.select_related("giver", "to", "handed_by").order_by("-handed_at", "-pk")

    @transaction.atomic
    def of_case(self, case, *, giver, to, promises, by, with_appointments=False):
        """Keep that one case went to a colleague; both are told, and its dossier goes with it.

        Where it is said so, what the giver has booked with its organisation goes, too, by the
        rules of `hand_over`.
        """
        handover = self.create(giver=giver, to=to, handed_by=by)
        Dossier.objects.hand(case, handover=handover, to=to, by=by)
        met = of_one_case(handover, case, by=by) if with_appointments else []
        handover.moved = {"cases": 1, "promises": promises}
        if with_appointments:
            handover.moved["appointments"] = len(met)
        handover.save(update_fields=["moved"])
        Event.objects.record(actor=by, verb="handover.made", subject=handover)
        handover.tell({to: handover.moved}, {to: met})
        return handover

    @transaction.atomic
    def hand_over(self, *, by, giver, to, form_key=None, cases=None, office_hours=None):
        """Give all an advisor has in hand to colleagues: to whom it says for a case or for office
        hours (by key), everything else to `to`.

        What belongs to a case goes with it: its promises, and the appointments of its
        organisation. An appointment at a time when the colleague has something else stays, as do
        group sessions: somebody decides about them. The same form sent twice gives the first
        handover back. Refuses who could not meet people here, and giving it to oneself.
        """
        recipients = {to, *(cases or {}).values(), *(office_hours or {}).values()}
        with explained(self.model):
            if form_key:
                take_turns(form_key)
                if earlier := self.filter(form_key=form_key, handed_by=by).first():
                    return earlier
            # In the same order for everybody, so that no two wait for each other.
            for pk in sorted({giver.pk, *(each.pk for each in recipients)}):
                take_turns(f"advisor-{pk}")
        fit = User.objects.advisors().filter(pk__in=[each.pk for each in recipients])
        if giver in recipients or fit.count() != len(recipients):
            raise ValidationError(_("Only another advisor who may sign in can take over."))
        with explained(self.model):
            handover = self.create(giver=giver, to=to, handed_by=by, form_key=form_key)
        transfer = Transfer(handover, cases or {}, office_hours or {}, by=by)
        with explained(self.model):
            transfer.carry_out()
        handover.save(update_fields=["moved"])
        Event.objects.record(actor=by, verb="handover.made", subject=handover, **handover.moved)
        handover.tell(transfer.shares, transfer.met)
        return handover


class Handover(models.Model):
    """Übergabe: what was in one advisor's hands, to whom it went, and how much it was."""

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="handovers",
        verbose_name=_("handed over by"),
    )
    # Whoever got everything that was not given to somebody else.
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("successor"),
    )
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    handed_at = models.DateTimeField(_("handed over"), auto_now_add=True)
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    # The teams the predecessor left; empty where a single case went.
    projects = models.ManyToManyField(Project, editable=False, related_name="handovers")
    appointments = models.ManyToManyField(Appointment, editable=False, related_name="+")
    # Kind → how many.
    moved = models.JSONField(default=dict, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-handed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_handover_to_somebody_else",
                condition=~Q(giver=F("to")),
                violation_error_message=_("Nobody hands over to themselves."),
            ),
        ]

    def __str__(self):
        return f"{self.giver} → {self.to}"

    def get_absolute_url(self):
        return reverse("consultations:handover", args=[self.pk])

    @property
    def reads_until(self):
        """The last moment the predecessor may read what they held."""
        return self.handed_at + READS_FOR

    @property
    def is_read_still(self):
        return timezone.now() < self.reads_until

    def tell(self, shares, appointments):
        """Write to everybody who got something, and to whoever gave it; not to who did it."""
        for to, share in shares.items():
            if to != self.handed_by:
                tell_successor(self, to, share, appointments[to])
        if self.giver != self.handed_by and self.giver.is_active:
            tell_giver(self, [each for rows in appointments.values() for each in rows])

    def colliding(self):
        """The appointments that were to go and stayed, for nobody could take them over then."""
        if "appointments" not in self.moved and not self.projects.exists():
            return Appointment.objects.none()
        rows = Belongings(self.giver).appointments.filter(person__isnull=False)
        if not self.projects.exists():
            rows = rows.filter(organisation__cases__dossiers__handover=self)
        return rows.for_agenda()

    @property
    def told_otherwise(self):
        """The appointments whose person no mail tells of it: by phone or on paper."""
        return [each for each in self.appointments.for_agenda() if not each.mail_to_person]

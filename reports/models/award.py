"""DeMinimisAward: the value of one consultation, given to an enterprise as de minimis aid."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Round
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models import Consultation
from enterprises.models import Organisation
from reports.models.aid import DeMinimisRule
from reports.models.awarding import Awarding
from reports.models.declaration import Declaration
from reports.models.grant import Grant


class DeMinimisAwardQuerySet(Awarding, models.QuerySet):
    def visible_to(self, user):
        """All of the agency's staff, and founders their own organisations'."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(organisation__in=Organisation.objects.visible_to(user))
            case _:
                return self.none()

    def revocable_by(self, user):
        return self.in_force() if user.role == Role.MANAGER else self.none()

    def in_force(self):
        """Without what was revoked."""
        return self.filter(revoked_at=None)

    def of(self, organisations):
        return self.filter(organisation__in=organisations)

    def granted_between(self, after, until):
        """Granted after one day and not later than another."""
        return self.filter(granted_on__gt=after, granted_on__lte=until).order_by("granted_on", "pk")

    def to_register(self):
        """Those the public register does not know yet, the most urgent first."""
        rows = self.in_force().filter(register_due_on__isnull=False, registered_on=None)
        return rows.order_by("register_due_on", "pk")

    def registered(self):
        return self.filter(registered_on__isnull=False).order_by("-registered_on", "-pk")

    def with_nace(self):
        """Add `nace`: the branch as the organisation declared it last."""
        said = Declaration.objects.filter(organisation=OuterRef("organisation")).exclude(nace="")
        said = said.newest_first()
        return self.annotate(nace=Subquery(said.values("nace")[:1]))

    def newest_first(self):
        return self.order_by("-granted_on", "-pk")

    def for_list(self):
        return self.select_related(
            "organisation", "grant__programme", "grant__project", "rule", "consultation"
        ).defer("consultation__internal_note", "consultation__result")


class DeMinimisAward(models.Model):
    """De-minimis-Beihilfe: hours × rate − fee of one consultation, on the day it was held."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="de_minimis_awards"
    )
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="de_minimis_awards")
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="de_minimis_awards"
    )
    rule = models.ForeignKey(DeMinimisRule, on_delete=models.PROTECT, related_name="awards")
    granted_on = models.DateField(_("granted on"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    rate = models.DecimalField(_("EUR an hour"), max_digits=7, decimal_places=2)
    fee = models.DecimalField(_("fee paid (EUR)"), max_digits=9, decimal_places=2, default=0)
    amount = models.DecimalField(_("value of the aid (EUR)"), max_digits=9, decimal_places=2)
    # As they were on the day of the award: a certificate does not change with a move.
    recipient = models.CharField(_("recipient"), max_length=460)
    awarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    awarded_at = models.DateTimeField(default=timezone.now, editable=False)
    retain_until = models.DateField(_("proof kept until"))
    register_due_on = models.DateField(_("in the register by"), null=True)
    registered_on = models.DateField(_("in the register since"), null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_because = models.CharField(_("revoked because"), max_length=300, blank=True)

    objects = DeMinimisAwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("de minimis aid")
        verbose_name_plural = _("de minimis aids")
        ordering = ["-granted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(revoked_at=None),
                name="reports_deminimisaward_one_per_consultation",
                violation_error_message=_("This consultation was granted as aid already."),
            ),
            models.CheckConstraint(
                name="reports_deminimisaward_is_positive",
                condition=Q(amount__gt=0, fee__gte=0),
                violation_error_message=_("Aid is more than 0 EUR, and a fee not below it."),
            ),
            models.CheckConstraint(
                name="reports_deminimisaward_amount_agrees",
                condition=Q(amount=Round(F("minutes") * F("rate") / 60, 2) - F("fee")),
                violation_error_message=_("The amount is not hours times rate less the fee."),
            ),
            models.CheckConstraint(
                name="reports_deminimisaward_proof_is_kept",
                condition=Q(retain_until__gt=F("granted_on")),
                violation_error_message=_("The proof is kept beyond the day of the grant."),
            ),
            models.CheckConstraint(
                name="reports_deminimisaward_registered_after_grant",
                condition=Q(registered_on=None) | Q(registered_on__gte=F("granted_on")),
                violation_error_message=_("Aid is registered after it was granted."),
            ),
            models.CheckConstraint(
                name="reports_deminimisaward_revoked_with_a_reason",
                condition=Q(revoked_at=None, revoked_because="")
                | Q(revoked_at__isnull=False) & ~Q(revoked_because=""),
                violation_error_message=_("Say why the aid is revoked."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} ({self.granted_on:%d.%m.%Y})"

    def get_absolute_url(self):
        return reverse("reports:de_minimis_account", args=[self.organisation_id])

    @property
    def number(self):
        """What the certificate and the register call it."""
        return f"DM-{self.pk:05d}"

    @property
    def is_overdue(self):
        return self.registered_on is None and self.register_due_on < timezone.localdate()

    @transaction.atomic
    def revoke(self, *, by, because):
        """Take back an award made by mistake: it counts no more; the row and its reason stay."""
        with explained(DeMinimisAward):
            revoked = (
                DeMinimisAward.objects.in_force()
                .filter(pk=self.pk)
                .update(revoked_at=timezone.now(), revoked_because=because.strip())
            )
        if not revoked:
            raise ValidationError(_("This aid was revoked already."))
        Event.objects.record(actor=by, verb="deminimisaward.revoked", subject=self)

    @transaction.atomic
    def register(self, *, by):
        """Note that the award stands in the public register, as of today."""
        entered = (
            DeMinimisAward.objects.to_register()
            .filter(pk=self.pk)
            .update(registered_on=timezone.localdate())
        )
        if not entered:
            raise ValidationError(_("This aid is not waiting for its entry any more."))
        Event.objects.record(actor=by, verb="deminimisaward.registered", subject=self)


def headroom(organisation, on):
    """How much de minimis aid the organisation, with those it counts as one with, may still get
    on that day; None where no rule is in force."""
    account = DeMinimisAward.objects.account(organisation, on)
    return account and account.remaining

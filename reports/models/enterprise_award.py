"""EnterpriseAward: money of a grant that went on to an enterprise, and what it added itself."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import worded
from enterprises.models import Organisation
from reports.models.grant import Grant

# What the trigger calls its refusal to touch what a report that was accepted counts.
worded(
    "reports_accepted_awards_stay",
    _(
        "A report that was accepted counts this award, or its period holds one of the days. Open "
        "the period first, with a reason."
    ),
)


class AwardKind(models.TextChoices):
    GRANT = "grant", _("grant to the enterprise")
    INSTRUMENT = "instrument", _("financial instrument (loan, guarantee, share)")


class EnterpriseAwardQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        return self.all() if user.role == Role.MANAGER else self.none()

    def withdrawable_by(self, user):
        return self.valid() if user.role == Role.MANAGER else self.none()

    def restorable_by(self, user):
        return self.in_bin() if user.role == Role.MANAGER else self.none()

    def for_bin(self):
        return self.select_related("grant", "organisation", "withdrawn_by")

    def of(self, grant):
        return self.valid().filter(grant=grant)

    def for_list(self):
        return self.select_related("grant", "organisation").order_by("granted_on", "pk")


class EnterpriseAward(Withdrawable):
    """Förderung eines Unternehmens: Zuschuss or Finanzinstrument, paid from a Zuwendung.

    It counts once it is completed (funding.md §8.1: RCO02, RCO03), and what the enterprise says it
    put in of private money once it has confirmed the amount (RCR02). What an accepted report
    counted of it stays; it may still be completed after that period.
    """

    grant = models.ForeignKey(
        Grant,
        on_delete=models.PROTECT,
        editable=False,
        related_name="enterprise_awards",
        verbose_name=_("grant"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="enterprise_awards",
        verbose_name=_("enterprise"),
    )
    kind = models.CharField(_("kind of award"), max_length=10, choices=AwardKind)
    granted_on = models.DateField(_("granted on"))
    amount = models.DecimalField(_("amount (EUR)"), max_digits=11, decimal_places=2)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    private_amount = models.DecimalField(
        _("private investment matching it (EUR)"),
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
    )
    proof = models.CharField(_("proof"), max_length=200)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=150, blank=True)

    objects = EnterpriseAwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award to an enterprise")
        verbose_name_plural = _("awards to enterprises")
        ordering = ["granted_on", "pk"]
        constraints = [
            withdrawn_together("reports_enterpriseaward_deleted_by_somebody"),
            models.CheckConstraint(
                name="reports_enterpriseaward_kind_is_known",
                condition=Q(kind__in=AwardKind.values),
                violation_error_message=_("Choose a grant or a financial instrument."),
            ),
            models.CheckConstraint(
                name="reports_enterpriseaward_is_positive",
                condition=Q(amount__gt=0) & (Q(private_amount=None) | Q(private_amount__gte=0)),
                violation_error_message=_(
                    "An award is more than 0 EUR, and private money not below it."
                ),
            ),
            models.CheckConstraint(
                name="reports_enterpriseaward_completed_after_grant",
                condition=Q(completed_on=None) | Q(completed_on__gte=F("granted_on")),
                violation_error_message=_("An award is completed after it was granted."),
            ),
            models.CheckConstraint(
                name="reports_enterpriseaward_has_proof",
                condition=~Q(proof=""),
                violation_error_message=_("Say what proves it."),
            ),
            models.CheckConstraint(
                name="reports_enterpriseaward_confirmation_is_whole",
                condition=Q(confirmed_on=None, confirmed_by="")
                | (Q(confirmed_on__isnull=False) & ~Q(confirmed_by="")),
                violation_error_message=_("A confirmation needs its day and who confirmed."),
            ),
            models.CheckConstraint(
                name="reports_enterpriseaward_private_money_is_confirmed",
                condition=Q(private_amount=None) | Q(confirmed_on__isnull=False),
                violation_error_message=_(
                    "Private money counts as the enterprise confirmed it: say when and who."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} ({self.granted_on:%d.%m.%Y})"

    @property
    def home(self):
        return reverse("reports:enterprise_awards", args=[self.grant.ref])

    @property
    def bin_owner(self):
        return self.grant.reference

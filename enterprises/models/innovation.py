"""Innovation: something new that an enterprise introduced, with its day and its confirmation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.bin.models import WithdrawableQuerySet, withdrawn_together
from enterprises.models.accountable import Accountable
from enterprises.models.organisation import Organisation


class InnovationKind(models.TextChoices):
    """Arten von Innovation, as the indicators RCR03 and RCR04 tell them apart."""

    PRODUCT = "product", _("product or service")
    PROCESS = "process", _("process")
    MARKETING = "marketing", _("marketing")
    ORGANISATION = "organisation", _("organisation of the work")


class InnovationQuerySet(WithdrawableQuerySet):
    def of(self, organisations):
        return self.valid().filter(organisation__in=organisations)

    def confirmed(self):
        """Those the enterprise itself has confirmed; only these are counted."""
        return self.filter(confirmed_on__isnull=False)


class Innovation(Accountable):
    """Innovation: what was introduced, on which day, and what shows it."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="innovations"
    )
    kind = models.CharField(_("kind of innovation"), max_length=12, choices=InnovationKind)
    what = models.CharField(_("what is new"), max_length=200)
    introduced_on = models.DateField(_("introduced on"))
    is_in_house = models.BooleanField(_("developed in the enterprise itself"), default=False)
    evidence = models.CharField(_("evidence"), max_length=200)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=150, blank=True)

    fact = "innovation"
    counted_fields = ("kind", "introduced_on", "is_in_house", "confirmed_on")

    objects = InnovationQuerySet.as_manager()

    class Meta:
        verbose_name = _("innovation")
        verbose_name_plural = _("innovations")
        ordering = ["-introduced_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_innovation_kind_is_known",
                condition=Q(kind__in=InnovationKind.values),
                violation_error_message=_("Choose one of the kinds of innovation."),
            ),
            models.CheckConstraint(
                name="enterprises_innovation_says_what",
                condition=~Q(what=""),
                violation_error_message=_("Say what is new."),
            ),
            models.CheckConstraint(
                name="enterprises_innovation_has_evidence",
                condition=~Q(evidence=""),
                violation_error_message=_("Say by what evidence."),
            ),
            models.CheckConstraint(
                name="enterprises_innovation_confirmation_is_whole",
                condition=Q(confirmed_on=None, confirmed_by="")
                | (Q(confirmed_on__isnull=False) & ~Q(confirmed_by="")),
                violation_error_message=_("A confirmation needs its day and who confirmed."),
            ),
            withdrawn_together("enterprises_innovation_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.what} ({self.introduced_on:%d.%m.%Y})"

    @property
    def counts_from(self):
        """Unconfirmed it is in no figure."""
        return self.introduced_on if self.confirmed_on else None

    def differs_since(self, *, kind, introduced_on, is_in_house, confirmed_on):
        """See Accountable. To confirm one is no change: it is everyday work, as with jobs."""
        is_other = (self.kind, self.introduced_on, self.is_in_house) != (
            kind,
            introduced_on,
            is_in_house,
        )
        if self.pk is None or is_other or self.confirmed_on and not confirmed_on:
            return min(day for day in (self.introduced_on, introduced_on) if day)
        return None

"""What an agreement is made of: parties and what they bring in, stages, milestones, reviews."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from enterprises.models.organisation import Organisation
from enterprises.models.resource import ResourceKind


class PartQuerySet(WithdrawableQuerySet):
    def for_bin(self):
        return self.select_related("agreement", "withdrawn_by")


class AgreementPart(Withdrawable):
    """What every part of an agreement is: of one agreement, deleted with a way back."""

    agreement = models.ForeignKey(
        "enterprises.Agreement", on_delete=models.CASCADE, related_name="%(class)ss"
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    bin_owner = None

    @property
    def home(self):
        return self.agreement.get_absolute_url()


class AgreementParty(AgreementPart):
    """Partei: one body that has signed."""

    agreement = models.ForeignKey(
        "enterprises.Agreement", on_delete=models.CASCADE, related_name="parties"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="agreement_parties",
        verbose_name=_("partner"),
    )

    class Meta:
        verbose_name = _("party of an agreement")
        verbose_name_plural = _("parties of agreements")
        ordering = ["agreement", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"],
                condition=Q(withdrawn_at=None),
                name="enterprises_agreementparty_once",
                violation_error_message=_("This partner is a party already."),
            ),
            withdrawn_together("enterprises_agreementparty_deleted_by_somebody"),
        ]

    def __str__(self):
        return str(self.organisation)


class PledgeQuerySet(PartQuerySet):
    def valid(self):
        """Neither deleted itself nor with its party."""
        return super().valid().filter(party__withdrawn_at=None)

    def for_list(self):
        return self.select_related("party__organisation").order_by(
            "party__organisation__sort_name", "pk"
        )


class Pledge(AgreementPart):
    """Zugesagter Beitrag: what one party brings in."""

    agreement = models.ForeignKey(
        "enterprises.Agreement", on_delete=models.CASCADE, related_name="pledges"
    )
    party = models.ForeignKey(
        AgreementParty, on_delete=models.CASCADE, related_name="pledges", verbose_name=_("party")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=ResourceKind)
    what = models.CharField(_("what"), max_length=300)
    value = models.DecimalField(
        _("worth (euros)"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledged contribution")
        verbose_name_plural = _("pledged contributions")
        ordering = ["agreement", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_pledge_kind_is_known",
                condition=Q(kind__in=ResourceKind.values),
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                name="enterprises_pledge_says_what",
                condition=~Q(what=""),
                violation_error_message=_("Say what is brought in."),
            ),
            models.CheckConstraint(
                name="enterprises_pledge_is_not_negative",
                condition=Q(value=None) | Q(value__gte=0),
                violation_error_message=_("A contribution is worth nothing or more."),
            ),
            withdrawn_together("enterprises_pledge_deleted_by_somebody"),
        ]

    def __str__(self):
        return self.what


class AgreementStage(AgreementPart):
    """Etappe: what is to be reached from a day to a day."""

    agreement = models.ForeignKey(
        "enterprises.Agreement", on_delete=models.CASCADE, related_name="stages"
    )
    title = models.CharField(_("what is to be reached"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("stage of an agreement")
        verbose_name_plural = _("stages of agreements")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_agreementstage_says_what",
                condition=~Q(title=""),
                violation_error_message=_("Say what is to be reached."),
            ),
            models.CheckConstraint(
                name="enterprises_agreementstage_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A stage cannot end before it starts."),
            ),
            withdrawn_together("enterprises_agreementstage_deleted_by_somebody"),
        ]

    def __str__(self):
        return self.title

    @property
    def is_now(self):
        return self.starts_on <= timezone.localdate() <= self.ends_on


class Milestone(AgreementPart):
    """Meilenstein: something that is there on a day, or was late."""

    agreement = models.ForeignKey(
        "enterprises.Agreement", on_delete=models.CASCADE, related_name="milestones"
    )
    title = models.CharField(_("what is there then"), max_length=200)
    due_on = models.DateField(_("due on"))
    reached_on = models.DateField(_("reached on"), null=True, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_milestone_says_what",
                condition=~Q(title=""),
                violation_error_message=_("Say what is there then."),
            ),
            withdrawn_together("enterprises_milestone_deleted_by_somebody"),
        ]

    def __str__(self):
        return self.title

    @property
    def is_late(self):
        return self.reached_on is None and self.due_on < timezone.localdate()

    @property
    def state(self):
        """Reached, late or to come, in one word."""
        if self.reached_on:
            return _("achieved")
        return _("late") if self.is_late else _("to come")


class AgreementReview(models.Model):
    """Überprüfung: what was found when the parties looked at their agreement; it stays."""

    agreement = models.ForeignKey(
        "enterprises.Agreement", on_delete=models.CASCADE, related_name="reviews"
    )
    held_on = models.DateField(_("reviewed on"))
    result = models.TextField(_("what was found"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("review of an agreement")
        verbose_name_plural = _("reviews of agreements")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_agreementreview_has_a_result",
                condition=~Q(result=""),
                violation_error_message=_("Say what the review found."),
            ),
        ]

    def __str__(self):
        return f"{self.held_on:%d.%m.%Y}"

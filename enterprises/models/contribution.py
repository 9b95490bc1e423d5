"""Contribution: what a partner has put in, on which day, for which area; added up per year."""

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from districts.models import District
from enterprises.models.agreement import Agreement
from enterprises.models.organisation import Organisation
from enterprises.models.resource import Resource, ResourceKind


class ContributionQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        return self.valid() if user.is_authenticated and user.is_staff_member else self.none()

    def editable_by(self, user):
        return self.visible_to(user)

    def in_areas(self, keys):
        return self.filter(district__in=keys)

    def of_year(self, year):
        return self.filter(given_on__year=year)

    def by_partner(self):
        """One row for each year, area, partner and kind: how many, hours, euros."""
        return (
            self.values(
                "kind",
                year=ExtractYear("given_on"),
                area=F("district__name"),
                partner=F("organisation__name"),
                partner_pk=F("organisation"),
            )
            .annotate(number=Count("pk"), total_hours=Sum("hours"), total_value=Sum("value"))
            .order_by("-year", F("area").asc(nulls_last=True), "organisation__sort_name", "kind")
        )

    def newest_first(self):
        return self.order_by("-given_on", "-pk")

    def for_list(self):
        return self.select_related("organisation", "district", "agreement").defer(
            "district__outline"
        )

    def for_bin(self):
        return self.select_related("organisation", "withdrawn_by")


class Contribution(Withdrawable):
    """Beitrag: rooms, hours, money or goods a partner has put in."""

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="contributions",
        verbose_name=_("partner"),
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("neighbourhood"),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=ResourceKind)
    what = models.CharField(_("what"), max_length=300)
    given_on = models.DateField(_("on"), default=timezone.localdate)
    hours = models.DecimalField(_("hours"), max_digits=8, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(
        _("worth (euros)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("under the agreement"),
    )
    # The offer it came from.
    offer = models.ForeignKey(
        Resource,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("from the offer"),
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_contribution_kind_is_known",
                condition=Q(kind__in=ResourceKind.values),
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                name="enterprises_contribution_says_what",
                condition=~Q(what=""),
                violation_error_message=_("Say what is brought in."),
            ),
            models.CheckConstraint(
                name="enterprises_contribution_is_not_negative",
                condition=(Q(value=None) | Q(value__gte=0)) & (Q(hours=None) | Q(hours__gte=0)),
                violation_error_message=_("A contribution is worth nothing or more."),
            ),
            withdrawn_together("enterprises_contribution_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.what}"

    def get_absolute_url(self):
        return self.home

    @property
    def home(self):
        return reverse("enterprises:contributions")

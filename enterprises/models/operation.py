"""Operation: public money an authority's list says was given, and to whom."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, Round
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from enterprises.models.beneficiary import Beneficiary
from enterprises.models.organisation import Organisation

CENT = Decimal("0.01")
NOTHING = Decimal(0)


class PublishedFund(models.TextChoices):
    """Official acronyms stay German: they are printed on paper."""

    ESF = "esf", "ESF"
    EFRE = "efre", "EFRE"


class ProgrammingPeriod(models.TextChoices):
    """Förderperiode of the EU's structural funds."""

    Y2000 = "2000–2006", "2000–2006"
    Y2007 = "2007–2013", "2007–2013"
    Y2014 = "2014–2020", "2014–2020"
    Y2021 = "2021–2027", "2021–2027"


class OperationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the lists, founders what their own organisations received."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                own = Organisation.objects.visible_to(user).values("pk")
                return self.filter(beneficiary__organisation__in=own)
            case _:
                return self.none()

    def current(self):
        """Without what a later list has stated anew."""
        return self.filter(replaced_by=None)

    def received_by(self, organisations):
        """What these organisations received: one, or all of a single undertaking."""
        return self.filter(beneficiary__organisation__in=organisations)

    def begun_in_three_years_before(self, day):
        """Those begun in the three years that end on this day: from the day after the same day
        three years ago.

        The lists print no day of the grant, so the start stands for it. None of them says what is
        de minimis aid: that must be stated by the undertaking (Reg. (EU) 2023/2831, Art. 6).
        """
        return self.filter(starts_on__gt=years_before(day, 3), starts_on__lte=day)

    def newest_first(self):
        return self.order_by("-starts_on", "beneficiary__sort_name", "pk")

    def for_list(self):
        return self.select_related("beneficiary__organisation", "batch").defer(
            "summary", "batch__content", "batch__leftover", "batch__mapping", "batch__outcome"
        )

    def for_page(self):
        """One with everything that is known of it, and what it replaced."""
        return self.select_related("beneficiary__organisation", "batch", "replaced_by").defer(
            "batch__content", "batch__leftover"
        )

    def for_export(self):
        return self.for_list().defer(None).defer("batch__content", "batch__leftover")

    def totals(self):
        """How many, of how many beneficiaries, in all, and the EU's share where it is known."""
        return self.aggregate(
            count=Count("pk"),
            beneficiaries=Count("beneficiary", distinct=True),
            total=Coalesce(Sum("amount"), NOTHING),
            eu_total=Coalesce(Sum(Round(F("amount") * F("share") / 100, 2)), NOTHING),
        )


class Operation(models.Model):
    """Vorhaben: one line of a list of operations, as the authority printed it."""

    fund = models.CharField(_("fund"), max_length=4, choices=PublishedFund)
    period = models.CharField(
        _("programming period"), max_length=9, choices=ProgrammingPeriod, blank=True
    )
    beneficiary = models.ForeignKey(
        Beneficiary,
        on_delete=models.PROTECT,
        related_name="operations",
        verbose_name=_("beneficiary"),
    )
    name = models.CharField(_("operation"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"), null=True, blank=True)
    amount = models.DecimalField(_("total eligible expenditure"), max_digits=13, decimal_places=2)
    share = models.DecimalField(
        _("co-financing rate"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    place = models.CharField(_("place"), max_length=150, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    category = models.CharField(_("category of intervention"), max_length=300, blank=True)
    batch = models.ForeignKey(
        "enterprises.OperationImport",
        on_delete=models.PROTECT,
        editable=False,
        related_name="operations",
        verbose_name=_("source"),
    )
    batch_row = models.PositiveIntegerField(_("row in the source"), editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    identity = models.CharField(max_length=64, editable=False)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="replaces"
    )

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["-starts_on", "pk"]
        indexes = [
            models.Index(fields=["identity"], name="enterprises_operation_identity"),
            models.Index(fields=["beneficiary", "starts_on"], name="enterprises_operation_history"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                name="enterprises_operation_imported_once",
                violation_error_message=_("This operation was imported already."),
            ),
            models.CheckConstraint(
                name="enterprises_operation_fund_is_known",
                condition=Q(fund__in=PublishedFund.values),
                violation_error_message=_("Choose ESF or EFRE."),
            ),
            models.CheckConstraint(
                name="enterprises_operation_period_is_known",
                condition=Q(period__in=["", *ProgrammingPeriod.values]),
                violation_error_message=_("Choose one of the programming periods."),
            ),
            models.CheckConstraint(
                name="enterprises_operation_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("An operation needs a name."),
            ),
            models.CheckConstraint(
                name="enterprises_operation_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("An operation cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="enterprises_operation_amount_is_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("An amount cannot be below 0."),
            ),
            models.CheckConstraint(
                name="enterprises_operation_share_is_a_part",
                condition=Q(share=None) | Q(share__gte=0, share__lte=100),
                violation_error_message=_("A share lies between 0 and 100 percent."),
            ),
            models.CheckConstraint(
                name="enterprises_operation_not_replaced_by_itself",
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("pk")),
                violation_error_message=_("An operation cannot replace itself."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("enterprises:operation", args=[self.pk])

    @property
    def organisation(self):
        return self.beneficiary.organisation

    @property
    def eu_amount(self):
        """The EU's part of the expenditure, where the list prints the rate."""
        if self.share is None:
            return None
        return (self.amount * self.share / 100).quantize(CENT, ROUND_HALF_UP)


def years_before(day, years):
    """The same day so many years ago; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)

"""FinancingPlanLine: what a notice plans to come in and to be spent, position by position."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.db import numbered
from best_portal.refusals import at_field
from reports.models.costs import CostMethod
from reports.models.grant import Grant

at_field("reports_financingplanline_one_per_position", "position")


class LineKind(models.TextChoices):
    INCOME = "income", _("income")
    EXPENSE = "expense", _("expense")


class Costing(models.TextChoices):
    """What makes the amount of a line (funding.md §7)."""

    REAL = "real", _("vouchers")
    STAFF = "staff", _("vouchers of direct staff costs")
    HOURS = "hours", _("direct staff costs by hours")
    FLAT = "flat", _("a flat rate")
    LUMP = "lump", _("lump sums for results")


BY_VOUCHERS = (Costing.REAL, Costing.STAFF)


class Origin(models.TextChoices):
    """Whose money an income is."""

    GRANT = "grant", _("this grant")
    OTHER_GRANT = "other_grant", _("another grant")
    THIRD = "third", _("third parties")
    OWN = "own", _("own funds")


class FinancingPlanLineQuerySet(models.QuerySet):
    def taking_vouchers(self):
        """Those whose amounts are vouchers: no flat rate, and not what the authority pays."""
        return self.filter(costing__in=BY_VOUCHERS).exclude(origin=Origin.GRANT)


class FinancingPlanLine(models.Model):
    """Position des Finanzierungsplans: planned income or expense, in the notice's order."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="plan_lines")
    kind = models.CharField(_("kind"), max_length=7, choices=LineKind)
    position = models.CharField(_("position"), max_length=10)
    label = models.CharField(_("label"), max_length=200)
    planned = models.DecimalField(_("planned (EUR)"), max_digits=12, decimal_places=2)
    eligible = models.DecimalField(
        _("of it eligible (EUR)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    costing = models.CharField(
        _("made of"), max_length=5, choices=Costing, default=Costing.REAL, blank=True
    )
    method = models.ForeignKey(
        CostMethod,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_lines",
        verbose_name=_("cost method"),
    )
    origin = models.CharField(_("whose money"), max_length=11, choices=Origin, blank=True)
    sort_position = numbered("position")

    objects = FinancingPlanLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the financing plan")
        verbose_name_plural = _("lines of the financing plan")
        ordering = ["grant", "-kind", "sort_position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "kind", "position"],
                name="reports_financingplanline_one_per_position",
                violation_error_message=_("There is a line at this position already."),
            ),
            models.CheckConstraint(
                name="reports_financingplanline_kind_is_known",
                condition=Q(kind__in=LineKind.values),
                violation_error_message=_("Choose income or expense."),
            ),
            models.CheckConstraint(
                name="reports_financingplanline_is_not_negative",
                condition=Q(planned__gte=0) & (Q(eligible=None) | Q(eligible__gte=0)),
                violation_error_message=_("Planned amounts cannot be below 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_financingplanline_eligible_within_planned",
                condition=Q(eligible=None) | Q(eligible__lte=F("planned")),
                violation_error_message=_("The eligible part cannot exceed what is planned."),
            ),
            models.CheckConstraint(
                name="reports_financingplanline_costing_is_known",
                condition=Q(costing__in=Costing.values),
                violation_error_message=_("Choose what makes the amount of the line."),
            ),
            models.CheckConstraint(
                name="reports_financingplanline_method_where_needed",
                condition=Q(costing__in=BY_VOUCHERS, method=None)
                | ~Q(costing__in=BY_VOUCHERS) & Q(method__isnull=False),
                violation_error_message=_(
                    "Hours, flat rates and lump sums need their cost method; vouchers need none."
                ),
            ),
            models.CheckConstraint(
                name="reports_financingplanline_income_has_its_origin",
                condition=Q(kind=LineKind.INCOME, origin__in=Origin.values, costing=Costing.REAL)
                | ~Q(kind=LineKind.INCOME) & Q(origin=""),
                violation_error_message=_(
                    "An income says whose money it is and is made of vouchers; an expense is "
                    "nobody's."
                ),
            ),
            models.UniqueConstraint(
                fields=["grant"],
                condition=Q(origin=Origin.GRANT),
                name="reports_financingplanline_one_is_the_grant",
                violation_error_message=_("One line of the plan is the money of this grant."),
            ),
            # 15 % and 40 % of the same staff costs cannot stand beside each other (funding.md §7).
            models.UniqueConstraint(
                fields=["grant"],
                condition=Q(costing=Costing.FLAT),
                name="reports_financingplanline_one_flat_rate",
                violation_error_message=_("A plan has one flat rate at most."),
            ),
        ]

    def __str__(self):
        return f"{self.position} {self.label}"

    @property
    def takes_vouchers(self):
        return self.costing in BY_VOUCHERS and self.origin != Origin.GRANT

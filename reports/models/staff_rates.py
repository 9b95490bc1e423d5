"""StaffRate and Deliverable: what lines without vouchers are made of, hours and results."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.db import Days
from best_portal.templatetags.figures import euro
from reports import worked
from reports.models.financing import FinancingPlanLine
from reports.models.grant import Grant


class OfGrantQuerySet(models.QuerySet):
    def of(self, grant):
        return self.filter(line__grant=grant).select_related("line__method")


class StaffRateQuerySet(OfGrantQuerySet):
    def of_person(self, person):
        return self.filter(person=person).select_related("person")

    def within(self, since, until):
        """Those that hold on one of these days; no end means for ever."""
        begun = self.filter(since__lte=until) if until else self
        return begun.filter(Q(until=None) | Q(until__gte=since))


class StaffRate(models.Model):
    """Stundensatz: the documented annual cost of a person a line pays by the hour.

    A person has one rate at a time within a grant: the hours for its project are not told apart
    by line, and two rates would count them twice.
    """

    # That of the line; a foreign key of both holds them together.
    grant = models.ForeignKey(
        Grant, on_delete=models.PROTECT, related_name="staff_rates", editable=False
    )
    line = models.ForeignKey(
        FinancingPlanLine,
        on_delete=models.PROTECT,
        related_name="staff_rates",
        verbose_name=_("line of the plan"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    gross_year = models.DecimalField(
        _("annual gross employment cost (EUR)"), max_digits=9, decimal_places=2
    )
    contract_percent = models.DecimalField(
        _("share of a full-time contract (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(100),
    )
    since = models.DateField(_("valid from"))
    until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("documented in"), max_length=200)

    objects = StaffRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("hourly rate")
        verbose_name_plural = _("hourly rates")
        ordering = ["line", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_staffrate_cost_is_positive",
                condition=Q(gross_year__gt=0),
                violation_error_message=_("The annual cost is more than 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_staffrate_contract_is_a_share",
                condition=Q(contract_percent__gt=0, contract_percent__lte=100),
                violation_error_message=_("A contract is more than 0 and at most 100 percent."),
            ),
            models.CheckConstraint(
                name="reports_staffrate_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("A rate cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="reports_staffrate_one_at_a_time",
                expressions=[
                    ("grant", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This person has a rate in that time already. A second one, in another line "
                    "of the grant too, would count the hours twice."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {euro(self.hourly)}"

    def save(self, **kwargs):
        self.grant = self.line.grant
        super().save(**kwargs)

    @property
    def hourly(self):
        return worked.hourly_rate(
            self.gross_year, Decimal(self.line.method.year_hours), self.contract_percent
        )

    @property
    def year_minutes(self):
        """No more than the hours the rate was made of may be declared in a year."""
        hours = Decimal(self.line.method.year_hours) * self.contract_percent / 100
        return int(hours * 60)

    def covers(self, day):
        return self.since <= day and (self.until is None or day <= self.until)


class Deliverable(models.Model):
    """Ergebnis: what a lump sum is paid for, whole or not at all, and when it was proven."""

    line = models.ForeignKey(
        FinancingPlanLine,
        on_delete=models.PROTECT,
        related_name="deliverables",
        verbose_name=_("line of the plan"),
    )
    title = models.CharField(_("result"), max_length=200)
    amount = models.DecimalField(_("lump sum (EUR)"), max_digits=12, decimal_places=2)
    proven_on = models.DateField(_("proven on"), null=True, blank=True)
    proof = models.CharField(_("proven by"), max_length=200, blank=True)

    objects = OfGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("result with a lump sum")
        verbose_name_plural = _("results with lump sums")
        ordering = ["line", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_deliverable_amount_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("A lump sum is more than 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_deliverable_proven_by_something",
                condition=Q(proven_on=None) | ~Q(proof=""),
                violation_error_message=_("Say what proves the result."),
            ),
        ]

    def __str__(self):
        return self.title

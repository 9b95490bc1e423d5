"""DeMinimisRule and AidRate: how much aid there may be, and what an hour of advice is worth."""

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.db import Days
from enterprises.models.operation import years_before
from reports.models.grant import Grant
from reports.models.validity import ValidQuerySet


class RuleKey(models.TextChoices):
    GENERAL = "general", _("general")
    SGEI = "sgei", _("services of general economic interest")


class DeMinimisRule(models.Model):
    """De-minimis-Verordnung: ceiling and window, as the regulation in force sets them."""

    key = models.CharField(_("kind"), max_length=7, choices=RuleKey)
    ceiling = models.DecimalField(_("ceiling (EUR)"), max_digits=12, decimal_places=2)
    years = models.PositiveSmallIntegerField(_("years that count together"))
    regulation = models.CharField(_("regulation"), max_length=300)
    journal = models.CharField(_("official journal"), max_length=100)
    retention_years = models.PositiveSmallIntegerField(_("years to keep the proof"))
    # From which day a grant of aid is entered into the public register, and how soon.
    register_since = models.DateField(_("entered into the register since"), null=True)
    register_days = models.PositiveSmallIntegerField(_("working days for the entry"))
    source = models.TextField(_("source"))
    since = models.DateField(_("valid from"))
    until = models.DateField(_("valid until"), null=True)

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("de minimis rule")
        verbose_name_plural = _("de minimis rules")
        ordering = ["key", "since"]
        constraints = [
            models.CheckConstraint(
                name="reports_deminimisrule_key_is_known",
                condition=Q(key__in=RuleKey.values),
                violation_error_message=_("Choose the kind of the rule."),
            ),
            models.CheckConstraint(
                name="reports_deminimisrule_ceiling_is_positive",
                condition=Q(ceiling__gt=0),
                violation_error_message=_("A ceiling is more than 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_deminimisrule_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("A rule cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="reports_deminimisrule_one_at_a_time",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There is a rule of this kind in that time already."),
            ),
        ]

    def __str__(self):
        return self.regulation

    def counts_after(self, day):
        """The day after which aid still counts on that day."""
        return years_before(day, self.years)


class AidRate(models.Model):
    """Stundensatz: what an hour of advice paid by a grant is worth, documented, from a day on."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="aid_rates")
    rate = models.DecimalField(_("EUR an hour"), max_digits=7, decimal_places=2)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("documented in"), max_length=200)

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("value of an hour of advice")
        verbose_name_plural = _("values of an hour of advice")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_aidrate_is_positive",
                condition=Q(rate__gt=Decimal(0)),
                violation_error_message=_("An hour is worth more than 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_aidrate_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("A rate cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="reports_aidrate_one_at_a_time",
                expressions=[
                    ("grant", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The grant has a rate in that time already."),
            ),
        ]

    def __str__(self):
        return f"{self.rate} EUR"

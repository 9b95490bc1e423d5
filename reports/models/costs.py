"""CostMethod and AccountingRule: how costs are made out, and which limits hold, as data."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from best_portal.db import Days
from best_portal.templatetags.figures import number
from reports.models.validity import ValidQuerySet


class CostBase(models.TextChoices):
    """Of what a method takes its amount."""

    STAFF = "staff", _("a share of the direct staff costs")
    DIRECT = "direct", _("a share of the eligible direct costs")
    HOURS = "hours", _("documented hours at a rate")
    RESULTS = "results", _("lump sums for proven results")


SHARES = (CostBase.STAFF, CostBase.DIRECT)


class CostMethod(models.Model):
    """Kostenmethode: a simplified cost option with its rate, valid from a day on.

    Real costs need none: they are the vouchers (Regulation (EU) 2021/1060, Art. 53 to 56, by
    funding.md §7).
    """

    name = models.CharField(_("name"), max_length=120)
    base = models.CharField(_("taken of"), max_length=7, choices=CostBase)
    rate = models.DecimalField(
        pgettext_lazy("of a cost method", "rate (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    year_hours = models.PositiveSmallIntegerField(_("hours of a year"), null=True, blank=True)
    # Art. 56 of Regulation (EU) 2021/1060 (funding.md §7).
    covers_rest = models.BooleanField(
        _("covers all other costs"),
        default=False,
        help_text=_(
            "Then nothing but direct staff costs is eligible beside it, and what participants are "
            "paid."
        ),
    )
    since = models.DateField(_("valid from"))
    until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.TextField(
        _("source"), help_text=_("Where it says so, and what is not confirmed yet.")
    )

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost method")
        verbose_name_plural = _("cost methods")
        ordering = ["name", "since"]
        constraints = [
            models.CheckConstraint(
                name="reports_costmethod_base_is_known",
                condition=Q(base__in=CostBase.values),
                violation_error_message=_("Choose what the method takes its amount of."),
            ),
            models.CheckConstraint(
                name="reports_costmethod_share_has_its_rate",
                condition=Q(base__in=SHARES, rate__isnull=False, rate__gt=0, rate__lte=100)
                | ~Q(base__in=SHARES) & Q(rate=None),
                violation_error_message=_(
                    "A share has a rate of more than 0 and at most 100 percent, and nothing else "
                    "has one."
                ),
            ),
            models.CheckConstraint(
                name="reports_costmethod_rate_has_its_hours",
                condition=Q(base=CostBase.HOURS, year_hours__isnull=False, year_hours__gt=0)
                | ~Q(base=CostBase.HOURS) & Q(year_hours=None),
                violation_error_message=_(
                    "An hourly rate needs the hours of a year, and nothing else does."
                ),
            ),
            models.CheckConstraint(
                name="reports_costmethod_rest_is_of_staff",
                condition=Q(covers_rest=False) | Q(base=CostBase.STAFF),
                violation_error_message=_(
                    "Only a share of the direct staff costs covers all other costs."
                ),
            ),
            models.CheckConstraint(
                name="reports_costmethod_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("A method cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="reports_costmethod_one_at_a_time",
                expressions=[
                    ("name", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There is a method of this name in that time already."),
            ),
        ]

    def __str__(self):
        return self.name


class LimitKey(models.TextChoices):
    OVERRUN = "overrun", _("percent by which one line may exceed its plan")
    SPENDING = "spending", _("months within which money asked for is spent")
    KEEPING = "keeping", _("years papers are kept after the EU's last payment")
    NEW_AGE = "new_age", _("months in which an enterprise counts as new, if a notice says nothing")
    EMBLEM = "emblem", _("1 where the EU's sentence stands written out beside its emblem, else 0")


class AccountingRule(models.Model):
    """Nebenbestimmung: a limit for everybody, as the rules of a time set it."""

    key = models.CharField(_("what it limits"), max_length=8, choices=LimitKey)
    value = models.DecimalField(_("value"), max_digits=6, decimal_places=2)
    since = models.DateField(_("valid from"))
    until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.TextField(
        _("source"), help_text=_("Where it says so, and what is not confirmed yet.")
    )

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of accounting")
        verbose_name_plural = _("rules of accounting")
        ordering = ["key", "since"]
        constraints = [
            models.CheckConstraint(
                name="reports_accountingrule_key_is_known",
                condition=Q(key__in=LimitKey.values),
                violation_error_message=_("Choose what the rule limits."),
            ),
            models.CheckConstraint(
                name="reports_accountingrule_value_is_not_negative",
                condition=Q(value__gte=0),
                violation_error_message=_("A limit is not below 0."),
            ),
            models.CheckConstraint(
                name="reports_accountingrule_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("A rule cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="reports_accountingrule_one_at_a_time",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There is such a rule in that time already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_key_display()}: {number(self.value)}"

"""ProductiveHours: how many hours a year of full-time work has for the funders; and who is at it.

CPR (EU) 2021/1060, Art. 55(2)(a): 1,720 hours for full-time work, in proportion for part-time.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.db import Days
from consultations.models.consultation import Consultation
from consultations.models.employment import Employment
from consultations.models.time_entries import TimeEntry, TimeKind

DAY = timedelta(days=1)
WORK = (TimeKind.PROJECT, TimeKind.OTHER)


class ProductiveHoursQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if user.role == Role.MANAGER else self.none()

    def newest_first(self):
        return self.order_by("-starts_on")

    def valid_on(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class ProductiveHours(models.Model):
    """Jahresarbeitsstunden: from a day on, what a full-time year counts, and its week."""

    hours = models.PositiveSmallIntegerField(_("hours a year"))
    full_week = models.DecimalField(_("full-time hours a week"), max_digits=4, decimal_places=2)
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)

    objects = ProductiveHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("productive hours")
        verbose_name_plural = _("productive hours")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="consultations_productivehours_are_plausible",
                condition=Q(hours__gt=0, hours__lte=8784, full_week__gt=0),
                violation_error_message=_("A year has up to 8,784 hours, a week more than none."),
            ),
            models.CheckConstraint(
                name="consultations_productivehours_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A rule cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="consultations_productivehours_one_at_a_time",
                expressions=[(Days("starts_on", "ends_on"), RangeOperators.OVERLAPS)],
                violation_error_message=_("For a part of this time there is a rule already."),
            ),
        ]

    def __str__(self):
        return f"{self.hours} · {self.starts_on:%d.%m.%Y}"

    def get_absolute_url(self):
        return reverse("consultations:productive_hours_edit", args=[self.pk])


@dataclass(frozen=True)
class WorkingYear:
    """What somebody worked in a calendar year, days off not counted, beside what counts at most."""

    year: int
    minutes: int
    most: Decimal
    rule: ProductiveHours

    @property
    def is_over(self):
        return self.minutes > 60 * self.most

    @classmethod
    def of(cls, user, year):
        """Count a year by the rule of its first day; None where there is none, or no contract."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        rule = ProductiveHours.objects.valid_on(first).first()
        contracts = list(Employment.objects.of(user).between(first, last))
        if rule is None or not contracts:
            return None
        held = Consultation.objects.valid().held_by(user).between(first, last)
        entered = TimeEntry.objects.of(user).between(first, last).filter(kind__in=WORK)
        entered = entered.aggregate(sum=models.Sum("minutes"))["sum"] or 0
        most = rule.hours * share_of_year(contracts, rule, first, last)
        return cls(
            year,
            held.working_totals()["working"] + entered,
            most.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
            rule,
        )


def share_of_year(contracts, rule, first, last):
    """The part of a full-time year that the contracts make: day by day, never more than one."""
    days = [first + number * DAY for number in range((last - first).days + 1)]
    parts = (
        min(sum(each.weekly_hours for each in contracts if each.covers(day)) / rule.full_week, 1)
        for day in days
    )
    return Decimal(sum(parts)) / len(days)

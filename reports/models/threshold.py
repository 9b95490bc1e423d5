"""Threshold: a number a notice names and reports are counted by, from a day to a day."""

from functools import cached_property

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.db import Days
from best_portal.templatetags.figures import number
from reports.models.validity import AlwaysQuerySet, SaysDays
from reports.thresholds import Step, value_on


class ThresholdKey(models.TextChoices):
    HOURS = "hours", _("hours from which an organisation counts")
    PARTICIPANT = "participant", _("hours from which a participant counts")
    NEW_AGE = "new_age", _("months in which an enterprise counts as new")
    INVENTORY = "inventory", _("price from which a thing is listed in the inventory (EUR)")
    KEEPING = "keeping", _("years papers are kept after the last proof")


class ThresholdQuerySet(AlwaysQuerySet):
    def of(self, key):
        """Those of one key, the earliest first."""
        return self.filter(key=key).order_by(F("since").asc(nulls_first=True))


class Threshold(SaysDays, models.Model):
    """Schwelle des Bescheids: its number, the days it holds, and where it says so.

    Without days it holds for the whole time of the grant. What counts on a day counts by the
    number of that day: a later one leaves what was reached before as it was.
    """

    grant = models.ForeignKey("reports.Grant", on_delete=models.CASCADE, related_name="thresholds")
    key = models.CharField(_("what"), max_length=11, choices=ThresholdKey)
    value = models.DecimalField(_("value"), max_digits=9, decimal_places=2)
    since = models.DateField(_("valid from"), null=True, blank=True)
    until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("where it says so"), max_length=200, blank=True)

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("threshold of a grant")
        verbose_name_plural = _("thresholds of grants")
        ordering = ["grant", "key", F("since").asc(nulls_first=True)]
        constraints = [
            models.CheckConstraint(
                name="reports_threshold_key_is_known",
                condition=Q(key__in=ThresholdKey.values),
                violation_error_message=_("Choose what the number is for."),
            ),
            models.CheckConstraint(
                name="reports_threshold_is_not_negative",
                condition=Q(value__gte=0),
                violation_error_message=_("A threshold is not below 0."),
            ),
            models.CheckConstraint(
                name="reports_threshold_ends_after_start",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("A threshold cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="reports_threshold_keeping_says_where",
                condition=~Q(key=ThresholdKey.KEEPING) | ~Q(source=""),
                violation_error_message=_("Say where it says how long papers are kept."),
            ),
            ExclusionConstraint(
                name="reports_threshold_one_at_a_time",
                expressions=[
                    ("grant", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There is such a number in that time already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_key_display()}: {number(self.value)}"


class HasThresholds:
    """The part of a grant that knows its thresholds."""

    def steps(self, key):
        """The numbers of one key with the days they hold, the earliest first; asked for once."""
        return self._steps.get(key, ())

    @cached_property
    def _steps(self):
        found = {}
        for key, *row in self.thresholds.values_list("key", "value", "since", "until"):
            found[key] = (*found.get(key, ()), Step(*row))
        return found

    def threshold(self, key, day):
        """The number that holds on a day; None where the notice names none."""
        return value_on(self.steps(key), day)

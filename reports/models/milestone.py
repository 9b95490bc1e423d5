"""Milestone: how much of an indicator is to be reached by a day on the way to the target."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from best_portal.db import Days
from best_portal.templatetags.figures import number
from reports.models.grant import Grant
from reports.models.indicator import Indicator
from reports.models.validity import AlwaysQuerySet


class Milestone(models.Model):
    """Etappenziel; without days it holds as long as the grant, with them as a notice changed it."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="milestones")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="milestones", verbose_name=_("indicator")
    )
    value = models.DecimalField(
        pgettext_lazy("of a grant", "milestone"), max_digits=12, decimal_places=2
    )
    due_on = models.DateField(_("reached by"))
    since = models.DateField(_("valid from"), null=True, blank=True)
    until = models.DateField(_("valid until"), null=True, blank=True)

    objects = AlwaysQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a grant", "milestone")
        verbose_name_plural = pgettext_lazy("of a grant", "milestones")
        ordering = ["grant", "indicator", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_milestone_is_not_negative",
                condition=Q(value__gte=0),
                violation_error_message=_("A milestone is not below 0."),
            ),
            models.CheckConstraint(
                name="reports_milestone_ends_after_start",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("It cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="reports_milestone_one_for_a_day",
                expressions=[
                    ("grant", RangeOperators.EQUAL),
                    ("indicator", RangeOperators.EQUAL),
                    ("due_on", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There is a milestone for this day already."),
            ),
        ]

    def __str__(self):
        return f"{number(self.value)}, {date_format(self.due_on, 'SHORT_DATE_FORMAT')}"

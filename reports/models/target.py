"""Target: which indicators a grant has, and what its notice promised."""

from collections import defaultdict

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import Days
from reports.models.grant import Grant
from reports.models.indicator import Indicator
from reports.models.milestone import Milestone
from reports.models.validity import AlwaysQuerySet


class TargetQuerySet(AlwaysQuerySet):
    def promised(self, grant, day):
        """The targets of a grant as they are promised on a day, each with its indicator and with
        `milestones`: those that hold on that day, the earliest first."""
        found = defaultdict(list)
        for each in Milestone.objects.filter(grant=grant).valid_on(day).order_by("due_on", "pk"):
            found[each.indicator_id].append(each)
        targets = list(grant.targets.valid_on(day).select_related("indicator"))
        for target in targets:
            target.milestones = tuple(found[target.indicator_id])
        return targets

    @transaction.atomic
    def take(self, chosen, *, by, grant):
        """Give a grant every indicator of a set that counted on its first day; return how many.

        Those it has already stay as they are; the others come behind them, without a target.
        Refuses a set of which nothing counted on that day.
        """
        valid = chosen.indicators.valid_on(grant.starts_on)
        if not valid.exists():
            raise ValidationError(_("Nothing of this set counted when the grant began."))
        grant = Grant.objects.select_for_update().get(pk=grant.pk)
        mine = grant.targets.all()
        missing = valid.exclude(code__in=mine.values("indicator__code")).order_by("code")
        last = mine.aggregate(last=Max("position"))["last"] or 0
        new = [
            self.model(grant=grant, indicator=indicator, position=position)
            for position, indicator in enumerate(missing, start=last + 1)
        ]
        self.bulk_create(new)
        Event.objects.record(
            actor=by, verb="grant.indicators_taken", subject=grant, set=chosen.name, number=len(new)
        )
        return len(new)


class Target(models.Model):
    """Zielwert: one indicator of a grant, with what the notice promised, if it did.

    A report tells what was promised on the last day of its period.
    """

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="targets", verbose_name=_("indicator")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    value = models.DecimalField(_("target"), max_digits=12, decimal_places=2, null=True, blank=True)
    # Without days it is promised for the whole time; with them as a notice changed it.
    since = models.DateField(_("valid from"), null=True, blank=True)
    until = models.DateField(_("valid until"), null=True, blank=True)

    objects = TargetQuerySet.as_manager()
    # Those of a day, where `promised` has brought them.
    milestones = ()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["grant", "position", "pk"]
        constraints = [
            ExclusionConstraint(
                name="reports_target_one_per_indicator",
                expressions=[
                    ("grant", RangeOperators.EQUAL),
                    ("indicator", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The grant has this indicator in that time already."),
            ),
            models.CheckConstraint(
                name="reports_target_is_not_negative",
                condition=Q(value=None) | Q(value__gte=0),
                violation_error_message=_("A target cannot be below 0."),
            ),
            models.CheckConstraint(
                name="reports_target_ends_after_start",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("It cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code}: {self.value}"

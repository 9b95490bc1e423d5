"""ConfirmationRule: when founders are asked again about jobs and the founding, as data by day."""

from calendar import monthrange

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from best_portal.db import explained

LONGEST_MONTHS, LONGEST_DAYS, MOST_TIMES = 60, 365, 5


def months_before(day, months):
    """The same day so many months ago; of a shorter month the last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


class ConfirmationRuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if user.role in STAFF_ROLES else self.none()

    def on(self, day):
        """The rule of that day: the one begun last; None before the first."""
        return self.filter(starts_on__lte=day).order_by("-starts_on").first()

    def for_list(self):
        return self.select_related("set_by").order_by("-starts_on")

    @transaction.atomic
    def settle(self, *, by, starts_on, **fields):
        """Let a rule hold from a day on; one of the very same day is corrected."""
        with explained(self.model):
            rule = self.filter(starts_on=starts_on).select_for_update().first()
            rule = rule or self.model(starts_on=starts_on)
            for name, value in fields.items():
                setattr(rule, name, value)
            rule.set_by = by
            rule.save()
        Event.objects.record(actor=by, verb="confirmation_rule.settled", subject=rule)
        return rule


class ConfirmationRule(models.Model):
    """Bestätigungsregel: after how many months somebody is asked again, and how often at most."""

    starts_on = models.DateField(_("valid from"))
    months = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("asked again after (months)"),
    )
    open_days = models.PositiveSmallIntegerField(_("a link opens for (days)"))
    again_days = models.PositiveSmallIntegerField(_("“ask me later” means after (days)"))
    times = models.PositiveSmallIntegerField(_("asked at most (times)"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    # Nobody where it came with the portal.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("set by"),
    )

    objects = ConfirmationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of confirmations")
        verbose_name_plural = _("rules of confirmations")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["starts_on"],
                name="enterprises_confirmationrule_one_per_day",
                violation_error_message=_("There is a rule from that day already."),
            ),
            models.CheckConstraint(
                name="enterprises_confirmationrule_months_are_plausible",
                condition=Q(months__contained_by=list(range(1, LONGEST_MONTHS + 1))),
                violation_error_message=_("Choose months between 1 and 60."),
            ),
            models.CheckConstraint(
                name="enterprises_confirmationrule_days_are_plausible",
                condition=Q(
                    open_days__gte=1,
                    open_days__lte=LONGEST_DAYS,
                    again_days__gte=1,
                    again_days__lte=LONGEST_DAYS,
                ),
                violation_error_message=_("Choose 1 to 365 days."),
            ),
            models.CheckConstraint(
                name="enterprises_confirmationrule_times_are_plausible",
                condition=Q(times__gte=1, times__lte=MOST_TIMES),
                violation_error_message=_("Ask once to five times."),
            ),
        ]

    def __str__(self):
        return f"{self.starts_on:%d.%m.%Y}"

"""Employment: a person's contract with the agency, with its weekly hours and what they do in it."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.audit.models import Event
from best_portal.db import Days, explained

MOST_HOURS = 60


class EmploymentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Managers see everyone's, advisors their own."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(user=user)
            case _:
                return self.none()

    def of(self, user):
        return self.filter(user=user)

    def between(self, start, end):
        """Those that cover at least one day from `start` to `end`, both included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=start), starts_on__lte=end)

    def for_list(self):
        return self.select_related("user").order_by("user__name", "user", "-starts_on")

    @transaction.atomic
    def engage(self, *, by, user, **terms):
        """Note a contract; of one person, none may overlap another.

        Refuses contracts of people who are no staff.
        """
        if user.role not in STAFF_ROLES:
            raise ValidationError(_("Only advisors and the management have contracts here."))
        with explained(self.model):
            employment = self.create(user=user, **terms)
        Event.objects.record(actor=by, verb="employment.begun", subject=employment)
        return employment


class Employment(models.Model):
    """Arbeitsvertrag: from a day to a day, or open; other hours a week are another contract."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="employments",
        verbose_name=_("person"),
    )
    function = models.CharField(_("function"), max_length=120)
    weekly_hours = models.DecimalField(_("hours a week"), max_digits=4, decimal_places=2)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_employment_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A contract cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="consultations_employment_hours_are_plausible",
                condition=Q(weekly_hours__gt=0, weekly_hours__lte=MOST_HOURS),
                violation_error_message=_("A contract has up to 60 hours a week."),
            ),
            ExclusionConstraint(
                name="consultations_employment_one_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "For a part of this time a contract is noted already. End that one first."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.starts_on:%d.%m.%Y}"

    def covers(self, day):
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @transaction.atomic
    def end(self, on, *, by):
        """Say what the last day is, or another one; sheets that are closed stay as they are."""
        with explained(Employment):
            Employment.objects.filter(pk=self.pk).update(ends_on=on)
        self.ends_on = on
        Event.objects.record(actor=by, verb="employment.ended", subject=self, on=on.isoformat())

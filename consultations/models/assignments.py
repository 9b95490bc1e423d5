"""Assignment: the fixed share of a person's contract that belongs to one project."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import Days, explained, take_turns
from consultations.models.employment import Employment
from consultations.models.project import Project

WHOLE = Decimal(100)


class AssignmentQuerySet(models.QuerySet):
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

    def throughout(self, start, end):
        """Those that cover every day from `start` to `end`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=end), starts_on__lte=start)

    def on(self, day):
        return self.between(day, day)

    def for_list(self):
        return self.select_related("user", "project").order_by(
            "user__name", "user", "-starts_on", "pk"
        )

    @transaction.atomic
    def assign(self, *, by, user, project, percent, starts_on, ends_on=None):
        """Give a project a fixed share of somebody's contract: instead of time sheets for it.

        Refuses a first day without a contract, and shares that make more than 100 % of a day.
        """
        take_turns(f"shares-{user.pk}")
        if not Employment.objects.of(user).between(starts_on, starts_on).exists():
            raise ValidationError(_("On the first day no contract is noted for this person."))
        others = self.of(user).between(starts_on, ends_on or date.max)
        check_shares(percent, starts_on, others)
        with explained(self.model):
            assignment = self.create(
                user=user, project=project, percent=percent, starts_on=starts_on, ends_on=ends_on
            )
        Event.objects.record(
            actor=by, verb="assignment.begun", subject=assignment, percent=str(percent)
        )
        return assignment


def check_shares(percent, starts_on, others):
    """Refuse more than the whole of any day; most is shared on a day on which a share begins."""
    firsts = {starts_on, *(each.starts_on for each in others if each.starts_on > starts_on)}
    for day in sorted(firsts):
        shared = others.on(day).aggregate(sum=Sum("percent"))["sum"] or 0
        if shared + percent > WHOLE:
            words = _("On %(day)s only %(left)s %% of the contract are left.")
            left = number_format(WHOLE - shared, 2)
            raise ValidationError(words % {"day": f"{day:%d.%m.%Y}", "left": left})


class Assignment(models.Model):
    """Zuordnung: a written, fixed share of the working time; no time sheet proves it.

    CPR (EU) 2021/1060, Art. 55(5). That the shares of a day are 100 % at most, a trigger keeps.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("person"),
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="assignments")
    percent = models.DecimalField(_("share in percent"), max_digits=5, decimal_places=2)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("fixed share")
        verbose_name_plural = _("fixed shares")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_assignment_percent_is_a_share",
                condition=Q(percent__gt=0, percent__lte=WHOLE),
                violation_error_message=_("A share is more than 0 and at most 100 percent."),
            ),
            models.CheckConstraint(
                name="consultations_assignment_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A fixed share cannot end before it begins."),
            ),
            ExclusionConstraint(
                name="consultations_assignment_one_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("project", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This person has a fixed share of this project in that time already. "
                    "End that one first."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.project} · {self.percent:f} %"

    @transaction.atomic
    def end(self, on, *, by):
        """Say what the last day is; a later one must find room in the contract, too."""
        take_turns(f"shares-{self.user_id}")
        others = Assignment.objects.of(self.user).exclude(pk=self.pk)
        check_shares(self.percent, self.starts_on, others.between(self.starts_on, on))
        with explained(Assignment):
            Assignment.objects.filter(pk=self.pk).update(ends_on=on)
        self.ends_on = on
        Event.objects.record(actor=by, verb="assignment.ended", subject=self, on=on.isoformat())

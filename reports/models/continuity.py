"""CoordinatingTask: what somebody must go on doing when the money ends, and who will."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models import Project
from enterprises.models import Organisation
from reports.models.grant import Grant


class CoordinatingTaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What becomes of the agency's tasks is known to all of its staff."""
        return self.all() if user.role in STAFF_ROLES else self.none()

    def editable_by(self, user):
        """The manager's are all, an advisor's those of their teams."""
        return self.filter(project__in=Project.objects.loggable_by(user))

    def unsettled(self):
        """Those nobody has promised to carry on."""
        return self.filter(agreed_on=None)

    def with_end(self):
        """Add `money_ends_on`: the last day of the last grant, or of the project before it."""
        last = (
            Grant.objects.filter(project=OuterRef("project"))
            .order_by()
            .values("project")
            .annotate(last=Max("ends_on"))
        )
        return self.annotate(
            money_ends_on=Least(
                Coalesce(Subquery(last.values("last")), F("project__ends_on")),
                F("project__ends_on"),
            )
        )

    def alarming(self):
        """Those without an owner afterwards whose money ends soon: within the rule's days."""
        today = timezone.localdate()
        near = today + timedelta(days=ContinuityRule.objects.days())
        rows = self.unsettled().with_end()
        return rows.filter(money_ends_on__lte=near, money_ends_on__gte=today)

    def for_list(self):
        return (
            self.with_end()
            .select_related("project", "owner", "successor")
            .prefetch_related("steps")
            .annotate(next_step_on=Min("steps__due_on", filter=Q(steps__done_on=None)))
            .order_by("project", "pk")
        )


class CoordinatingTask(models.Model):
    """Koordinierende Aufgabe: its owner, its owner after the funding, and the way there."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="coordinating_tasks"
    )
    title = models.CharField(
        _("task"), max_length=150, help_text=_("Chairing the forum, the mailing list, the map …")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="coordinating_tasks",
        verbose_name=_("owner now"),
    )
    successor = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks_to_carry_on",
        verbose_name=_("organisation that carries it on"),
    )
    successor_name = models.CharField(
        _("or who carries it on"), max_length=150, blank=True, help_text=_("Somebody by name.")
    )
    agreed_on = models.DateField(
        _("agreed on"), null=True, blank=True, help_text=_("The day they said yes.")
    )
    note = models.TextField(_("note"), blank=True, validators=[MaxLengthValidator(2_000)])

    objects = CoordinatingTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordinating task")
        verbose_name_plural = _("coordinating tasks")
        ordering = ["project", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_coordinatingtask_has_a_title",
                condition=~Q(title=""),
                violation_error_message=_("Say what the task is."),
            ),
            models.CheckConstraint(
                name="reports_coordinatingtask_agreed_by_somebody",
                condition=Q(agreed_on=None) | Q(successor__isnull=False) | ~Q(successor_name=""),
                violation_error_message=_("Say who agreed to carry it on."),
            ),
            models.UniqueConstraint(
                fields=["project", "title"],
                name="reports_coordinatingtask_once",
                violation_error_message=_("The project has this task already."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def afterwards(self):
        """Who carries it on, in words; empty while nobody does."""
        return str(self.successor or self.successor_name)

    @property
    def is_settled(self):
        return self.agreed_on is not None

    @property
    def open_steps(self):
        return [step for step in self.steps.all() if step.done_on is None]


class TransferStep(models.Model):
    """Schritt zur Übergabe: what must happen by when, so that somebody else can carry it on."""

    task = models.ForeignKey(CoordinatingTask, on_delete=models.CASCADE, related_name="steps")
    text = models.CharField(_("step"), max_length=200)
    due_on = models.DateField(_("by"))
    done_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("step of a transfer")
        verbose_name_plural = _("steps of transfers")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_transferstep_says_what",
                condition=~Q(text=""),
                violation_error_message=_("Say what must happen."),
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def is_late(self):
        return self.done_on is None and self.due_on < timezone.localdate()

    @transaction.atomic
    def finish(self, *, by):
        """Tick it off; a second time is refused."""
        if not TransferStep.objects.filter(pk=self.pk, done_on=None).update(
            done_on=timezone.localdate()
        ):
            raise ValidationError(_("This is done already."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="transfer_step.done", subject=self)


class ContinuityRuleQuerySet(models.QuerySet):
    def newest_first(self):
        return self.select_related("set_by").order_by("-starts_on")

    def days(self):
        """How many days before the end of the money a task without an owner alarms."""
        begun = self.filter(starts_on__lte=timezone.localdate()).order_by("-starts_on")
        rule = begun.first()
        return rule.days_before if rule else 0

    @transaction.atomic
    def set_rule(self, *, by, **fields):
        """Let another number hold from a day on; the former rules stay."""
        with explained(self.model):
            rule = self.create(set_by=by, **fields)
        Event.objects.record(actor=by, verb="continuity_rule.set", subject=rule)
        return rule


class ContinuityRule(models.Model):
    """Regel zur Verstetigung: how long before the end the management is warned."""

    starts_on = models.DateField(_("from"))
    days_before = models.PositiveSmallIntegerField(_("days before the end"))
    note = models.CharField(_("where this is written"), max_length=300)
    # Nobody for the rule that comes with the portal.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = ContinuityRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of continuity")
        verbose_name_plural = _("rules of continuity")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["starts_on"],
                name="reports_continuityrule_one_per_day",
                violation_error_message=_("There is a rule from this day on already."),
            ),
            models.CheckConstraint(
                name="reports_continuityrule_is_plausible",
                condition=Q(days_before__range=(1, 1500)),
                violation_error_message=_("Give a number of days from 1 to 1,500."),
            ),
            models.CheckConstraint(
                name="reports_continuityrule_has_a_reason",
                condition=~Q(note=""),
                violation_error_message=_("Say where this is written, or that you decided it."),
            ),
        ]

    def __str__(self):
        return f"{self.starts_on:%d.%m.%Y}: {self.days_before}"

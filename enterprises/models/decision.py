"""Decision: what a forum decided, who does it by when, and what became of it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import explained
from enterprises.models.forum import Forum, ForumMember
from enterprises.models.meeting import Meeting


class DecisionQuerySet(WithdrawableQuerySet):
    def valid(self):
        """Neither deleted itself nor with its meeting."""
        return super().valid().filter(meeting__withdrawn_at=None)

    def visible_to(self, user):
        """For the staff and whoever is a member of the forum."""
        return self.valid().filter(meeting__forum__in=Forum.objects.inside_for(user))

    def editable_by(self, user):
        return self.valid() if user.is_authenticated and user.is_staff_member else self.none()

    def open(self):
        return self.valid().filter(done_at=None, dropped_at=None)

    def settled(self):
        return self.valid().exclude(done_at=None, dropped_at=None)

    def overdue(self):
        return self.open().filter(due_on__lt=timezone.localdate())

    def due_until(self, day):
        return self.open().filter(due_on__lte=day)

    def in_hands_of(self, user):
        """What this person of the staff does, or what comes of a forum they look after."""
        return self.filter(Q(advisor=user) | Q(meeting__forum__advisor=user))

    def soonest_first(self):
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")

    def for_list(self):
        return self.select_related(
            "meeting__forum", "owner__person", "owner__organisation", "advisor"
        )

    def for_bin(self):
        return self.select_related("meeting__forum", "withdrawn_by")


class Decision(Withdrawable):
    """Beschluss: done by a member of the forum or by somebody of the agency."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    what = models.CharField(_("what was decided"), max_length=500)
    owner = models.ForeignKey(
        ForumMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("done by a member"),
    )
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("or by us"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    dropped_at = models.DateTimeField(_("dropped at"), null=True, editable=False)
    dropped_because = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["meeting", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_decision_says_what",
                condition=~Q(what=""),
                violation_error_message=_("Say what was decided."),
            ),
            models.CheckConstraint(
                name="enterprises_decision_has_one_owner",
                condition=Q(owner__isnull=False, advisor=None)
                | Q(owner=None, advisor__isnull=False),
                violation_error_message=_("Say who does it: one member, or one of us."),
            ),
            models.CheckConstraint(
                name="enterprises_decision_done_by_somebody",
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                violation_error_message=_("Somebody marks a decision as done."),
            ),
            models.CheckConstraint(
                name="enterprises_decision_dropped_with_reason",
                condition=Q(dropped_at=None, dropped_because="")
                | (Q(dropped_at__isnull=False) & ~Q(dropped_because="")),
                violation_error_message=_("Say why the decision is dropped."),
            ),
            models.CheckConstraint(
                name="enterprises_decision_done_or_dropped",
                condition=Q(done_at=None) | Q(dropped_at=None),
                violation_error_message=_("A decision is done or dropped, not both."),
            ),
            withdrawn_together("enterprises_decision_deleted_by_somebody"),
        ]

    bin_owner = None

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return f"{self.meeting.get_absolute_url()}#beschluss-{self.pk}"

    @property
    def home(self):
        return self.meeting.get_absolute_url()

    @property
    def page(self):
        return reverse("enterprises:decision_edit", args=[self.pk])

    @property
    def who(self):
        """Who does it, by name."""
        return str(self.owner) if self.owner else self.advisor.name

    @property
    def is_open(self):
        return self.done_at is None and self.dropped_at is None

    @property
    def is_overdue(self):
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def state(self):
        """What became of it, in one word."""
        if self.done_at:
            return _("done")
        if self.dropped_at:
            return _("dropped")
        return _("overdue") if self.is_overdue else _("open")

    def check_sides(self):
        """Refuse an owner of another forum, and a day before the meeting."""
        if self.owner and self.owner.forum_id != self.meeting.forum_id:
            raise ValidationError({"owner": _("They are no member of this forum.")})
        if self.due_on and self.due_on < self.meeting.day_held:
            raise ValidationError({"due_on": _("It cannot be due before the meeting.")})

    @transaction.atomic
    def settle(self, *, by):
        """Note that it was done; only an open decision can be."""
        self._change(done_at=timezone.now(), done_by=by)
        Event.objects.record(actor=by, verb="decision.done", subject=self)

    @transaction.atomic
    def drop(self, *, by, reason):
        """Note that it will not be done, and why."""
        self._change(dropped_at=timezone.now(), dropped_because=" ".join(reason.split()))
        Event.objects.record(actor=by, verb="decision.dropped", subject=self)

    @transaction.atomic
    def reopen(self, *, by):
        """Undo settling or dropping; refused where it is open."""
        rows = Decision.objects.settled().filter(pk=self.pk)
        if not rows.update(done_at=None, done_by=None, dropped_at=None, dropped_because=""):
            raise ValidationError(_("This decision is open."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="decision.reopened", subject=self)

    @transaction.atomic
    def pass_on(self, *, to, by):
        """Give what one of us does to a colleague; only while it is open."""
        if self.advisor is None:
            raise ValidationError(_("A member of the forum does this."))
        self._change(advisor=to)
        Event.objects.record(actor=by, verb="decision.passed_on", subject=self, to=to.pk)

    def _change(self, **fields):
        # The database decides, so a stale page cannot repeat a step.
        with explained(Decision):
            changed = Decision.objects.open().filter(pk=self.pk).update(**fields)
        if not changed:
            raise ValidationError(_("Someone changed this decision in the meantime."))
        self.refresh_from_db()

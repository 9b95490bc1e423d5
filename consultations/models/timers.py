"""Timer: how long somebody has been advising just now; kept here, so it survives a sign-out."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.models.consultation import Consultation

MINUTE = timedelta(minutes=1)


class TimerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody's own: when a colleague works is nobody else's business."""
        return self.filter(user=user) if user.role in STAFF_ROLES else self.none()

    def running(self):
        return self.filter(stopped_at=None)

    def open(self):
        """Those running, and those stopped that were neither logged nor discarded."""
        return self.filter(consultation=None, discarded_at=None)

    def stopped(self):
        return self.filter(stopped_at__isnull=False)

    def current(self):
        """The one the frame shows: running before stopped, then the newest; or None."""
        return self.open().order_by(F("stopped_at").desc(nulls_first=True), "-pk").first()

    @transaction.atomic
    def start(self, *, by):
        """Start one; where one runs already, that one goes on."""
        with explained(self.model):
            take_turns(f"timer-{by.pk}")
            if running := self.filter(user=by).running().first():
                return running
            timer = self.create(user=by)
        Event.objects.record(actor=by, verb="timer.started", subject=timer)
        return timer


class Timer(models.Model):
    """Stoppuhr: started with one press, stopped into the log form, or discarded."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="timers"
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    stopped_at = models.DateTimeField(null=True, editable=False)
    discarded_at = models.DateTimeField(null=True, editable=False)
    consultation = models.OneToOneField(
        Consultation,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="timer",
    )

    objects = TimerQuerySet.as_manager()

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(stopped_at=None),
                name="consultations_timer_one_running",
                violation_error_message=_("A timer of yours is running already."),
            ),
            models.CheckConstraint(
                name="consultations_timer_stops_after_start",
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")),
                violation_error_message=_("A timer cannot stop before it starts."),
            ),
            models.CheckConstraint(
                name="consultations_timer_logged_or_discarded",
                condition=Q(consultation=None, discarded_at=None)
                | Q(stopped_at__isnull=False, consultation=None)
                | Q(stopped_at__isnull=False, discarded_at=None),
                violation_error_message=_("A timer is stopped, then logged or discarded."),
            ),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.started_at):%d.%m.%Y %H:%M}"

    @property
    def is_running(self):
        return self.stopped_at is None

    @property
    def starts_at(self):
        """The start as it is logged: to the minute."""
        return self.started_at.replace(second=0, microsecond=0)

    @property
    def minutes(self):
        """How long it ran or has been running, in minutes; at least one."""
        end = (self.stopped_at or timezone.now()).replace(second=0, microsecond=0)
        return max(1, (end - self.starts_at) // MINUTE)

    @property
    def ran_long(self):
        """Whether it ran so long that somebody probably forgot it."""
        return self.minutes > settings.TIMER_ASKS_AFTER_MINUTES

    @transaction.atomic
    def stop(self, *, by):
        """Stop it; what is stopped already stays as it is."""
        mine = Timer.objects.filter(pk=self.pk, stopped_at=None)
        if mine.update(stopped_at=timezone.now()):
            Event.objects.record(actor=by, verb="timer.stopped", subject=self)
        self.refresh_from_db()

    @transaction.atomic
    def discard(self, *, by):
        """Forget it; refused where a consultation was logged from it."""
        self.stop(by=by)
        if self.consultation_id:
            raise ValidationError(_("A consultation was logged with this timer."))
        mine = Timer.objects.filter(pk=self.pk, consultation=None, discarded_at=None)
        if mine.update(discarded_at=timezone.now()):
            Event.objects.record(actor=by, verb="timer.discarded", subject=self)
        self.refresh_from_db()

    @transaction.atomic
    def become(self, consultation, *, by):
        """Note which consultation was logged with it."""
        Timer.objects.filter(pk=self.pk).stopped().open().update(consultation=consultation)
        self.refresh_from_db()
        Event.objects.record(
            actor=by, verb="timer.became", subject=self, consultation=consultation.pk
        )

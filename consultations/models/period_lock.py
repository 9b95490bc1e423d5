"""PeriodLock: days of a project whose work is accounted for and stays as it was counted."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.db import explained, worded
from consultations.models.project import Project

# What the trigger calls its refusal; the verbs ask before, so this is for who was faster.
TRIGGER = "consultations_locked_periods_stay"
worded(
    TRIGGER,
    _("This day lies in a period that has just been locked. Ask the manager to open it."),
)


class PeriodLockQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager's to see and to lift; who logs work meets them in a sentence."""
        return self.all() if user.role == Role.MANAGER else self.none()

    def in_force(self):
        return self.filter(lifted_at=None)

    def covering(self, project, days):
        """Those in force that hold one of these days of the project."""
        days = [day for day in days if day]
        if not days:
            return self.none()
        within = Q()
        for day in days:
            within |= Q(starts_on__lte=day, ends_on__gte=day)
        return self.in_force().filter(within, project=project)

    def for_list(self):
        return self.select_related("project", "locked_by", "lifted_by").order_by(
            "-starts_on", "-locked_at", "-pk"
        )

    def refuse(self, project, *days, field=None):
        """Refuse to touch work of these days where they are locked; names the lock and whom to
        ask."""
        lock = self.covering(project, days).order_by("-locked_at").select_related("project").first()
        if lock is not None:
            refusal = lock.refusal
            raise ValidationError({field: refusal} if field else refusal)

    @transaction.atomic
    def lock(self, *, by, project, starts_on, ends_on, because, counts_from=None):
        """Lock the work of a project from a day to a day; `because` is the report that counted it.

        Of people it counts those who entered since `counts_from`; without it, everybody is held.
        Work that is just being saved is waited for. The same period for the same reason is locked
        once, however often it is asked for.
        """
        # Whoever saves work holds the project's row; see the trigger.
        Project.objects.select_for_update().get(pk=project.pk)
        days = {"starts_on": starts_on, "ends_on": ends_on, "counts_from": counts_from}
        same = {"project": project, "because": because} | days
        if standing := self.in_force().filter(**same).first():
            return standing
        with explained(self.model):
            lock = self.create(**same, locked_by=by)
        Event.objects.record(actor=by, verb="period.locked", subject=lock, project=project.pk)
        return lock


class PeriodLock(models.Model):
    """Zeitraumsperre: consultations, who attended and their topics stay as they were on these days.

    A trigger refuses what, when and whose; only a merge may join whose it was, and texts may be
    written. It counts old and new days, so that nothing is moved in or out by an edit.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="locks", verbose_name=_("project")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    # Since which entry the report counts people: the first day of its grant, as it was then.
    counts_from = models.DateField(null=True, editable=False)
    because = models.CharField(_("because of"), max_length=300)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    locked_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    lifted_at = models.DateTimeField(null=True, editable=False)
    lift_reason = models.CharField(_("why it was opened"), max_length=300, blank=True)

    objects = PeriodLockQuerySet.as_manager()

    class Meta:
        verbose_name = _("locked period")
        verbose_name_plural = _("locked periods")
        ordering = ["-starts_on", "-pk"]
        indexes = [
            models.Index(
                fields=["project", "starts_on", "ends_on"],
                name="consultations_locks_in_force",
                condition=Q(lifted_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="consultations_periodlock_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The period cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="consultations_periodlock_counts_from_before",
                condition=Q(counts_from=None) | Q(counts_from__lte=F("starts_on")),
                violation_error_message=_(
                    "What a report counts begins with its period or before it."
                ),
            ),
            models.CheckConstraint(
                name="consultations_periodlock_says_because",
                condition=~Q(because=""),
                violation_error_message=_("Say which report counted this work."),
            ),
            models.CheckConstraint(
                name="consultations_periodlock_lifted_for_a_reason",
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                violation_error_message=_("Say why the period is opened."),
            ),
        ]

    def __str__(self):
        return f"{self.project} · {self.period}"

    @property
    def period(self):
        days = (date_format(day, "SHORT_DATE_FORMAT") for day in (self.starts_on, self.ends_on))
        return " – ".join(days)

    @property
    def is_in_force(self):
        return self.lifted_at is None

    @property
    def renewed(self):
        """The lock that holds now for the same days and reason; None while they are open."""
        return (
            PeriodLock.objects.in_force()
            .filter(
                project=self.project_id,
                starts_on=self.starts_on,
                ends_on=self.ends_on,
                because=self.because,
            )
            .first()
        )

    @property
    def refusal(self):
        """The sentence for whoever wants to change work of these days."""
        names = list(
            User.objects.wearing(Role.MANAGER).order_by("name").values_list("name", flat=True)
        )
        told = ngettext(
            "The time %(period)s of “%(project)s” is locked: %(because)s. Ask %(names)s from the "
            "management to open it.",
            "The time %(period)s of “%(project)s” is locked: %(because)s. Ask the management to "
            "open it: %(names)s.",
            len(names),
        )
        return told % {
            "period": self.period,
            "project": self.project,
            "because": self.because,
            "names": ", ".join(names),
        }

    @transaction.atomic
    def lift(self, *, by, reason):
        """Open the period again. Refuses all but the manager, and without a reason."""
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager opens a locked period."))
        now = timezone.now()
        with explained(PeriodLock):
            lifted = PeriodLock.objects.in_force().filter(pk=self.pk)
            done = lifted.update(lifted_by=by, lifted_at=now, lift_reason=reason.strip())
        if not done:
            raise ValidationError(_("This period has been opened in the meantime."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="period.opened", subject=self, reason=self.lift_reason)

    @transaction.atomic
    def lock_again(self, *, by):
        """Lock the same days anew, for the same reason; the old lock keeps why it was opened."""
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager locks a period."))
        return PeriodLock.objects.lock(
            by=by,
            project=self.project,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            because=self.because,
            counts_from=self.counts_from,
        )

"""Absence and ChangedDay: when an advisor cannot be met although the office hours say so."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.db import Period, explained, take_turns
from consultations.handover_letters import ask_to_stand_in
from consultations.models.appointments import Appointment
from consultations.models.free_times import BERLIN

LONGEST_ABSENCE = timedelta(days=400)


def midnight(day):
    """The moment a day begins in Berlin."""
    return datetime.combine(day, time.min, BERLIN)


class AbsenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Managers see everyone's, advisors their own: why somebody is away is not for all."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(advisor=user)
            case _:
                return self.none()

    def not_over(self):
        return self.filter(ends_at__gt=timezone.now())

    def for_list(self):
        return self.select_related("advisor", "substitute").order_by("starts_at", "pk")

    def looked_after_by(self, user):
        """Those just now in which this person stands in for somebody."""
        now = timezone.now()
        return self.filter(substitute=user, starts_at__lte=now, ends_at__gt=now)

    def of(self, advisor):
        return self.filter(advisor=advisor)

    def whole_days_between(self, start_day, end_day):
        """The days from one to another on which somebody is away from morning to night."""
        away = set()
        for absence in self.between(start_day, end_day):
            first = timezone.localtime(absence.starts_at, BERLIN)
            day = first.date() if first.time() == time.min else first.date() + timedelta(days=1)
            end = timezone.localtime(absence.ends_at, BERLIN).date()
            while day < end:
                away.add(day)
                day += timedelta(days=1)
        return frozenset(day for day in away if start_day <= day <= end_day)

    def between(self, start_day, end_day):
        """Those that touch the days from one to another, both included."""
        return self.filter(
            starts_at__lt=midnight(end_day + timedelta(days=1)), ends_at__gt=midnight(start_day)
        )

    def periods(self, advisors, start_day, end_day):
        """Return (advisor, start, end) of those that touch the days from one to another."""
        return (
            self.between(start_day, end_day)
            .filter(advisor__in=advisors)
            .order_by()
            .values_list("advisor", "starts_at", "ends_at")
        )

    @transaction.atomic
    def note(self, *, by, advisor, starts_at, ends_at, reason=""):
        """Offer nothing of an advisor's in this time; appointments made already stay.

        Refuses what is over already, what never ends and what overlaps another absence.
        """
        if ends_at <= timezone.now():
            raise ValidationError(_("This time is over. Choose a time to come."))
        if ends_at - starts_at > LONGEST_ABSENCE:
            raise ValidationError(_("An absence lasts 400 days at most."))
        with explained(self.model):
            # After whoever is just booking with this advisor: their appointment is listed then.
            take_turns(f"advisor-{advisor.pk}")
            absence = self.create(
                advisor=advisor, starts_at=starts_at, ends_at=ends_at, reason=reason
            )
        Event.objects.record(actor=by, verb="absence.noted", subject=absence)
        return absence


class Absence(models.Model):
    """Abwesenheit: a time in which an advisor meets nobody, whole days or some hours."""

    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="absences",
        verbose_name=_("advisor"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("note"), max_length=150, blank=True)
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="standing_in",
        verbose_name=_("stands in"),
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_absence_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("An absence must end after it starts."),
            ),
            models.CheckConstraint(
                name="consultations_absence_somebody_else_stands_in",
                condition=Q(substitute=None) | ~Q(substitute=F("advisor")),
                violation_error_message=_("Nobody stands in for themselves."),
            ),
            ExclusionConstraint(
                name="consultations_absence_noted_once",
                expressions=[
                    ("advisor", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "For a part of this time an absence is noted already. Withdraw it first."
                ),
            ),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y} · {self.advisor}"

    @property
    def is_whole_days(self):
        edges = (self.starts_at, self.ends_at)
        return all(timezone.localtime(edge, BERLIN).time() == time.min for edge in edges)

    @property
    def last_day(self):
        """The last day of an absence of whole days."""
        return timezone.localtime(self.ends_at - timedelta(microseconds=1), BERLIN).date()

    def appointments(self):
        """The appointments to come that lie in it and should be moved or cancelled."""
        return (
            Appointment.objects.of_advisor(self.advisor)
            .upcoming()
            .filter(starts_at__lt=self.ends_at, ends_at__gt=self.starts_at)
            .for_agenda()
        )

    @transaction.atomic
    def let_stand_in(self, substitute, *, by):
        """Let a colleague see and do the advisor's work while they are away; None lets nobody.

        It begins and ends with the absence by itself. Refuses who could not meet people here, and
        an absence that is over.
        """
        if self.ends_at <= timezone.now():
            raise ValidationError(_("This time is over. Choose a time to come."))
        if substitute and not User.objects.advisors().contains(substitute):
            raise ValidationError(_("Only another advisor who may sign in can stand in."))
        with explained(Absence):
            Absence.objects.filter(pk=self.pk).update(substitute=substitute)
        self.substitute = substitute
        Event.objects.record(
            actor=by,
            verb="absence.substituted",
            subject=self,
            substitute=substitute and substitute.pk,
        )
        if substitute:
            ask_to_stand_in(self)

    @transaction.atomic
    def withdraw(self, *, by):
        """Offer the time again; the row goes, the log entry stays."""
        Event.objects.record(
            actor=by,
            verb="absence.withdrawn",
            subject=self,
            advisor=self.advisor_id,
            starts_at=self.starts_at.isoformat(),
            ends_at=self.ends_at.isoformat(),
        )
        self.delete()


class ChangedDayQuerySet(models.QuerySet):
    def touching(self, start_day, end_day):
        """Those that take a day out of this span or bring one into it."""
        return self.filter(
            Q(day__range=(start_day, end_day)) | Q(new_day__range=(start_day, end_day))
        )

    def to_come(self):
        today = timezone.localdate()
        return self.filter(Q(day__gte=today) | Q(new_day__gte=today))


class ChangedDay(models.Model):
    """Ausnahme: one date of office hours that is cancelled, or moved to another time."""

    office_hours = models.ForeignKey(
        "consultations.OfficeHours", on_delete=models.CASCADE, related_name="changed_days"
    )
    day = models.DateField(_("date"))
    # All three empty: the date is cancelled.
    new_day = models.DateField(_("instead on"), null=True, blank=True)
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=150, blank=True)

    objects = ChangedDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("changed date")
        verbose_name_plural = _("changed dates")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office_hours", "day"],
                name="consultations_changedday_once_per_day",
                violation_error_message=_("This date is changed already. Undo that first."),
            ),
            models.UniqueConstraint(
                fields=["office_hours", "new_day"],
                name="consultations_changedday_one_per_new_day",
                violation_error_message=_("Another date is moved to this day already."),
            ),
            models.CheckConstraint(
                name="consultations_changedday_cancelled_or_moved",
                condition=Q(new_day=None, starts_at=None, ends_at=None)
                | Q(new_day__isnull=False, starts_at__isnull=False, ends_at__isnull=False),
                violation_error_message=_("To move a date, name the day and both times."),
            ),
            models.CheckConstraint(
                name="consultations_changedday_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Office hours must end after they start."),
            ),
        ]

    def __str__(self):
        return f"{self.day:%d.%m.%Y}"

    @transaction.atomic
    def undo(self, *, by):
        """Hold the office hours on this date as on every other; appointments made stay."""
        Event.objects.record(
            actor=by,
            verb="office_hours.day_restored",
            subject=self.office_hours,
            day=self.day.isoformat(),
        )
        self.delete()

"""OfficeHours: when an advisor can be met, week by week."""

from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.models.absences import Absence, ChangedDay, midnight
from consultations.models.appointments import Appointment
from consultations.models.busy import BusyPeriod
from consultations.models.consultation import Channel
from consultations.models.free_times import (
    free_times_of,
    is_due_on,
    may_open_on,
    moment,
    openings,
)
from consultations.models.project import Project
from districts.models import District


class Weekday(models.IntegerChoices):
    """ISO numbers, as date.isoweekday() gives them."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


NOT_FREE = _("This time is not free any more. Please choose another one.")
# How far ahead people see free times.
HORIZON = timedelta(weeks=8)
DAY = timedelta(days=1)
LONGEST_PAUSE = 240
MOST_WEEKS = 12
# How far ahead single dates may be changed.
DAYS_AHEAD = 366


class OfficeHoursQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone signed in may see when advisors can be met."""
        return self.all() if user.is_authenticated else self.none()

    def editable_by(self, user):
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(advisor=user)
            case _:
                return self.none()

    def valid_between(self, start, end):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=start), starts_on__lte=end)

    def of_active_advisors(self):
        return self.filter(advisor__is_active=True, advisor__role=Role.ADVISOR)

    def for_list(self):
        return self.select_related("advisor", "project", "district").order_by(
            "advisor__name", "advisor", "weekday", "starts_at"
        )

    def current(self):
        """Those not over yet, the ones that begin later included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))

    def over(self):
        return self.filter(ends_on__lt=timezone.localdate())

    def bookable(self):
        """Those whose times people choose themselves."""
        return self.of_active_advisors().filter(is_by_agreement=False)

    def by_agreement(self):
        """Those now held only when somebody calls: shown with a phone number, never booked."""
        today = timezone.localdate()
        return (
            self.of_active_advisors()
            .valid_between(today, today)
            .filter(is_by_agreement=True, project__ends_on__gte=today)
        )

    def held_between(self, start_day, end_day):
        """The bookable ones with the dates that were changed in these days; two queries."""
        changed = ChangedDay.objects.touching(start_day, end_day)
        return (
            self.bookable()
            .valid_between(start_day, end_day)
            .select_related("advisor", "project", "district")
            .prefetch_related(models.Prefetch("changed_days", changed))
        )

    def free_times(self, start_day, end_day, *, now=None):
        """Return what can be booked from a day to a day, earliest first: four queries for all.

        Office hours of active advisors in their project's period, less public holidays and dates
        cancelled, less absences, other calendars and what is taken, less what begins sooner than
        the lead time.
        """
        rows = list(self.held_between(start_day, end_day))
        busy = busy_periods({row.advisor_id for row in rows}, start_day, end_day)
        return free_times_of(rows, busy, start_day, end_day, now or timezone.now())

    def next_free_times(self, number, *, now=None):
        """Return the next few free times within the weeks people can see."""
        today = timezone.localdate(now)
        return self.free_times(today, today + HORIZON, now=now)[:number]

    def fitting(self, district, channel):
        """Those that work in an area (by its key, or any), met this way where they offer it.

        Nobody is sent away because of the way to meet: then every way is shown.
        """
        here = self
        if district:
            here = self.filter(Q(district=district) | Q(project__districts=district)).distinct()
        wished = here.filter(channel=channel)
        return wished if channel and wished.exists() else here

    def matching(self, *, advisor=None, district=None, channel=""):
        """Those with this advisor, in this area, met this way; what is left open does not count."""
        wanted = {"advisor": advisor, "district": district, "channel": channel}
        return self.filter(**{name: value for name, value in wanted.items() if value})


def periods_away(advisors, start_day, end_day):
    """Return {advisor: [(start, end)]} of absences and of what their own calendars have."""
    away = Absence.objects.periods(advisors, start_day, end_day)
    elsewhere = BusyPeriod.objects.periods(advisors, start_day, end_day)
    periods = {}
    for advisor, start, end in away.union(elsewhere, all=True):
        periods.setdefault(advisor, []).append((start, end))
    return periods


def busy_periods(advisors, start_day, end_day):
    """Return {advisor: [(start, end)]} of everything that keeps them from meeting people."""
    busy = periods_away(advisors, start_day, end_day)
    taken = Appointment.objects.periods_taken(advisors, start_day, end_day)
    return {pk: busy.get(pk, []) + taken.get(pk, []) for pk in busy.keys() | taken.keys()}


class OfficeHours(models.Model):
    """Sprechstunde: an open block of an advisor's time every n weeks; local wall-clock times."""

    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="office_hours",
        verbose_name=_("advisor"),
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="office_hours", verbose_name=_("project")
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="office_hours",
        verbose_name=_("neighbourhood"),
    )
    channel = models.CharField(_("how"), max_length=8, choices=Channel, default=Channel.OFFICE)
    place = models.CharField(_("place"), max_length=150, blank=True)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("length of an appointment (minutes)"),
        default=60,
        validators=[MinValueValidator(10), MaxValueValidator(480)],
    )
    pause_minutes = models.PositiveSmallIntegerField(
        _("pause between appointments (minutes)"),
        default=0,
        validators=[MaxValueValidator(LONGEST_PAUSE)],
    )
    every_weeks = models.PositiveSmallIntegerField(
        _("every how many weeks"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WEEKS)],
    )
    is_by_agreement = models.BooleanField(_("by agreement only"), default=False)
    lead_hours = models.PositiveSmallIntegerField(
        _("bookable until (hours before)"), default=24, validators=[MaxValueValidator(720)]
    )
    cancel_hours = models.PositiveSmallIntegerField(
        _("cancellable until (hours before)"), default=2, validators=[MaxValueValidator(720)]
    )
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)

    objects = OfficeHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")
        ordering = ["advisor", "weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(
                name="consultations_officehours_weekday_is_known",
                condition=Q(weekday__in=Weekday.values),
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                name="consultations_officehours_channel_is_known",
                condition=Q(channel__in=Channel.values),
                violation_error_message=_("Choose how people are met."),
            ),
            models.CheckConstraint(
                name="consultations_officehours_end_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Office hours must end after they start."),
            ),
            models.CheckConstraint(
                name="consultations_officehours_stop_after_first_day",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("Office hours cannot stop before their first day."),
            ),
            models.CheckConstraint(
                name="consultations_officehours_slot_is_plausible",
                condition=Q(slot_minutes__gte=10, slot_minutes__lte=480),
                violation_error_message=_("An appointment takes 10 to 480 minutes."),
            ),
            models.CheckConstraint(
                name="consultations_officehours_pause_is_plausible",
                condition=Q(pause_minutes__lte=LONGEST_PAUSE),
                violation_error_message=_("A pause takes at most 240 minutes."),
            ),
            models.CheckConstraint(
                name="consultations_officehours_rhythm_is_plausible",
                condition=Q(every_weeks__gte=1, every_weeks__lte=MOST_WEEKS),
                violation_error_message=_("Office hours are held every 1 to 12 weeks."),
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"

    def free_time_at(self, starts_at, *, now=None):
        """Return the free time that begins at this moment, or None where there is none."""
        day = timezone.localdate(starts_at)
        times = OfficeHours.objects.filter(pk=self.pk).free_times(day, day, now=now)
        return next((time for time in times if time.starts_at == starts_at), None)

    def place_and_time(self, starts_at):
        """Return an appointment's fields for one of the free times; refuse any other moment.

        Within a transaction: until it ends, nobody else changes what keeps this advisor busy.
        """
        with explained(OfficeHours):
            take_turns(f"advisor-{self.advisor_id}")
        free = self.free_time_at(starts_at)
        if free is None:
            raise ValidationError(NOT_FREE, code="not_free")
        return {
            "office_hours": self,
            "starts_at": free.starts_at,
            "ends_at": free.ends_at,
            "channel": self.channel,
            "place": self.place,
        }

    @transaction.atomic
    def end(self, *, by, on):
        """Offer nothing after this day; refuses a day in the past and one before the first."""
        if on < timezone.localdate():
            raise ValidationError(_("Choose today or a later day."))
        with explained(OfficeHours):
            OfficeHours.objects.filter(pk=self.pk).update(ends_on=on)
        self.ends_on = on
        Event.objects.record(actor=by, verb="office_hours.ended", subject=self, on=on.isoformat())

    @transaction.atomic
    def cancel_day(self, *, by, day, reason=""):
        """Hold no office hours on one of their days; appointments made already stay."""
        return self._change_day(by, "day_cancelled", day=day, reason=reason)

    @transaction.atomic
    def move_day(self, *, by, day, new_day, starts_at, ends_at, reason=""):
        """Hold the office hours of one day at another time or on another day.

        Refuses a day on which nobody is met and one on which they are held already.
        """
        if new_day < timezone.localdate():
            raise ValidationError({"new_day": _("Choose today or a later day.")})
        if not may_open_on(new_day, self):
            raise ValidationError(
                {
                    "new_day": _(
                        "On this day nobody is met: it is a public holiday, or lies outside the "
                        "period of the office hours or of the project. Choose another day."
                    )
                }
            )
        if new_day != day and self._is_held_on(new_day):
            raise ValidationError(
                {"new_day": _("These office hours are held on this day already.")}
            )
        return self._change_day(
            by,
            "day_moved",
            day=day,
            new_day=new_day,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
        )

    def _is_held_on(self, day):
        changed = self.changed_days.filter(Q(day=day) | Q(new_day=day))
        return changed.filter(new_day=day).exists() or (
            is_due_on(day, self) and not changed.exists()
        )

    def _change_day(self, by, verb, *, day, **fields):
        if day < timezone.localdate() or not is_due_on(day, self):
            raise ValidationError({"day": _("Choose a day to come on which these are held.")})
        with explained(ChangedDay):
            take_turns(f"advisor-{self.advisor_id}")
            change = ChangedDay.objects.create(office_hours=self, day=day, **fields)
        Event.objects.record(
            actor=by, verb=f"office_hours.{verb}", subject=self, day=day.isoformat()
        )
        return change

    def due_days(self, number):
        """Return the next days on which the rhythm has them held, changed ones left out."""
        today = timezone.localdate()
        changed = set(self.changed_days.values_list("day", flat=True))
        days = (today + timedelta(days=n) for n in range(DAYS_AHEAD))
        due = (day for day in days if day not in changed and is_due_on(day, self))
        return list(islice(due, number))

    def appointments_left_behind(self):
        """The appointments to come on dates that are cancelled or moved now."""
        changed = Q(pk=None)
        for day in self.changed_days.to_come():
            changed |= Q(starts_at__gte=midnight(day.day), starts_at__lt=midnight(day.day + DAY))
        return [
            appointment
            for appointment in self.appointments.upcoming().filter(changed).for_agenda()
            if not self._is_held_at(appointment)
        ]

    def _is_held_at(self, appointment):
        day = timezone.localdate(appointment.starts_at)
        return any(
            moment(day, opening.starts_at) <= appointment.starts_at
            and appointment.ends_at <= moment(day, opening.ends_at)
            for opening in openings(self, day, day)
        )

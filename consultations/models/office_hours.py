"""OfficeHours: when an advisor, or one of a team, can be met, week by week."""

from datetime import UTC, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.models.absences import Absence, ChangedDay
from consultations.models.appointments import Appointment
from consultations.models.busy import BusyPeriod
from consultations.models.consultation import Channel
from consultations.models.free_times import (
    FreeTime,
    Taken,
    bookable_times,
    free_times_of,
)
from consultations.models.group_dates import GroupSessionDate
from consultations.models.project import Project
from consultations.models.single_days import SingleDaysMixin
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
LONGEST_PAUSE = 240
MOST_WEEKS = 12


class OfficeHoursQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone signed in may see when advisors can be met."""
        return self.all() if user.is_authenticated else self.none()

    def editable_by(self, user):
        """The manager keeps everyone's, advisors their own and those of their projects' teams."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                theirs = Project.objects.loggable_by(user)
                return self.filter(Q(advisor=user) | Q(advisor=None, project__in=theirs))
            case _:
                return self.none()

    def with_on_duty(self, advisors):
        """Those held by one of these advisors, alone or in a team."""
        on_duty = self.model.members.through.objects.filter(
            officehours=OuterRef("pk"), user__in=advisors
        )
        return self.filter(Q(advisor__in=advisors) | Q(Exists(on_duty), advisor=None))

    def valid_between(self, start, end):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=start), starts_on__lte=end)

    def of_active_advisors(self):
        return self.with_on_duty(User.objects.advisors().order_by())

    def for_list(self):
        return (
            self.select_related("advisor", "project", "district")
            .prefetch_related("members")
            .order_by(Coalesce("advisor__name", "team"), "advisor", "weekday", "starts_at", "pk")
        )

    def current(self):
        """Those not over yet, the ones that begin later included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))

    def over(self):
        return self.filter(ends_on__lt=timezone.localdate())

    def bookable(self):
        """Those whose times people choose themselves."""
        return self.filter(is_by_agreement=False)

    def by_agreement(self):
        """Those now held only when somebody calls: shown with a phone number, never booked."""
        today = timezone.localdate()
        return (
            self.of_active_advisors()
            .valid_between(today, today)
            .filter(is_by_agreement=True, project__ends_on__gte=today)
        )

    def with_days(self, start_day, end_day):
        """Those valid in these days, with who is on duty and the dates changed; three queries."""
        changed = ChangedDay.objects.touching(start_day, end_day)
        return (
            self.of_active_advisors()
            .valid_between(start_day, end_day)
            .select_related("advisor", "project", "district")
            .prefetch_related("members", models.Prefetch("changed_days", changed))
        )

    def held_between(self, start_day, end_day):
        """The bookable ones of `with_days`."""
        return self.bookable().with_days(start_day, end_day)

    def free_times(self, start_day, end_day, *, now=None):
        """Return what can be booked from a day to a day, earliest first: five queries for all.

        Office hours of active advisors in their project's period, less public holidays and dates
        cancelled, less absences, other calendars and what is taken, less what begins sooner than
        the lead time.
        """
        rows = list(self.held_between(start_day, end_day))
        busy = busy_periods(on_duty_in(rows), start_day, end_day)
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


def on_duty_in(office_hours):
    """Return the keys of everyone who is met in one of several office hours."""
    return {advisor.pk for hours in office_hours for advisor in hours.on_duty}


def periods_away(advisors, start_day, end_day):
    """Return {advisor: [(start, end)]} of absences, of their own calendars, of what they teach."""
    away = Absence.objects.periods(advisors, start_day, end_day)
    elsewhere = BusyPeriod.objects.periods(advisors, start_day, end_day)
    teaching = GroupSessionDate.objects.periods(advisors, start_day, end_day)
    periods = {}
    for advisor, start, end in away.union(elsewhere, teaching, all=True):
        periods.setdefault(advisor, []).append((start, end))
    return periods


def busy_periods(advisors, start_day, end_day):
    """Return {advisor: [(start, end)]} of everything that keeps them from meeting people."""
    busy = periods_away(advisors, start_day, end_day)
    taken = Appointment.objects.periods_taken(advisors, start_day, end_day)
    return {pk: busy.get(pk, []) + taken.get(pk, []) for pk in busy.keys() | taken.keys()}


class OfficeHours(SingleDaysMixin, models.Model):
    """Sprechstunde: an open block of an advisor's time every n weeks; local wall-clock times.

    A team's are offered once, and whoever books gets one of those on duty who is free then: as
    many can come at the same time as are on duty.
    """

    # Empty for a team, which has a name and members instead.
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="office_hours",
        verbose_name=_("advisor"),
    )
    team = models.CharField(_("name of the team"), max_length=80, blank=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="team_office_hours",
        verbose_name=_("on duty"),
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
                name="consultations_officehours_of_an_advisor_or_a_team",
                condition=Q(advisor=None, team__gt="") | Q(advisor__isnull=False, team=""),
                violation_error_message=_("Choose one advisor, or give the team a name."),
            ),
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

    @property
    def who(self):
        """Whom people meet, as they read it before they book."""
        return self.advisor.name if self.advisor_id else self.team

    @property
    def on_duty(self):
        """The advisors who can be met in them; of a team those who still work here."""
        if self.advisor_id:
            return [self.advisor]
        return [each for each in self.members.all() if each.is_active and each.role == Role.ADVISOR]

    @property
    def length(self):
        """How long an appointment takes."""
        return timedelta(minutes=self.slot_minutes)

    def wait_for_turn(self):
        """Let whoever else changes what keeps one of these advisors busy finish first.

        In the same order for everybody, so that no two wait for each other.
        """
        with explained(OfficeHours):
            for pk in sorted(advisor.pk for advisor in self.on_duty):
                take_turns(f"advisor-{pk}")

    def free_time_at(self, starts_at, *, now=None):
        """Return the free time that begins at this moment, or None where there is none."""
        day = timezone.localdate(starts_at)
        times = OfficeHours.objects.filter(pk=self.pk).free_times(day, day, now=now)
        return next((time for time in times if time.starts_at == starts_at), None)

    def still_meet(self, appointment):
        """Whether the advisor of an appointment is there for it: held that day, and nobody is away.

        However soon it begins: it was agreed on before.
        """
        day = timezone.localdate(appointment.starts_at)
        rows = OfficeHours.objects.filter(pk=self.pk).held_between(day, day)
        away = periods_away([appointment.advisor_id], day, day)
        times = bookable_times(rows, away, day, day)
        return any(
            time.starts_at == appointment.starts_at and appointment.advisor in time.advisors
            for time in times
        )

    def place_and_time(self, starts_at, *, prefer=None):
        """Return an appointment's fields for one of the free times; refuse any other moment.

        Of a team it is with `prefer` where they are free then, else with whoever has the fewest
        appointments that week. Within a transaction: until it ends, nobody else changes what keeps
        these advisors busy.
        """
        self.wait_for_turn()
        free = self.free_time_at(starts_at)
        if free is None:
            raise ValidationError(NOT_FREE, code="not_free")
        return self._place_of(free, prefer)

    def agreed_place_and_time(self, starts_at, *, prefer=None):
        """Return an appointment's fields for a time agreed on, in office hours by agreement only.

        As `place_and_time`, but for any time to come in which one of those on duty has nothing
        else.
        """
        self.wait_for_turn()
        # In UTC: with a time zone, Python adds hours as the clock on the wall shows them.
        starts_at = starts_at.astimezone(UTC)
        day, ends_at = timezone.localdate(starts_at), starts_at + self.length
        if not self.is_by_agreement or starts_at <= timezone.now() or not self.project.covers(day):
            raise ValidationError(_("Choose a time to come within the period of the project."))
        busy = busy_periods([each.pk for each in self.on_duty], day, day + timedelta(days=1))
        free = Taken(busy).free(self.on_duty, starts_at, ends_at)
        if not free:
            raise ValidationError(
                _("At this time there is something else already: an appointment or an absence.")
            )
        return self._place_of(FreeTime(starts_at, ends_at, self, free), prefer)

    def _place_of(self, time, prefer):
        if prefer not in time.advisors:
            prefer = Appointment.objects.least_busy(time.advisors, time.day)
        return {
            "advisor": prefer,
            "office_hours": self,
            "starts_at": time.starts_at,
            "ends_at": time.ends_at,
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
    def pass_on(self, *, to, by):
        """Let a colleague hold them from now on; what is booked in them is passed on by itself."""
        was = self.advisor
        OfficeHours.objects.filter(pk=self.pk).update(advisor=to)
        self.advisor = to
        Event.objects.record(
            actor=by, verb="office_hours.passed_on", subject=self, before=was.pk, to=to.pk
        )

    @transaction.atomic
    def replace(self, was, *, to, by):
        """Put somebody else on duty in a team's office hours."""
        self.members.remove(was)
        self.members.add(to)
        Event.objects.record(
            actor=by, verb="office_hours.passed_on", subject=self, before=was.pk, to=to.pk
        )

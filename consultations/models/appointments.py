"""OfficeHours and Appointment: when an advisor can be met, and the times people have taken."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import Period, explained, take_turns
from consultations.models.consultation import Channel, Consultation
from consultations.models.project import Project
from districts.models import District
from enterprises.models import Organisation, Person


class Weekday(models.IntegerChoices):
    """ISO numbers, as date.isoweekday() gives them."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


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


class OfficeHours(models.Model):
    """Sprechstunde: a weekly open block of an advisor's time; local wall-clock times."""

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
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


class AppointmentStatus(models.TextChoices):
    HELD = "held", _("held")
    BOOKED = "booked", _("booked")
    CANCELLED = "cancelled", _("cancelled")
    TOOK_PLACE = "took_place", _("took place")
    NO_SHOW = "no_show", _("did not come")


TAKEN = (AppointmentStatus.HELD, AppointmentStatus.BOOKED)


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the team's calendar; founders their own appointments."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(person__user=user)
            case _:
                return self.none()

    def editable_by(self, user):
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(advisor=user)
            case Role.FOUNDER:
                return self.filter(person__user=user)
            case _:
                return self.none()

    def taken(self):
        """Those that block the advisor's time."""
        return self.filter(status__in=TAKEN)

    def upcoming(self):
        return self.filter(status=AppointmentStatus.BOOKED, starts_at__gt=timezone.now())

    def for_agenda(self):
        return self.select_related("advisor", "person", "organisation", "office_hours").order_by(
            "starts_at"
        )

    @transaction.atomic
    def book(self, *, by, form_key=None, **fields):
        """Take a free time; of two people asking at once, the second is told so.

        The same form sent twice gives the first booking back.
        """
        if form_key:
            take_turns(form_key)
            if earlier := self.filter(form_key=form_key).first():
                return earlier
        with explained(self.model):
            appointment = self.create(booked_by=by, form_key=form_key, **fields)
        Event.objects.record(actor=by, verb="appointment.booked", subject=appointment)
        return appointment


class Appointment(models.Model):
    """Termin: one person's place in an advisor's office hours; a consultation still to come."""

    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("advisor"),
    )
    office_hours = models.ForeignKey(
        OfficeHours,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("with")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("organisation"),
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    channel = models.CharField(_("how"), max_length=8, choices=Channel, default=Channel.OFFICE)
    place = models.CharField(_("place"), max_length=150, blank=True)
    concern = models.CharField(_("what it is about"), max_length=500, blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=AppointmentStatus,
        default=AppointmentStatus.BOOKED,
        editable=False,
    )
    # The calendar file's identity and how often it was sent out changed (RFC 5545).
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    consultation = models.OneToOneField(
        Consultation,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="appointment",
    )
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    booked_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_appointment_status_is_known",
                condition=Q(status__in=AppointmentStatus.values),
                violation_error_message=_("Unknown status of an appointment."),
            ),
            models.CheckConstraint(
                name="consultations_appointment_channel_is_known",
                condition=Q(channel__in=Channel.values),
                violation_error_message=_("Choose how you want to meet."),
            ),
            models.CheckConstraint(
                name="consultations_appointment_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("An appointment must end after it starts."),
            ),
            models.CheckConstraint(
                name="consultations_appointment_cancelled_with_time",
                condition=Q(status=AppointmentStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=AppointmentStatus.CANCELLED) & Q(cancelled_at=None)),
                violation_error_message=_("An appointment is cancelled together with its time."),
            ),
            ExclusionConstraint(
                name="consultations_appointment_no_double_booking",
                expressions=[
                    ("advisor", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=TAKEN),
                violation_error_message=_(
                    "This time has just been taken. Please choose another one."
                ),
            ),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H:%M} · {self.person}"

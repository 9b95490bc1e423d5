"""Appointment: a time somebody has taken, and what becomes of it."""

import uuid
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import Period, explained, take_turns
from best_portal.outbox.numbers import E164
from consultations.emails import announce, introduce, take_back
from consultations.models.booking import TAKEN, AppointmentQuerySet, AppointmentStatus, ToldBy
from consultations.models.consultation import Channel, Consultation
from consultations.models.project import Project
from consultations.models.reaching import ReachingMixin
from enterprises.models import Organisation, Person


def wait_for_turns(*office_hours):
    """Wait for the turn of everyone on duty in several office hours, in one order for all."""
    with explained(Appointment):
        for pk in sorted({each.pk for hours in office_hours if hours for each in hours.on_duty}):
            take_turns(f"advisor-{pk}")


def give_back(office_hours, starts_at, advisor):
    """Offer a time that somebody had to the waiting list first, if anybody on it can be asked."""
    if office_hours:
        apps.get_model("consultations.WaitingOffer").objects.keep(
            office_hours, starts_at, prefer=advisor
        )


class Appointment(ReachingMixin, models.Model):
    """Termin: one person's place in an advisor's office hours; a consultation still to come."""

    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("advisor"),
    )
    office_hours = models.ForeignKey(
        "consultations.OfficeHours",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="appointments")
    # Nobody yet while the time is only held.
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="appointments",
        verbose_name=_("with"),
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
    # When this time was agreed on: nobody is reminded of what was only just said.
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    told_by = models.CharField(
        _("confirmation"), max_length=6, choices=ToldBy, default=ToldBy.MAIL, editable=False
    )

    # Where reminders go as text messages, in E.164; empty where nobody asked for any.
    mobile = models.CharField(_("reminder by SMS"), max_length=16, blank=True, editable=False)

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
                name="consultations_appointment_told_by_is_known",
                condition=Q(told_by__in=ToldBy.values),
                violation_error_message=_("Choose how the person is told."),
            ),
            models.CheckConstraint(
                name="consultations_appointment_mobile_is_international",
                condition=Q(mobile="") | Q(mobile__regex=E164),
                violation_error_message=_("Write the number like this: +491701234567."),
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
            models.CheckConstraint(
                name="consultations_appointment_held_until_a_time",
                condition=Q(status=AppointmentStatus.HELD, held_until__isnull=False)
                | (~Q(status=AppointmentStatus.HELD) & Q(held_until=None)),
                violation_error_message=_("A time is held until a moment."),
            ),
            models.CheckConstraint(
                name="consultations_appointment_is_with_somebody",
                condition=Q(status=AppointmentStatus.HELD) | Q(person__isnull=False),
                violation_error_message=_("Only a held time is nobody's yet."),
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
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H:%M} · {self.person or '–'}"

    def get_absolute_url(self):
        return reverse("consultations:appointment", args=[self.pk])

    @property
    def reference(self):
        """What people name on the phone."""
        return f"T-{self.pk:05d}"

    @property
    def letters_key(self):
        """What the keys of all letters about this appointment begin with."""
        return f"appointment:{self.uid}"

    def reminder_key(self, kind):
        """One for each kind and start: an appointment moved is reminded of anew."""
        return f"{self.letters_key}:{kind}:{int(self.starts_at.timestamp())}"

    @property
    def is_past(self):
        return self.starts_at <= timezone.now()

    @property
    def cancellable_until(self):
        """Until when the person may cancel without calling."""
        hours = self.office_hours.cancel_hours if self.office_hours else 0
        return self.starts_at - timedelta(hours=hours)

    @property
    def is_open(self):
        return self.status == AppointmentStatus.BOOKED

    def may_be_cancelled_by(self, user):
        """Staff may always while it is open; founders until shortly before.

        Nobody (None) is the person themself, by the link of a booking without an account.
        """
        if (user is None or user.role == Role.FOUNDER) and timezone.now() > self.cancellable_until:
            return False
        return self.is_open

    def may_be_moved_by(self, user):
        """Whoever may cancel may move, while the appointment is still to come."""
        is_to_come = self.status == AppointmentStatus.BOOKED and not self.is_past
        return is_to_come and self.may_be_cancelled_by(user)

    @property
    def advisors(self):
        """Who can be met then, as a free time has it."""
        return (self.advisor,)

    @property
    def other_office_hours(self):
        """Where it can be moved to: those of its advisor in its project, the team's included."""
        return self.project.office_hours.with_on_duty([self.advisor])

    def times_instead(self, start_day, end_day):
        """The free times it can be moved to; at its own time, nobody need move."""
        times = self.other_office_hours.free_times(start_day, end_day)
        return [time for time in times if time.starts_at != self.starts_at]

    @transaction.atomic
    def cancel(self, *, by):
        """Give the time back at once and tell the other side.

        Refuses a founder who is too late, and whatever is not open any more.
        """
        if self.is_open and not self.may_be_cancelled_by(by):
            raise ValidationError(
                _("It is too late to cancel this appointment here. Please call us.")
            )
        wait_for_turns(self.office_hours)
        self._move(
            (AppointmentStatus.BOOKED,), AppointmentStatus.CANCELLED, cancelled_at=timezone.now()
        )
        Event.objects.record(actor=by, verb="appointment.cancelled", subject=self)
        announce("cancelled", self, by=by)
        give_back(self.office_hours, self.starts_at, self.advisor)

    @transaction.atomic
    def take(self, *, by, person, **fields):
        """Book a held time for somebody, as long as it is held and still to come.

        A hold that has run out still holds until somebody else takes the time.
        """
        now = timezone.now()
        taken = (
            Appointment.objects.held()
            .filter(pk=self.pk, starts_at__gt=now)
            .update(
                status=AppointmentStatus.BOOKED,
                held_until=None,
                person=person,
                agreed_at=now,
                booked_by=by,
                **fields,
            )
        )
        if not taken:
            raise ValidationError(_("This appointment cannot be confirmed any more."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="appointment.booked", subject=self)
        announce("booked", self, by=by)

    @transaction.atomic
    def move(self, *, by, office_hours, starts_at):
        """Take another free time of the same advisor; the old one is free at once.

        In the office hours of a team a colleague takes over where the advisor is not free then.
        Refuses what `cancel` refuses, what is over, and a time that is not free.
        """
        if not self.may_be_moved_by(by):
            raise ValidationError(_("This appointment cannot be moved any more. Please call us."))
        if self.advisor not in office_hours.on_duty or office_hours.project != self.project:
            raise ValidationError(
                _("Only a time of the same advisor can be taken instead. Cancel and book anew.")
            )
        if starts_at == self.starts_at:
            raise ValidationError(_("The appointment is at this time already."))
        was, former, gave_back = self.starts_at, self.advisor, self.office_hours
        wait_for_turns(gave_back, office_hours)
        place_and_time = office_hours.place_and_time(starts_at, prefer=former)
        with explained(Appointment):
            Appointment.objects.free_run_out(advisor=place_and_time["advisor"])
            self._move(
                (AppointmentStatus.BOOKED,),
                AppointmentStatus.BOOKED,
                agreed_at=timezone.now(),
                **place_and_time,
            )
        Event.objects.record(actor=by, verb="appointment.moved", subject=self, was=was.isoformat())
        announce("moved", self, by=by)
        if self.advisor != former:
            take_back(self, former=former)
        give_back(gave_back, was, former)

    @transaction.atomic
    def pass_on(self, *, to, by):
        """Let a colleague meet the person at the same time; the person is told.

        The two colleagues hear of it together with everything else that was handed over. Refuses
        what is over, and a time at which the colleague meets somebody else.
        """
        was, status = self.advisor, self.status
        with explained(Appointment):
            Appointment.objects.free_run_out(advisor=to)
            self._move((status,), status, advisor=to)
        Event.objects.record(
            actor=by, verb="appointment.passed_on", subject=self, before=was.pk, to=to.pk
        )
        if self.person:
            introduce(self)

    def stay(self):
        """Give a time back that is only held, because nobody can take it over; leave a booking."""
        if self.status == AppointmentStatus.HELD:
            self.offer.expire() if hasattr(self, "offer") else self.delete()

    @transaction.atomic
    def took_place(self, *, by):
        """Note that people met; a consultation can be logged from it."""
        self._refuse_future()
        self._move(
            (AppointmentStatus.BOOKED, AppointmentStatus.NO_SHOW), AppointmentStatus.TOOK_PLACE
        )
        Event.objects.record(actor=by, verb="appointment.took_place", subject=self)

    @transaction.atomic
    def missed(self, *, by):
        """Note that nobody came; refused where a consultation was logged."""
        self._refuse_future()
        if self.consultation_id:
            raise ValidationError(_("A consultation was logged for this appointment."))
        self._move(
            (AppointmentStatus.BOOKED, AppointmentStatus.TOOK_PLACE), AppointmentStatus.NO_SHOW
        )
        Event.objects.record(actor=by, verb="appointment.missed", subject=self)

    @transaction.atomic
    def become(self, consultation, *, by):
        """Note which consultation came of this appointment; each becomes one at most."""
        became = Appointment.objects.filter(
            Q(consultation=None) | Q(consultation=consultation),
            pk=self.pk,
            status__in=(AppointmentStatus.BOOKED, AppointmentStatus.TOOK_PLACE),
        ).update(status=AppointmentStatus.TOOK_PLACE, consultation=consultation)
        if not became:
            raise ValidationError(
                _("This appointment did not take place or has its consultation already.")
            )
        self.refresh_from_db()
        Event.objects.record(
            actor=by, verb="appointment.became", subject=self, consultation=consultation.pk
        )

    def _refuse_future(self):
        if not self.is_past:
            raise ValidationError(_("This appointment is still to come."))

    def _move(self, sources, target, **fields):
        # The database decides, so a stale page cannot repeat a step.
        moved = Appointment.objects.filter(pk=self.pk, status__in=sources).update(
            status=target, sequence=F("sequence") + 1, **fields
        )
        if not moved:
            raise ValidationError(_("Someone changed this appointment in the meantime."))
        self.refresh_from_db()

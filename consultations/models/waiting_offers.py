"""WaitingOffer: a time held for somebody on the waiting list, and what they say to it.

An offer and its letter are rows of one transaction: whoever dies in between leaves neither.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import Period, explained, take_turns
from best_portal.outbox.models import Letter
from consultations.models.appointments import Appointment
from consultations.models.booking import ToldBy
from consultations.models.guests import GuestBooking
from consultations.models.office_hours import OfficeHours
from consultations.models.waiting import WaitingEntry
from consultations.models.waiting_rules import WITH_A_TIME, OfferStatus, ReachedBy, WaitingStatus
from consultations.models.waiting_sweep import OfferingMixin
from consultations.waiting_letters import told_withdrawn
from enterprises.models import Person

OVER = _("This offer is over: its time has gone to somebody else. You stay on the list.")


class WaitingOfferQuerySet(OfferingMixin, models.QuerySet):
    def open(self):
        return self.filter(status=OfferStatus.OPEN)

    def to_call(self):
        """The open offers that somebody must tell on the phone, the most urgent first."""
        told = Q(entry__reached_by=ReachedBy.PHONE) | Q(entry__person__email="")
        return self.open().filter(told).for_list().order_by("until", "pk")

    def visible_to(self, user):
        return self.filter(entry__in=WaitingEntry.objects.visible_to(user))

    def for_list(self):
        return self.select_related(
            "appointment__advisor", "office_hours", "entry__person", "entry__topic"
        ).order_by("-offered_at")


class WaitingOffer(models.Model):
    """Angebot: one time held for one entry of the waiting list, and what they said."""

    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="offers")
    # Held while the offer is open, booked once it is accepted; else the time is somebody else's.
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, editable=False, related_name="offer"
    )
    office_hours = models.ForeignKey(OfficeHours, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    offered_at = models.DateTimeField(_("offered at"))
    until = models.DateTimeField(_("held until"))
    next_from = models.DateTimeField(editable=False)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=OfferStatus,
        default=OfferStatus.OPEN,
        editable=False,
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    calls = models.PositiveSmallIntegerField(_("calls"), default=0, editable=False)
    called_at = models.DateTimeField(_("last call"), null=True, editable=False)

    objects = WaitingOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of a time")
        verbose_name_plural = _("offers of times")
        ordering = ["-offered_at"]
        constraints = [
            models.CheckConstraint(
                name="consultations_waitingoffer_status_is_known",
                condition=Q(status__in=OfferStatus.values),
                violation_error_message=_("Unknown status of an offer."),
            ),
            models.CheckConstraint(
                name="consultations_waitingoffer_open_holds_a_time",
                condition=Q(status__in=WITH_A_TIME, appointment__isnull=False)
                | ~Q(status__in=WITH_A_TIME) & Q(appointment=None),
                violation_error_message=_("An open offer holds a time, one that is over none."),
            ),
            models.CheckConstraint(
                name="consultations_waitingoffer_answered_with_time",
                condition=Q(status=OfferStatus.OPEN, answered_at=None)
                | ~Q(status=OfferStatus.OPEN) & Q(answered_at__isnull=False),
                violation_error_message=_("An offer is over together with its time."),
            ),
            models.CheckConstraint(
                name="consultations_waitingoffer_lies_before_the_start",
                condition=Q(
                    offered_at__lt=F("until"), until__lt=F("starts_at"), starts_at__lt=F("ends_at")
                ),
                violation_error_message=_("A time is offered and answered before it begins."),
            ),
            models.CheckConstraint(
                name="consultations_waitingoffer_called_with_time",
                condition=Q(calls=0, called_at=None) | Q(calls__gt=0, called_at__isnull=False),
                violation_error_message=_("A call is noted together with its time."),
            ),
            models.UniqueConstraint(
                fields=["entry", "starts_at"],
                name="consultations_waitingoffer_each_time_once",
                violation_error_message=_("This time was offered to this person before."),
            ),
            ExclusionConstraint(
                name="consultations_waitingoffer_one_a_day",
                expressions=[
                    ("entry", RangeOperators.EQUAL),
                    (Period("offered_at", "next_from"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Within 24 hours nobody is offered a second time."),
            ),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H:%M} · {self.entry}"

    @property
    def letters_key(self):
        return f"{self.entry.letters_key}:offer:{self.pk}"

    @property
    def is_open(self):
        return self.status == OfferStatus.OPEN

    @transaction.atomic
    def accept(self, *, by):
        """Book the held time; pressed twice, it is booked once. Returns the appointment.

        `by=None` is the person themself, by their link. Refuses an offer that is over and a time
        at which nobody is met any more.
        """
        entry = self.entry.locked()
        self.refresh_from_db()
        if self.status == OfferStatus.ACCEPTED:
            return self.appointment
        if self.is_open:
            with explained(Appointment):
                # After an advisor who is just noting an absence, so that it counts.
                take_turns(f"advisor-{self.appointment.advisor_id}")
        held = self._close(OfferStatus.ACCEPTED)
        if not held.office_hours.still_meet(held):
            raise ValidationError(_("This time cannot be held any more. You stay on the list."))
        self._book(held, entry, by=by)
        entry.end(WaitingStatus.BOOKED, verb="booked", by=by)
        return held

    def _book(self, held, entry, *, by):
        """Book the time for the person; without an account they get a link to it."""
        person = entry.person or Person.objects.met(**entry.contact)
        if not (entry.person and person.user_id):
            GuestBooking.objects.open_to_link(held, contact=entry.contact, answers=entry.answers)
        held.take(
            by=by,
            person=person,
            organisation=entry.organisation,
            concern=entry.concern,
            told_by=ToldBy.NOBODY if entry.is_called else ToldBy.MAIL,
        )

    @transaction.atomic
    def decline(self, *, by):
        """Let the time go to the next; the place on the list stays. Pressed twice, it is one no."""
        self.entry.locked()
        self.refresh_from_db()
        if self.status != OfferStatus.DECLINED:
            self._give_back(OfferStatus.DECLINED, "declined", by=by)

    @transaction.atomic
    def expire(self):
        """Nobody answered in time: the time goes to the next."""
        self._give_back(OfferStatus.EXPIRED, "expired", by=None)

    @transaction.atomic
    def withdraw(self, *, by, is_told=False):
        """Take the offer back: its entry has ended, or the time is not held any more."""
        self._give_back(OfferStatus.WITHDRAWN, "withdrawn", by=by)
        if is_told and not self.entry.is_called:
            told_withdrawn(self)

    @transaction.atomic
    def not_reached(self, *, by):
        """Note a call that nobody took; the time stays held until the offer ends."""
        now = timezone.now()
        noted = WaitingOffer.objects.open().filter(pk=self.pk)
        if not noted.update(calls=F("calls") + 1, called_at=now):
            raise ValidationError(OVER)
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="waiting_offer.not_reached", subject=self)

    def _give_back(self, status, verb, *, by):
        held = self._close(status)
        Event.objects.record(actor=by, verb=f"waiting_offer.{verb}", subject=self)
        WaitingOffer.objects.pass_on(held)

    def _close(self, status):
        """End an open offer, with the time it holds locked; refuses one that is over already."""
        # The time before the offer, as whoever frees what was held too long: no two wait in a ring.
        held = Appointment.objects.select_for_update().filter(pk=self.appointment_id).first()
        fields = {} if status in WITH_A_TIME else {"appointment": None}
        is_mine = WaitingOffer.objects.open().filter(pk=self.pk)
        if not is_mine.update(status=status, answered_at=timezone.now(), **fields):
            raise ValidationError(OVER)
        self.refresh_from_db()
        Letter.objects.withdraw(self.letters_key)
        return held

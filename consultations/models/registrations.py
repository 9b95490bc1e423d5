"""Registration: one person's place in a group session, and what becomes of it."""

import hmac
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language
from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.group_emails import tell
from consultations.models.booking import ToldBy
from consultations.models.group_states import ACTIVE, ON_THE_LIST, RegistrationStatus
from consultations.models.guests import Need
from consultations.models.registration_queries import (
    RegistrationQuerySet,
    digest_of,
    token_for,
)
from enterprises.models import Organisation, Person


class Registration(models.Model):
    """Anmeldung: whose, for which session, and which seat they have.

    A seat is a number, and a number is given once: so the database keeps a session from being
    overbooked, however many register at once.
    """

    session = models.ForeignKey(
        "consultations.GroupSession", on_delete=models.CASCADE, related_name="registrations"
    )
    # Nobody yet while somebody without an account has not confirmed.
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="registrations",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("organisation"),
    )
    # What somebody without an account wrote; it becomes the person.
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.GERMAN
    )
    needs = ArrayField(
        models.CharField(max_length=15, choices=Need),
        default=list,
        blank=True,
        verbose_name=_("needs"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=RegistrationStatus,
        default=RegistrationStatus.ASKED,
        editable=False,
    )
    seat = models.PositiveSmallIntegerField(_("seat"), null=True, editable=False)
    told_by = models.CharField(
        _("told"), max_length=6, choices=ToldBy, default=ToldBy.MAIL, editable=False
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    # How often it changed: what tells its letters apart.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    # Since when it stands in line.
    queued_at = models.DateTimeField(null=True, editable=False)
    seated_at = models.DateTimeField(null=True, editable=False)
    moved_up_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["queued_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_registration_status_is_known",
                condition=Q(status__in=RegistrationStatus.values),
                violation_error_message=_("Unknown status of a registration."),
            ),
            models.CheckConstraint(
                name="consultations_registration_told_by_is_known",
                condition=Q(told_by__in=ToldBy.values),
                violation_error_message=_("Choose how the person is told."),
            ),
            models.CheckConstraint(
                name="consultations_registration_seat_if_registered",
                condition=Q(status=RegistrationStatus.REGISTERED, seat__isnull=False, seat__gte=1)
                | (~Q(status=RegistrationStatus.REGISTERED) & Q(seat=None)),
                violation_error_message=_("Who is registered has a seat, and nobody else has."),
            ),
            models.UniqueConstraint(
                fields=["session", "seat"],
                name="consultations_registration_seat_is_given_once",
                violation_error_message=_("This seat has just been taken. Please try again."),
            ),
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(status__in=ACTIVE),
                name="consultations_registration_once_per_person",
                violation_error_message=_("This person is on the list already."),
            ),
            models.CheckConstraint(
                name="consultations_registration_is_somebodys",
                condition=Q(person__isnull=False)
                | (~Q(status__in=ACTIVE) & ~Q(name="") & ~Q(email="")),
                violation_error_message=_("Say who registers and how to reach them."),
            ),
            models.CheckConstraint(
                name="consultations_registration_stands_in_line",
                condition=~Q(status__in=ON_THE_LIST) | Q(queued_at__isnull=False),
                violation_error_message=_("Who is on the list is on it since a time."),
            ),
            models.CheckConstraint(
                name="consultations_registration_cancelled_with_time",
                condition=Q(status=RegistrationStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=RegistrationStatus.CANCELLED) & Q(cancelled_at=None)),
                violation_error_message=_("A registration is cancelled together with its time."),
            ),
        ]

    def __str__(self):
        return f"{self.person or self.name} · {self.session}"

    def get_absolute_url(self):
        return reverse("consultations:registration", args=[self.token])

    @property
    def letters_key(self):
        """What the keys of all letters about this registration begin with."""
        return f"group:{self.uid}"

    def reminder_key(self, date):
        """One for each date and start: a date that was moved is reminded of anew."""
        return f"{self.letters_key}:reminder_24h:{int(date.starts_at.timestamp())}"

    @property
    def who(self):
        """The name, whether confirmed or not."""
        return self.person.name if self.person else self.name

    @property
    def mail_to(self):
        """Where letters go; empty where the person is told otherwise.

        Who confirmed by a link has shown that this address is theirs.
        """
        known = self.email or (self.person.email if self.person else "")
        return known if self.told_by == ToldBy.MAIL else ""

    @property
    def speaks(self):
        return self.person.language if self.person else self.language

    @property
    def token(self):
        """The link's secret, made anew; empty where the key it was made with is gone."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = token_for(self, key)
            if hmac.compare_digest(digest_of(token), self.token_digest):
                return token
        return ""

    @property
    def needs_in_words(self):
        return [str(Need(need).label) for need in self.needs if need in Need.values]

    @property
    def position(self):
        """The place in the line of those who wait, from 1."""
        waiting = self.session.registrations.waiting()
        before = Q(queued_at__lt=self.queued_at) | Q(queued_at=self.queued_at, pk__lt=self.pk)
        return waiting.filter(before).count() + 1

    @property
    def is_to_be_called(self):
        """Whether nobody has written to them that they have a seat now."""
        return self.moved_up_at is not None and not self.mail_to

    @property
    def is_on_the_list(self):
        return self.status in ON_THE_LIST

    @property
    def may_be_cancelled(self):
        """While somebody expects them: until the last date is over."""
        return self.is_on_the_list and self.session.is_published and not self.session.is_over

    def take_place(self, *, by):
        """Take the lowest free seat, else a place in the line; within the session's turn.

        Refused where both are taken. Those who wait already come first.
        """
        session = self.session
        session.fill_seats()
        free = session.registrations.free_seats(session.seats)
        self.queued_at = timezone.now()
        if free:
            self.status, self.seat = RegistrationStatus.REGISTERED, free[0]
            self.seated_at = self.queued_at
        elif session.registrations.waiting().count() < session.waiting_seats:
            self.status = RegistrationStatus.WAITING
        else:
            raise ValidationError(
                _("All seats are taken, and all places on the waiting list."), code="full"
            )
        with explained(Registration):
            self.save()
        Event.objects.record(actor=by, verb=f"registration.{self.status}", subject=self)
        tell(self.status, self)

    @transaction.atomic
    def confirm(self):
        """Take the place asked for; pressed twice, it is taken once.

        Returns the registration that holds: who is on the list already stays where they are.
        Refuses a session that closed meanwhile.
        """
        self.session.take_turns()
        self.refresh_from_db()
        if self.status != RegistrationStatus.ASKED:
            return self
        self.session.refuse_if_closed(by=None)
        person = Person.objects.met(name=self.name, email=self.email, language=self.language)
        if earlier := self.session.registrations.active().filter(person=person).first():
            self.delete()
            return earlier
        self.person = person
        self.take_place(by=None)
        return self

    @transaction.atomic
    def cancel(self, *, by):
        """Give the place back; the next in line moves up at once and is told.

        `by=None` is the person themself, by their link.
        """
        self.session.take_turns()
        self.refresh_from_db()
        if not self.may_be_cancelled:
            raise ValidationError(_("This registration cannot be cancelled any more."))
        self._become(RegistrationStatus.CANCELLED, seat=None, cancelled_at=timezone.now())
        Event.objects.record(actor=by, verb="registration.cancelled", subject=self)
        tell("cancelled", self, by_themself=by is None or by == self.person.user)
        self.session.fill_seats()

    def move_up(self, seat):
        """Take a seat that has become free; within the session's turn."""
        now = timezone.now()
        self._become(RegistrationStatus.REGISTERED, seat=seat, seated_at=now, moved_up_at=now)
        Event.objects.record(actor=None, verb="registration.moved_up", subject=self)
        tell("moved_up", self)

    def walk_in(self, *, by):
        """Come although there was no seat."""
        self._become(RegistrationStatus.WALKED_IN)
        Event.objects.record(actor=by, verb="registration.walked_in", subject=self)

    def _become(self, status, **fields):
        with explained(Registration):
            Registration.objects.filter(pk=self.pk).update(
                status=status, sequence=F("sequence") + 1, **fields
            )
        self.refresh_from_db()

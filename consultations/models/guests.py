"""Guests: people who book without an account, and requests from where we may not work."""

import hashlib
import hmac

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.emails import announce, ask_to_confirm
from consultations.models.appointments import Appointment
from consultations.models.booking import HOLD, MOST_TO_COME, AppointmentStatus
from consultations.models.project import Topic
from districts.models import District
from enterprises.models import Person, Stage


class Need(models.TextChoices):
    INTERPRETER = "interpreter", _("an interpreter")
    SIGN_LANGUAGE = "sign_language", _("sign language")
    STEP_FREE = "step_free", _("access without steps")


def digest_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


class GuestBookingQuerySet(models.QuerySet):
    def by_token(self, token):
        """The booking this link opens, until the appointment is over; else none."""
        return self.filter(
            token_digest=digest_of(token), appointment__ends_at__gt=timezone.now()
        ).select_related("appointment__advisor", "appointment__person", "appointment__office_hours")

    def open_for(self, *, email, phone):
        """How many appointments to come these contacts have, asked for or booked."""
        upcoming = Q(
            appointment__status=AppointmentStatus.BOOKED,
            appointment__starts_at__gt=timezone.now(),
        ) | Q(appointment__held_until__gt=timezone.now())
        same = Q(email__iexact=email) if email else Q(phone=phone)
        return self.filter(upcoming, same).count()

    @transaction.atomic
    def ask(self, *, appointment, answers, name, email="", phone=""):
        """Note whom a held time is for, and ask them by mail to confirm.

        Without an e-mail address it is booked at once: then the advisor calls. The same form sent
        twice is one letter; with another address, only the new link holds. Refuses a hold that
        has run out, and more appointments than one person may have.
        """
        contact = {"name": " ".join(name.split()), "email": email, "phone": phone}
        with explained(Appointment):
            take_turns(f"guest-{email.lower() or phone}")
            take_turns(f"appointment-{appointment.pk}")
        guest = self.filter(appointment=appointment).first()
        if guest and all(getattr(guest, key) == value for key, value in contact.items()):
            return guest
        if self.exclude(appointment=appointment).open_for(email=email, phone=phone) >= MOST_TO_COME:
            raise ValidationError(
                _("You have %(number)d appointments to come; more can be booked by phone."),
                params={"number": MOST_TO_COME},
            )
        held = Appointment.objects.held().filter(pk=appointment.pk)
        if not held.update(held_until=timezone.now() + HOLD):
            raise ValidationError(_("Your time was held for 15 minutes. Please choose again."))
        with explained(self.model):
            token = token_for(appointment, contact)
            guest, _created = self.update_or_create(
                appointment=appointment,
                defaults=contact | answers | {"token_digest": digest_of(token)},
            )
        guest.appointment.refresh_from_db()
        if email:
            ask_to_confirm(guest)
        else:
            guest.confirm()
        return guest


def token_for(appointment, contact, key=None):
    """256 bits nobody can guess; the same again from the key, so that only its digest is stored."""
    text = f"{appointment.uid}:{contact['email']}:{contact['phone']}"
    return salted_hmac(
        "consultations.guest", text, secret=key or settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


class GuestBooking(models.Model):
    """Buchung ohne Konto: who asked for a held time, what for, and the digest of their link."""

    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, related_name="guest")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.GERMAN
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
    )
    stage = models.CharField(_("stage"), max_length=13, choices=Stage, default=Stage.IDEA)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("topic")
    )
    needs = ArrayField(
        models.CharField(max_length=15, choices=Need), default=list, verbose_name=_("needs")
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, editable=False)

    objects = GuestBookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking without an account")
        verbose_name_plural = _("bookings without an account")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="consultations_guestbooking_can_be_reached",
                condition=~Q(email="", phone=""),
                violation_error_message=_("Give an e-mail address or a phone number."),
            ),
            models.CheckConstraint(
                name="consultations_guestbooking_stage_is_known",
                condition=Q(stage__in=Stage.values),
                violation_error_message=_("Choose one of the stages."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("consultations:guest", args=[self.token])

    @property
    def needs_in_words(self):
        return [str(Need(need).label) for need in self.needs if need in Need.values]

    @property
    def token(self):
        """The link's secret, made anew; empty where the key it was made with is gone."""
        contact = {"email": self.email, "phone": self.phone}
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = token_for(self.appointment, contact, key)
            if hmac.compare_digest(digest_of(token), self.token_digest):
                return token
        return ""

    @transaction.atomic
    def confirm(self):
        """Book the held time; pressed twice, it is booked once.

        A hold that has run out still holds until somebody else takes the time.
        """
        Appointment.objects.select_for_update().filter(pk=self.appointment_id).first()
        self.appointment.refresh_from_db()
        if self.appointment.status == AppointmentStatus.BOOKED:
            return
        if self.appointment.status != AppointmentStatus.HELD or self.appointment.is_past:
            raise ValidationError(_("This appointment cannot be confirmed any more."))
        person = Person.objects.met(
            name=self.name, email=self.email, phone=self.phone, language=self.language
        )
        now = timezone.now()
        Appointment.objects.filter(pk=self.appointment_id).update(
            status=AppointmentStatus.BOOKED, held_until=None, person=person, agreed_at=now
        )
        GuestBooking.objects.filter(pk=self.pk).update(confirmed_at=now)
        self.refresh_from_db()
        Event.objects.record(actor=None, verb="appointment.booked", subject=self.appointment)
        announce("booked", self.appointment, by=None)


class RequestChannel(models.TextChoices):
    WEB = "web", _("on the web")
    PHONE = "phone", _("by phone")
    VISIT = "visit", _("in person")
    EMAIL = "email", _("by e-mail")


class DeclinedRequestQuerySet(models.QuerySet):
    @transaction.atomic
    def note(self, *, by, place, topic=None, channel=RequestChannel.WEB):
        """Record a request from where no project may work: the argument for going city-wide."""
        with explained(self.model):
            request = self.create(place=" ".join(place.split()), topic=topic, channel=channel)
        Event.objects.record(actor=by, verb="request.declined", subject=request)
        return request


class DeclinedRequest(models.Model):
    """Abgelehnte Anfrage: from where, what about, when and how; nobody's name."""

    place = models.CharField(_("place"), max_length=120)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("topic")
    )
    on = models.DateField(_("day"), default=timezone.localdate)
    channel = models.CharField(
        _("how"), max_length=5, choices=RequestChannel, default=RequestChannel.WEB
    )

    objects = DeclinedRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("declined request")
        verbose_name_plural = _("declined requests")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_declinedrequest_has_a_place",
                condition=~Q(place=""),
                violation_error_message=_("Say where."),
            ),
            models.CheckConstraint(
                name="consultations_declinedrequest_channel_is_known",
                condition=Q(channel__in=RequestChannel.values),
                violation_error_message=_("Choose how the request came."),
            ),
        ]

    def __str__(self):
        return f"{self.place} ({self.on:%d.%m.%Y})"

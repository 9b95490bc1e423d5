"""Guests: people who book an appointment without an account."""

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
from best_portal.db import explained, take_turns
from consultations.emails import ask_to_confirm
from consultations.models.appointments import Appointment
from consultations.models.booking import HOLD, MOST_TO_COME, AppointmentStatus
from consultations.models.office_hours import NOT_FREE
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
    def ask(self, *, appointment, answers, name, email="", phone="", mobile=""):
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
        same = guest and all(getattr(guest, key) == value for key, value in contact.items())
        if same and guest.appointment.mobile == mobile:
            return guest
        if self.exclude(appointment=appointment).open_for(email=email, phone=phone) >= MOST_TO_COME:
            raise ValidationError(
                _("You have %(number)d appointments to come; more can be booked by phone."),
                params={"number": MOST_TO_COME},
            )
        held = Appointment.objects.held().filter(pk=appointment.pk)
        if not held.update(held_until=timezone.now() + HOLD, mobile=mobile):
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

    def open_to_link(self, appointment, *, contact, answers):
        """Give somebody without an account a link to a time that is being booked for them."""
        with explained(self.model):
            return self.create(
                appointment=appointment,
                token_digest=digest_of(token_for(appointment, contact)),
                confirmed_at=timezone.now(),
                **contact | answers,
            )


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

    @property
    def is_void(self):
        """Whether the time is only held, and the advisor cannot keep it any more."""
        held = self.appointment
        return held.status == AppointmentStatus.HELD and not held.office_hours.still_meet(held)

    @transaction.atomic
    def confirm(self):
        """Book the held time; pressed twice, it is booked once.

        A hold that has run out still holds until somebody else takes the time. Refuses what is
        not held any more, and a time in which the advisor is away by now.
        """
        held = Appointment.objects.filter(pk=self.appointment_id)
        with explained(Appointment):
            # Before the row, as all who take a time do: else two could wait for each other.
            for advisor in held.values_list("advisor", flat=True):
                take_turns(f"advisor-{advisor}")
            held = held.select_for_update().first()
        if held is None:
            raise ValidationError(_("This appointment cannot be confirmed any more."))
        self.appointment = held
        if held.status == AppointmentStatus.BOOKED:
            return
        if held.status != AppointmentStatus.HELD or held.is_past:
            raise ValidationError(_("This appointment cannot be confirmed any more."))
        if self.is_void:
            raise ValidationError(NOT_FREE, code="not_free")
        person = Person.objects.met(
            name=self.name, email=self.email, phone=self.phone, language=self.language
        )
        self.appointment.take(by=None, person=person)
        GuestBooking.objects.filter(pk=self.pk).update(confirmed_at=timezone.now())
        self.refresh_from_db()

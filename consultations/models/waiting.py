"""WaitingEntry: somebody who waits for a time that suits them, with or without an account."""

import hmac
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from best_portal.outbox.models import Letter
from consultations.models.consultation import Channel
from consultations.models.guests import digest_of
from consultations.models.office_hours import Weekday
from consultations.models.waiting_queries import WaitingEntryQueries
from consultations.models.waiting_rules import ACTIVE, DayPart, ReachedBy, WaitingStatus
from consultations.models.waiting_wishes import Wishes
from consultations.waiting_letters import (
    confirm_waiting,
    told_already,
    told_ended,
    told_joined,
)
from enterprises.models import Organisation, Person, Stage

ON_THE_LIST = _("On this list everybody stands once, and there is an entry already.")


class WaitingEntryQuerySet(WaitingEntryQueries, models.QuerySet):
    @transaction.atomic
    def join(self, *, by, form_key, person=None, contact=None, reached_by=ReachedBy.MAIL, **wishes):
        """Put a person on the list, known already or not, who then waits from now on.

        Refuses who stands on it already, and who cannot be reached in the way that was chosen. The
        same form sent twice gives the first entry back.
        """
        with explained(self.model):
            take_turns(form_key)
        if earlier := self.filter(form_key=form_key).first():
            if earlier.added_by != by:
                raise ValidationError(_("This form was sent before. Please open it anew."))
            return earlier
        person = person or Person.objects.met(**contact)
        if reached_by == ReachedBy.MAIL and not person.email:
            raise ValidationError(_("There is no e-mail address. Choose to be called."))
        if reached_by == ReachedBy.PHONE and not person.phone:
            raise ValidationError(_("There is no phone number to call."))
        with explained(self.model):
            take_turns(f"waiting-{person.email.lower() or person.phone}")
            if self.waiting().of_the_same(person).filter(project=wishes.get("project")).exists():
                raise ValidationError(ON_THE_LIST)
            entry = self.create(
                person=person,
                reached_by=reached_by,
                status=WaitingStatus.WAITING,
                joined_at=timezone.now(),
                added_by=by,
                form_key=form_key,
                **wishes | new_identity(),
            )
        Event.objects.record(actor=by, verb="waiting_entry.joined", subject=entry)
        told_joined(entry)
        return entry

    @transaction.atomic
    def ask(self, *, name, email, phone="", language=Language.GERMAN, **wishes):
        """Note what somebody without an account waits for, and ask them by mail to confirm.

        It counts once they do. Whoever stands on the list already is told so by mail only: nobody
        else is to learn it. The same form sent again changes the wishes, and a new mail comes after
        an hour at the earliest.
        """
        contact = {"name": " ".join(name.split()), "phone": phone, "language": language}
        with explained(self.model):
            take_turns(f"waiting-{email.lower()}")
        same = self.active().at_address(email).filter(project=wishes.get("project"))
        entry = same.select_for_update(of=("self",)).first()
        if entry and entry.status == WaitingStatus.WAITING:
            told_already(entry)
            return entry
        if entry:
            for field, value in (contact | wishes).items():
                setattr(entry, field, value)
            entry.save()
        else:
            with explained(self.model):
                entry = self.create(email=email, **contact | wishes | new_identity())
            Event.objects.record(actor=None, verb="waiting_entry.asked", subject=entry)
        confirm_waiting(entry)
        return entry


def token_for(uid, key=None):
    """256 bits nobody can guess; the same again from the key, so that only its digest is stored."""
    return salted_hmac(
        "consultations.waiting", str(uid), secret=key or settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def new_identity():
    uid = uuid.uuid4()
    return {"uid": uid, "token_digest": digest_of(token_for(uid))}


class WaitingEntry(Wishes):
    """Warteliste: one person's place on it, what they wait for, and what became of it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Whom we know, with or without an account; whoever asks on the web has a name here instead.
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="waiting_entries",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="waiting_entries",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.GERMAN
    )
    reached_by = models.CharField(
        _("reached"), max_length=5, choices=ReachedBy, default=ReachedBy.MAIL
    )
    status = models.CharField(
        _("status"),
        max_length=11,
        choices=WaitingStatus,
        default=WaitingStatus.UNCONFIRMED,
        editable=False,
    )
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    joined_at = models.DateTimeField(_("waiting since"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the waiting list")
        verbose_name_plural = _("waiting list")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_waitingentry_status_is_known",
                condition=Q(status__in=WaitingStatus.values),
                violation_error_message=_("Unknown status of an entry of the waiting list."),
            ),
            models.CheckConstraint(
                name="consultations_waitingentry_reached_by_is_known",
                condition=Q(reached_by__in=ReachedBy.values),
                violation_error_message=_("Choose how the person is reached."),
            ),
            models.CheckConstraint(
                name="consultations_waitingentry_channel_is_known",
                condition=Q(channel__in=["", *Channel.values]),
                violation_error_message=_("Choose how you want to meet."),
            ),
            models.CheckConstraint(
                name="consultations_waitingentry_stage_is_known",
                condition=Q(stage__in=Stage.values),
                violation_error_message=_("Choose one of the stages."),
            ),
            models.CheckConstraint(
                name="consultations_waitingentry_weekdays_are_known",
                condition=Q(weekdays__contained_by=Weekday.values),
                violation_error_message=_("Choose days of the week."),
            ),
            models.CheckConstraint(
                name="consultations_waitingentry_day_parts_are_known",
                condition=Q(day_parts__contained_by=DayPart.values),
                violation_error_message=_("Choose times of day."),
            ),
            models.CheckConstraint(
                name="consultations_waitingentry_can_be_reached",
                condition=Q(person__isnull=False)
                | ~Q(name="") & ~Q(email="") & Q(reached_by=ReachedBy.MAIL)
                | Q(erased_at__isnull=False),
                violation_error_message=_("Give a name and an e-mail address."),
            ),
            models.CheckConstraint(
                name="consultations_waitingentry_erased_is_nobody",
                condition=Q(erased_at=None)
                | Q(name="", email="", phone="", concern="", ended_at__isnull=False),
                violation_error_message=_("Of an erased entry nothing about the person is left."),
            ),
            models.CheckConstraint(
                name="consultations_waitingentry_waits_since_a_time",
                condition=Q(status=WaitingStatus.UNCONFIRMED, joined_at=None)
                | ~Q(status=WaitingStatus.UNCONFIRMED) & Q(joined_at__isnull=False),
                violation_error_message=_("Whoever is on the list waits since a moment."),
            ),
            models.CheckConstraint(
                name="consultations_waitingentry_ended_with_time",
                condition=Q(status__in=ACTIVE, ended_at=None)
                | ~Q(status__in=ACTIVE) & Q(ended_at__isnull=False),
                violation_error_message=_("An entry ends together with its time."),
            ),
            models.UniqueConstraint(
                fields=["person", "project"],
                name="consultations_waitingentry_one_per_person",
                condition=Q(status__in=ACTIVE, person__isnull=False),
                nulls_distinct=False,
                violation_error_message=ON_THE_LIST,
            ),
            models.UniqueConstraint(
                Lower("email"),
                "project",
                name="consultations_waitingentry_one_per_address",
                condition=Q(status__in=ACTIVE) & ~Q(email=""),
                nulls_distinct=False,
                violation_error_message=ON_THE_LIST,
            ),
        ]
        indexes = [
            models.Index(
                fields=["joined_at", "id"],
                name="consultations_waitingentry_due",
                condition=Q(status=WaitingStatus.WAITING),
            ),
        ]

    def __str__(self):
        return self.whose.name or str(_("erased"))

    def get_absolute_url(self):
        return reverse("consultations:waiting_entry", args=[self.pk])

    @property
    def link(self):
        """The page that opens without an account."""
        return reverse("consultations:waiting_link", args=[self.token])

    @property
    def stop_link(self):
        return reverse("consultations:waiting_link_stop", args=[self.token])

    @property
    def token(self):
        """The link's secret, made anew; empty where the key it was made with is gone."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = token_for(self.uid, key)
            if hmac.compare_digest(digest_of(token), self.token_digest):
                return token
        return ""

    @property
    def whose(self):
        """Who has the name, the address and the language: the person, else the entry itself."""
        return self.person or self

    @property
    def contact(self):
        return {name: getattr(self.whose, name) for name in ("name", "email", "phone", "language")}

    @property
    def answers(self):
        """What the questions before a booking were answered with."""
        return {name: getattr(self, name) for name in ("district", "stage", "topic", "needs")}

    @property
    def letters_key(self):
        """What the keys of all letters about this entry begin with."""
        return f"waiting:{self.uid}"

    @property
    def is_called(self):
        """Whether an offer is told on the phone."""
        return self.reached_by == ReachedBy.PHONE or not self.whose.email

    @property
    def is_waiting(self):
        return self.status == WaitingStatus.WAITING

    @property
    def is_active(self):
        return self.status in ACTIVE

    @property
    def appointment_booked(self):
        """The appointment that came of an offer; None where none did."""
        accepted = self.offers.filter(appointment__isnull=False, answered_at__isnull=False)
        offer = accepted.select_related("appointment__advisor", "appointment__guest").first()
        return offer and offer.appointment

    def locked(self):
        """The entry as it is now, nobody else's until the transaction ends."""
        return WaitingEntry.objects.select_for_update(of=("self",)).get(pk=self.pk)

    @transaction.atomic
    def wish_for(self, advisor, *, by):
        """Wait for a time with another advisor, because the one they wished for does not stay."""
        WaitingEntry.objects.active().filter(pk=self.pk).update(advisor=advisor)
        self.advisor = advisor
        Event.objects.record(actor=by, verb="waiting_entry.passed_on", subject=self, to=advisor.pk)

    @transaction.atomic
    def confirm(self):
        """Wait from now on; pressed twice, it counts from the first time."""
        now = timezone.now()
        unconfirmed = WaitingEntry.objects.filter(pk=self.pk, status=WaitingStatus.UNCONFIRMED)
        confirmed = unconfirmed.update(status=WaitingStatus.WAITING, joined_at=now)
        self.refresh_from_db()
        if confirmed:
            Event.objects.record(actor=None, verb="waiting_entry.joined", subject=self)
        elif not self.is_waiting:
            raise ValidationError(_("This entry has ended. You can join the list anew."))

    @transaction.atomic
    def stop(self, *, by):
        """Leave the list, with an open offer if there is one; pressed twice, it is done once.

        `by=None` is the person themself, by their link. Who never confirmed leaves no trace but
        the line in the log.
        """
        now = self.locked()
        if now.is_waiting:
            self.end(WaitingStatus.STOPPED, verb="stopped", by=by)
        elif now.is_active:
            Letter.objects.withdraw(self.letters_key)
            Event.objects.record(actor=by, verb="waiting_entry.stopped", subject=self)
            self.delete()

    @transaction.atomic
    def expire(self, *, is_silent):
        """Take somebody off the list who does not answer or waits in vain, and tell them."""
        if self.locked().is_waiting:
            self.end(WaitingStatus.EXPIRED, verb="expired")
            told_ended(self, is_silent=is_silent)

    def end(self, status, *, verb, by=None):
        """Take an entry off the list; a time still offered to it goes to the next."""
        for offer in self.offers.open():
            offer.withdraw(by=by)
        WaitingEntry.objects.waiting().filter(pk=self.pk).update(
            status=status, ended_at=timezone.now()
        )
        self.refresh_from_db()
        Letter.objects.withdraw(self.letters_key)
        Event.objects.record(actor=by, verb=f"waiting_entry.{verb}", subject=self)

"""Letter: one mail to one person, from queued to sent, and what to do when nobody knows."""

import hashlib
import logging
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Cast, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained
from best_portal.outbox.carriers import MailCarrier, RefusedError, SmsCarrier
from best_portal.outbox.gsm import parts
from best_portal.outbox.numbers import E164
from best_portal.outbox.sms import is_offered

logger = logging.getLogger(__name__)

# How many letters one sweep sends before it lets others have a turn.
BATCH = 200
# A sender that has not reported back for so long is dead; a living one gives up after seconds.
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12
# How long a gateway that does not answer is left alone.
REST = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
DAY = timedelta(days=1)
# How long a letter that could not be sent is kept where it is to be forgotten.
UNSENT_KEPT = timedelta(days=30)
NOBODY = "geloescht@geloescht.invalid"
TOO_MANY = "More than %s letters to one person in a day are not sent."
ONE_LINE = r"^[^\r\n]*$"


# What is left of a letter that is forgotten: its key, so that there is no second one.
EMPTIED = {
    "recipient": NOBODY,
    "recipient_name": "",
    "reader": "",
    "text": "",
    "html": "",
    "calendar": "",
}


class LetterChannel(models.TextChoices):
    MAIL = "mail", _("e-mail")
    SMS = "sms", _("SMS")


CARRIERS = {LetterChannel.MAIL: MailCarrier, LetterChannel.SMS: SmsCarrier}


class LetterStatus(models.TextChoices):
    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not delivered")
    LATE = "late", _("too late to send")
    STUCK = "stuck", _("unclear whether sent")
    WITHDRAWN = "withdrawn", _("withdrawn")


# Those somebody may have been waiting for in vain.
UNSETTLED = (LetterStatus.FAILED, LetterStatus.LATE, LetterStatus.STUCK)


class SubjectUid(models.Func):
    """The second part of a key: of "appointment:<uid>:booked:0" the uid of the appointment."""

    template = "SPLIT_PART(%(expressions)s, ':', 2)"
    output_field = models.TextField()


class LetterQuerySet(models.QuerySet):
    def due(self):
        return self.filter(status=LetterStatus.QUEUED, due_at__lte=timezone.now())

    def by(self, channel):
        return self.filter(channel=channel)

    def unsettled(self):
        """Letters that may never have arrived: for a person to decide about."""
        return self.filter(status__in=UNSETTLED)

    def reaching_who_gets(self, letter, *, since):
        """What the same address, or the same person at another one, has got or may be getting."""
        start = timezone.now() - since
        same = Q(recipient__iexact=letter.recipient)
        if letter.reader:
            same |= Q(reader=letter.reader)
        return self.exclude(pk=letter.pk).filter(
            same,
            Q(status=LetterStatus.SENT, sent_at__gt=start)
            | Q(status__in=(LetterStatus.SENDING, LetterStatus.STUCK), claimed_at__gt=start),
        )

    def about(self, subject):
        """Every letter about one thing, by the beginning of its key."""
        return self.filter(key__startswith=f"{subject}:").order_by("created_at", "pk")

    def about_any(self, *subjects):
        """Every letter about any of these things, each given as rows that have a `uid`."""
        uids = [
            rows.order_by().annotate(letters=Cast("uid", models.TextField())).values("letters")
            for rows in subjects
        ]
        return self.annotate(subject_uid=SubjectUid("key")).filter(
            subject_uid__in=uids[0].union(*uids[1:], all=True)
        )

    @transaction.atomic
    def queue(self, *, key, recipient, subject, text, **fields):
        """Put a letter into the outbox, together with what it tells of.

        The same key gives the first letter back: nobody is told twice. Raises ValidationError for
        a recipient or subject of several lines (a way to smuggle in mail headers).
        """
        if earlier := self.filter(key=key).first():
            return earlier
        try:
            with explained(self.model):
                return self.create(
                    key=key, recipient=recipient, subject=subject, text=text, **fields
                )
        except IntegrityError:
            # Somebody queued it at the same moment, or something else is wrong.
            if earlier := self.filter(key=key).first():
                return earlier
            raise

    def withdraw(self, subject):
        """Pull back what is still waiting about one thing; what is out is out."""
        return (
            self.about(subject)
            .filter(status=LetterStatus.QUEUED)
            .update(status=LetterStatus.WITHDRAWN)
        )

    def forget_unsent(self):
        """Give up letters to be forgotten that could not be sent for a month, and empty them."""
        before = timezone.now() - UNSENT_KEPT
        rows = self.unsettled().filter(is_forgotten_once_sent=True, created_at__lt=before)
        return rows.update(status=LetterStatus.WITHDRAWN, **EMPTIED)

    def claim(self, channel=LetterChannel.MAIL):
        """Take the next due letter for sending, or None; of two senders each gets another one."""
        now = timezone.now()
        claimed = self.raw(
            """
            UPDATE outbox_letter
               SET status = 'sending', claimed_at = %(now)s, attempts = attempts + 1, error = ''
             WHERE id = (
                SELECT id FROM outbox_letter
                 WHERE status = 'queued' AND channel = %(channel)s AND due_at <= %(now)s
                   AND (not_after IS NULL OR not_after > %(now)s)
                 ORDER BY due_at, id
                   FOR UPDATE SKIP LOCKED
                 LIMIT 1)
            RETURNING *
            """,
            {"now": now, "channel": channel},
        )
        return next(iter(claimed), None)

    def give_up_late(self):
        """Mark what would come after its time: late is worse than never."""
        return self.due().filter(not_after__lte=timezone.now()).update(status=LetterStatus.LATE)

    def give_up_abandoned(self):
        """Mark what a sender left behind when it died: it may be out or not, so ask a person."""
        return self.filter(
            status=LetterStatus.SENDING, claimed_at__lt=timezone.now() - LEASE
        ).update(status=LetterStatus.STUCK, error="The sender stopped in the middle.")

    def deliver_due(self, *channels):
        """Send what is due, each letter at most once; returns how many went out.

        By every way there is unless some are named: where one is out of order, the other goes on.
        """
        self.give_up_late()
        self.give_up_abandoned()
        return sum(self._deliver_by(channel) for channel in channels or LetterChannel)

    def _deliver_by(self, channel):
        if channel == LetterChannel.SMS and not is_offered():
            return 0
        sent, carrier = 0, CARRIERS[channel]()
        try:
            for _turn in range(BATCH):
                if carrier.is_tired:
                    self.due().by(channel).update(due_at=timezone.now() + REST)
                    break
                letter = self.claim(channel)
                if letter is None:
                    break
                try:
                    carrier.open()
                except OSError as error:
                    # Nobody gets any now; the others need not try.
                    letter.try_later(error)
                    break
                sent += letter.deliver(carrier)
        finally:
            carrier.close()
        return sent


class Letter(models.Model):
    """Brief: one mail or text message to one address, in the language of who reads it."""

    # What it is about and why, such as "appointment:<uid>:booked:0": never two of the same.
    key = models.CharField(_("key of the letter"), max_length=200, unique=True, editable=False)
    channel = models.CharField(
        _("way"), max_length=4, choices=LetterChannel, default=LetterChannel.MAIL, editable=False
    )
    # An e-mail address, or a mobile number in E.164.
    recipient = models.CharField(_("addressee"), max_length=254)
    # Whoever reads it, such as "enterprises.person:7": one person at all their addresses.
    reader = models.CharField(max_length=60, blank=True, editable=False)
    recipient_name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True)
    # One calendar or several after one another (RFC 5545), each attached as an invitation.
    calendar = models.TextField(blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=LetterStatus,
        default=LetterStatus.QUEUED,
        editable=False,
    )
    due_at = models.DateTimeField(_("send at"), default=timezone.now)
    not_after = models.DateTimeField(_("not after"), null=True, blank=True)
    # To somebody of whom nothing may be left: address and words go as soon as it is out.
    is_forgotten_once_sent = models.BooleanField(default=False, db_default=False, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_letter_due",
                condition=Q(status=LetterStatus.QUEUED),
            ),
            models.Index(SubjectUid("key"), name="outbox_letter_subject"),
            models.Index(Upper("recipient"), name="outbox_letter_recipient"),
            models.Index(fields=["reader"], name="outbox_letter_reader", condition=~Q(reader="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_letter_status_is_known",
                condition=Q(status__in=LetterStatus.values),
                violation_error_message=_("Unknown status of a letter."),
            ),
            models.CheckConstraint(
                name="outbox_letter_header_is_one_line",
                condition=Q(
                    recipient__regex=ONE_LINE,
                    recipient_name__regex=ONE_LINE,
                    subject__regex=ONE_LINE,
                ),
                violation_error_message=_(
                    "The name or address has a line break in it. Correct it, then try again."
                ),
            ),
            models.CheckConstraint(
                name="outbox_letter_has_a_recipient",
                condition=~Q(recipient=""),
                violation_error_message=_("A letter needs an address."),
            ),
            models.CheckConstraint(
                name="outbox_letter_channel_is_known",
                condition=Q(channel__in=LetterChannel.values),
                violation_error_message=_("A letter goes by e-mail or as a text message."),
            ),
            models.CheckConstraint(
                name="outbox_letter_sms_to_a_number",
                condition=~Q(channel=LetterChannel.SMS) | Q(recipient__regex=E164),
                violation_error_message=_(
                    "A text message goes to an international number such as +491701234567."
                ),
            ),
            models.CheckConstraint(
                name="outbox_letter_sent_with_time",
                condition=Q(status=LetterStatus.SENT, sent_at__isnull=False)
                | (~Q(status=LetterStatus.SENT) & Q(sent_at=None)),
                violation_error_message=_("A letter is sent together with its time."),
            ),
            models.CheckConstraint(
                name="outbox_letter_sending_is_claimed",
                condition=~Q(status=LetterStatus.SENDING) | Q(claimed_at__isnull=False),
                violation_error_message=_("A letter is being sent by someone since a time."),
            ),
        ]

    def __str__(self):
        return f"{self.subject} → {self.recipient}"

    @property
    def is_too_late(self):
        return bool(self.not_after and self.not_after <= timezone.now())

    @property
    def is_one_too_many(self):
        """Whether this person has had as many letters as one may get in a day, of every kind.

        Letters being sent count, so that two senders at once stay below it, too.
        """
        others = Letter.objects.reaching_who_gets(self, since=DAY)
        return others.count() >= settings.LETTERS_PER_DAY

    @property
    def parts(self):
        """How many text messages it is; 0 for a mail."""
        return parts(self.text.strip()) if self.channel == LetterChannel.SMS else 0

    @property
    def message_id(self):
        """The same for every attempt, so that mail programs show one letter at most."""
        digest = hashlib.sha256(self.key.encode()).hexdigest()[:32]
        return f"<{digest}@{urlsplit(settings.PUBLIC_URL).hostname}>"

    def deliver(self, carrier):
        """Send it; True if the far side took it. Never raises: one letter stops no other.

        A letter of which nobody knows whether it went out is not sent again by itself.
        """
        if self.is_one_too_many:
            return self._settle(LetterStatus.FAILED, TOO_MANY % settings.LETTERS_PER_DAY)
        try:
            carrier.carry(self)
        except RefusedError as refusal:
            # After a 421 the mail server has hung up; the next letter needs another connection.
            carrier.close()
            if refusal.is_final:
                return self._settle(LetterStatus.FAILED, refusal)
            return self.try_later(refusal)
        except Exception as error:
            logger.exception("Letter %s: unclear whether it went out", self.pk)
            carrier.close()
            return self._settle(LetterStatus.STUCK, error)
        return self._settle(LetterStatus.SENT)

    def try_later(self, error):
        """Put it back, each time for longer; give up after many attempts."""
        if self.attempts >= MOST_ATTEMPTS:
            return self._settle(LetterStatus.FAILED, error)
        pause = min(FIRST_PAUSE * 2 ** (self.attempts - 1), LONGEST_PAUSE)
        return self._settle(LetterStatus.QUEUED, error, due_at=timezone.now() + pause)

    def _settle(self, status, error="", **fields):
        """Write down how it ended, unless another sender has taken it over since."""
        if status == LetterStatus.SENT:
            fields["sent_at"] = timezone.now()
            fields |= EMPTIED if self.is_forgotten_once_sent else {}
        mine = Letter.objects.filter(
            pk=self.pk,
            claimed_at=self.claimed_at,
            status__in=(LetterStatus.SENDING, LetterStatus.STUCK),
        )
        mine.update(status=status, error=str(error)[:300], **fields)
        return status == LetterStatus.SENT

    @transaction.atomic
    def send_again(self, *, by):
        """Queue a letter that may not have arrived, because a person said so."""
        if self.is_too_late:
            raise ValidationError(_("It is too late for this letter. Drop it, and call instead."))
        self._decide(LetterStatus.QUEUED, due_at=timezone.now(), attempts=0)
        Event.objects.record(actor=by, verb="letter.sent_again", subject=self)

    @transaction.atomic
    def drop(self, *, by):
        """Take a letter off the list; it will not be sent."""
        self._decide(LetterStatus.WITHDRAWN, **(EMPTIED if self.is_forgotten_once_sent else {}))
        Event.objects.record(actor=by, verb="letter.dropped", subject=self)

    def _decide(self, status, **fields):
        if not Letter.objects.filter(pk=self.pk).unsettled().update(status=status, **fields):
            raise ValidationError(_("Someone decided about this letter in the meantime."))
        self.refresh_from_db()

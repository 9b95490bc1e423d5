"""Letter: one mail to one person, from queued to sent, and what to do when nobody knows."""

import hashlib
import logging
import smtplib
from datetime import timedelta
from email.mime.text import MIMEText
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained

logger = logging.getLogger(__name__)

# How many letters one sweep sends before it lets others have a turn.
BATCH = 200
# A sender that has not reported back for so long is dead; a living one gives up after seconds.
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
# The mail server said no before it took the letter, so that it cannot have gone out.
REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)
DAY = timedelta(days=1)
TOO_MANY = "More than %s letters to one address in a day are not sent."
ONE_LINE = r"^[^\r\n]*$"


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


class LetterQuerySet(models.QuerySet):
    def due(self):
        return self.filter(status=LetterStatus.QUEUED, due_at__lte=timezone.now())

    def unsettled(self):
        """Letters that may never have arrived: for a person to decide about."""
        return self.filter(status__in=UNSETTLED)

    def reached(self, recipient, *, since):
        """Those an address has got or may be getting, in the time up to now."""
        start = timezone.now() - since
        return self.filter(
            Q(status=LetterStatus.SENT, sent_at__gt=start)
            | Q(status__in=(LetterStatus.SENDING, LetterStatus.STUCK), claimed_at__gt=start),
            recipient__iexact=recipient,
        )

    def about(self, subject):
        """Every letter about one thing, by the beginning of its key."""
        return self.filter(key__startswith=f"{subject}:").order_by("created_at", "pk")

    @transaction.atomic
    def queue(self, *, key, recipient, subject, text, **fields):
        """Put a letter into the outbox, together with what it tells of.

        The same key gives the first letter back: nobody is told twice. Raises ValidationError for
        a recipient or subject of several lines (a way to smuggle in mail headers).
        """
        if earlier := self.filter(key=key).first():
            return earlier
        with explained(self.model):
            letter, _created = self.get_or_create(
                key=key,
                defaults={"recipient": recipient, "subject": subject, "text": text, **fields},
            )
        return letter

    def withdraw(self, subject):
        """Pull back what is still waiting about one thing; what is out is out."""
        return (
            self.about(subject)
            .filter(status=LetterStatus.QUEUED)
            .update(status=LetterStatus.WITHDRAWN)
        )

    def claim(self):
        """Take the next due letter for sending, or None; of two senders each gets another one."""
        now = timezone.now()
        claimed = self.raw(
            """
            UPDATE outbox_letter
               SET status = 'sending', claimed_at = %(now)s, attempts = attempts + 1, error = ''
             WHERE id = (
                SELECT id FROM outbox_letter
                 WHERE status = 'queued' AND due_at <= %(now)s
                   AND (not_after IS NULL OR not_after > %(now)s)
                 ORDER BY due_at, id
                   FOR UPDATE SKIP LOCKED
                 LIMIT 1)
            RETURNING *
            """,
            {"now": now},
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

    def deliver_due(self):
        """Send what is due, each letter at most once; returns how many went out."""
        self.give_up_late()
        self.give_up_abandoned()
        sent = 0
        connection = get_connection()
        try:
            for _turn in range(BATCH):
                letter = self.claim()
                if letter is None:
                    break
                try:
                    connection.open()
                except OSError as error:
                    # Nobody gets mail now; the others need not try.
                    letter.try_later(error)
                    break
                sent += letter.deliver(connection)
        finally:
            connection.close()
        return sent


class Letter(models.Model):
    """Brief: one mail to one address, in the language of who reads it."""

    # What it is about and why, such as "appointment:<uid>:booked:0": never two of the same.
    key = models.CharField(_("key of the letter"), max_length=200, unique=True, editable=False)
    recipient = models.EmailField(_("addressee"), max_length=254)
    recipient_name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True)
    # A calendar file (RFC 5545), attached as an invitation.
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
        """Whether this address has had as many letters as one may get in a day.

        Letters being sent count, so that two senders at once stay below it, too.
        """
        others = Letter.objects.exclude(pk=self.pk).reached(self.recipient, since=DAY)
        return others.count() >= settings.LETTERS_PER_DAY

    @property
    def message_id(self):
        """The same for every attempt, so that mail programs show one letter at most."""
        digest = hashlib.sha256(self.key.encode()).hexdigest()[:32]
        return f"<{digest}@{urlsplit(settings.PUBLIC_URL).hostname}>"

    def as_message(self, connection=None):
        """Return the mail; raises ValueError or ValidationError where none can be made of it."""
        validate_email(self.recipient)
        message = EmailMultiAlternatives(
            subject=self.subject,
            body=self.text,
            to=[formataddr((self.recipient_name, self.recipient))],
            headers={"Message-ID": self.message_id, "Content-Language": self.language},
            connection=connection,
        )
        if self.html:
            message.attach_alternative(self.html, "text/html")
        if self.calendar:
            message.attach(self._calendar_part())
        message.message()
        return message

    def _calendar_part(self):
        part = MIMEText(self.calendar, "calendar", "utf-8")
        method = next(
            line.removeprefix("METHOD:")
            for line in self.calendar.splitlines()
            if line.startswith("METHOD:")
        )
        part.set_param("method", method)
        part.add_header("Content-Disposition", "attachment", filename="termin.ics")
        return part

    def deliver(self, connection):
        """Send it; True if the mail server took it. Never raises: one letter stops no other.

        A letter of which nobody knows whether it went out is not sent again by itself.
        """
        if self.is_one_too_many:
            return self._settle(LetterStatus.FAILED, TOO_MANY % settings.LETTERS_PER_DAY)
        try:
            message = self.as_message(connection)
        except (ValueError, ValidationError) as error:
            return self._settle(LetterStatus.FAILED, error)
        try:
            message.send()
        except REFUSALS as error:
            # After a 421 the server has hung up; the next letter needs a connection of its own.
            connection.close()
            if is_final(error):
                return self._settle(LetterStatus.FAILED, error)
            return self.try_later(error)
        except Exception as error:
            logger.exception("Letter %s: unclear whether it went out", self.pk)
            connection.close()
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
        self._decide(LetterStatus.WITHDRAWN)
        Event.objects.record(actor=by, verb="letter.dropped", subject=self)

    def _decide(self, status, **fields):
        if not Letter.objects.filter(pk=self.pk).unsettled().update(status=status, **fields):
            raise ValidationError(_("Someone decided about this letter in the meantime."))
        self.refresh_from_db()


def is_final(refusal):
    """Whether trying again is useless: the mail server answered with a number from 500."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in refusal.recipients.values())
    return getattr(refusal, "smtp_code", 500) >= 500

"""Carriers: how a letter leaves the house, by mail or as a text message; none knows its states.

`carry()` returns once the far side has taken the letter, raises `RefusedError` where it surely has
not, and anything else where nobody knows.
"""

import re
import smtplib
from email.mime.text import MIMEText
from email.utils import formataddr
from queue import Empty, SimpleQueue
from threading import Thread

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email

from best_portal.outbox.sms import SmsRefusedError, TextMessage, get_backend

# The mail server said no before it took the letter, so that it cannot have gone out.
REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)
# From the beginning of one calendar to its end.
CALENDAR = re.compile(r"^BEGIN:VCALENDAR\r?$.*?^END:VCALENDAR\r?\n?", re.DOTALL | re.MULTILINE)
# After so many text messages in a row without an answer the gateway gets a rest.
MOST_UNANSWERED = 3


class RefusedError(Exception):
    """The letter is not out; trying again is useless where that is final."""

    def __init__(self, reason, *, is_final):
        super().__init__(str(reason))
        self.is_final = is_final


class MailCarrier:
    """The mail server of the settings."""

    is_tired = False

    def __init__(self):
        self.connection = get_connection()

    def open(self):
        """Connect; raises OSError where nobody answers."""
        self.connection.open()

    def close(self):
        self.connection.close()

    def carry(self, letter):
        try:
            message = mail_of(letter, self.connection)
        except (ValueError, ValidationError) as error:
            raise RefusedError(error, is_final=True) from error
        try:
            message.send()
        except REFUSALS as error:
            raise RefusedError(error, is_final=is_final(error)) from error


class SmsCarrier:
    """The gateway SMS_BACKEND names, and never waiting for it longer than SMS_TIMEOUT_SECONDS."""

    def __init__(self):
        self.backend = get_backend()
        self.unanswered = 0

    @property
    def is_tired(self):
        return self.unanswered >= MOST_UNANSWERED

    def open(self):
        self.backend.open()

    def close(self):
        self.backend.close()

    def carry(self, letter):
        message = TextMessage(
            key=letter.message_id,
            to=letter.recipient,
            text=letter.text.strip(),
            language=letter.language,
        )
        try:
            within(settings.SMS_TIMEOUT_SECONDS, lambda: self.backend.send(message))
        except SmsRefusedError as refusal:
            self.unanswered = 0
            raise RefusedError(refusal, is_final=refusal.is_final) from refusal
        except TimeoutError:
            self.unanswered += 1
            raise
        self.unanswered = 0


def within(seconds, work):
    """Do the work; TimeoutError where it takes longer, and it is left to itself then."""
    outcome = SimpleQueue()

    def run():
        try:
            work()
        except Exception as error:
            outcome.put(error)
        else:
            outcome.put(None)

    Thread(target=run, daemon=True).start()
    try:
        error = outcome.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"No answer for {seconds} seconds.") from None
    if error:
        raise error


def mail_of(letter, connection=None):
    """Return the mail; raises ValueError or ValidationError where none can be made of it."""
    validate_email(letter.recipient)
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[formataddr((letter.recipient_name, letter.recipient))],
        headers={"Message-ID": letter.message_id, "Content-Language": letter.language},
        connection=connection,
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    for number, calendar in enumerate(CALENDAR.findall(letter.calendar), start=1):
        name = "termin.ics" if number == 1 else f"termin-{number}.ics"
        message.attach(calendar_part(calendar, name))
    message.message()
    return message


def calendar_part(calendar, name):
    part = MIMEText(calendar, "calendar", "utf-8")
    lines = calendar.splitlines()
    # A calendar without a method only informs: the mail then names none either.
    if methods := [line for line in lines if line.startswith("METHOD:")]:
        part.set_param("method", methods[0].removeprefix("METHOD:"))
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def is_final(refusal):
    """Whether trying again is useless: the mail server answered with a number from 500."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in refusal.recipients.values())
    return getattr(refusal, "smtp_code", 500) >= 500

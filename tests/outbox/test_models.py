"""The outbox: a letter goes out once, late or never, and nobody is forgotten."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import LEASE, MOST_ATTEMPTS, Letter, LetterStatus
from tests.factories import make_letter, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

BACKEND = "tests.outbox.test_models"
HOUR = timedelta(hours=1)


class Moody(EmailBackend):
    """A mail server that takes letters unless their subject names what goes wrong."""

    def send_messages(self, messages):
        for message in messages:
            match message.subject:
                case "gone":
                    raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"no such user")})
                case "full":
                    raise smtplib.SMTPRecipientsRefused({message.to[0]: (452, b"mailbox full")})
                case "spam":
                    raise smtplib.SMTPDataError(554, b"no")
                case "cut":
                    raise smtplib.SMTPServerDisconnected("connection lost")
        return super().send_messages(messages)


class HangsUp(EmailBackend):
    """A mail server that has enough after one letter, and a connection that does not notice."""

    hung_up = False

    def close(self):
        self.hung_up = False

    def send_messages(self, messages):
        if self.hung_up:
            raise smtplib.SMTPServerDisconnected("please run connect() first")
        if messages[0].subject == "busy":
            self.hung_up = True
            raise smtplib.SMTPSenderRefused(421, b"too many letters", "best@beispiel.example")
        return super().send_messages(messages)


class Away(EmailBackend):
    """A mail server nobody can reach."""

    def open(self):
        raise ConnectionRefusedError("nobody there")


def queue(**fields):
    fields = {
        "key": "muster:1:hallo",
        "recipient": "a@beispiel.example",
        "subject": "Hallo",
        "text": "Guten Tag\n",
    } | fields
    return Letter.objects.queue(**fields)


def test_a_queued_letter_is_sent_once():
    letter = queue()

    assert Letter.objects.deliver_due() == 1
    assert Letter.objects.deliver_due() == 0

    letter.refresh_from_db()
    assert (letter.status, len(mail.outbox)) == (LetterStatus.SENT, 1)
    assert letter.sent_at


def test_a_server_that_hangs_up_costs_no_other_letter_its_way(settings):
    settings.EMAIL_BACKEND = f"{BACKEND}.HangsUp"
    busy = queue(subject="busy", due_at=timezone.now() - HOUR)
    other = queue(key="muster:2:hallo")

    assert Letter.objects.deliver_due() == 1

    busy.refresh_from_db()
    other.refresh_from_db()
    assert (busy.status, other.status) == (LetterStatus.QUEUED, LetterStatus.SENT)


def test_the_same_key_is_one_letter():
    assert queue() == queue(text="Noch einmal\n")

    with pytest.raises(IntegrityError, match="outbox_letter_key"):
        make_letter(key="muster:1:hallo")


def test_the_mails_identity_comes_from_the_key():
    queue()
    Letter.objects.deliver_due()

    [message] = mail.outbox
    assert message.message()["Message-ID"] == Letter.objects.get().message_id
    assert Letter(key="a").message_id != Letter(key="b").message_id


def test_a_letter_waits_for_its_time():
    queue(due_at=timezone.now() + HOUR)

    assert Letter.objects.deliver_due() == 0


def test_a_letter_is_never_sent_after_its_time():
    letter = queue(not_after=timezone.now() - timedelta(seconds=1))

    Letter.objects.deliver_due()

    letter.refresh_from_db()
    assert letter.status == LetterStatus.LATE
    assert mail.outbox == []
    with pytest.raises(ValidationError, match="too late"):
        letter.send_again(by=make_user(Role.MANAGER))


def test_a_withdrawn_letter_is_not_sent():
    queue()
    other = queue(key="muster:12:hallo")

    Letter.objects.withdraw("muster:1")

    assert Letter.objects.deliver_due() == 1
    other.refresh_from_db()
    assert other.status == LetterStatus.SENT


def test_one_bad_address_stops_nothing(settings):
    settings.EMAIL_BACKEND = f"{BACKEND}.Moody"
    for number, subject in enumerate(["gone", "spam", "full", "cut", "Hallo"]):
        queue(key=f"muster:{number}:x", subject=subject)
    queue(key="muster:9:x", recipient="kein at sondern leer @", subject="broken")

    Letter.objects.deliver_due()

    assert dict(Letter.objects.values_list("subject", "status")) == {
        "gone": LetterStatus.FAILED,
        "spam": LetterStatus.FAILED,
        "full": LetterStatus.QUEUED,
        "cut": LetterStatus.STUCK,
        "Hallo": LetterStatus.SENT,
        "broken": LetterStatus.FAILED,
    }


def test_a_full_mailbox_is_tried_again_later_each_time(settings):
    settings.EMAIL_BACKEND = f"{BACKEND}.Moody"
    letter = queue(subject="full")
    pauses = []
    for _attempt in range(MOST_ATTEMPTS):
        Letter.objects.update(due_at=timezone.now())
        Letter.objects.deliver_due()
        letter.refresh_from_db()
        pauses.append(letter.due_at - timezone.now())

    assert pauses[1] > pauses[0] > timedelta(0)
    assert letter.status == LetterStatus.FAILED
    assert "mailbox full" in letter.error


def test_without_a_mail_server_everything_waits(settings):
    settings.EMAIL_BACKEND = f"{BACKEND}.Away"
    queue()
    queue(key="muster:2:hallo")

    assert Letter.objects.deliver_due() == 0

    assert set(Letter.objects.values_list("status", flat=True)) == {LetterStatus.QUEUED}
    settings.EMAIL_BACKEND = f"{BACKEND}.Moody"
    Letter.objects.update(due_at=timezone.now())
    assert Letter.objects.deliver_due() == 2


def test_what_a_dead_sender_left_is_listed_and_not_sent_again():
    queue()
    letter = Letter.objects.claim()
    Letter.objects.update(claimed_at=timezone.now() - LEASE - HOUR)

    assert Letter.objects.deliver_due() == 0

    assert list(Letter.objects.unsettled()) == [letter]
    assert mail.outbox == []


def test_a_person_decides_to_send_a_letter_again():
    queue()
    letter = Letter.objects.claim()
    Letter.objects.update(status=LetterStatus.STUCK)
    manager = make_user(Role.MANAGER)

    letter.send_again(by=manager)

    assert Letter.objects.deliver_due() == 1
    assert Event.objects.about(letter).get().verb == "letter.sent_again"
    with pytest.raises(ValidationError, match="in the meantime"):
        letter.drop(by=manager)


def test_a_person_decides_to_drop_a_letter():
    letter = make_letter(status=LetterStatus.FAILED)

    letter.drop(by=make_user(Role.MANAGER))

    assert not Letter.objects.unsettled().exists()
    assert Letter.objects.deliver_due() == 0


def test_the_calendar_file_comes_as_an_invitation():
    queue(calendar="BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Grüße\r\nEND:VCALENDAR\r\n")

    Letter.objects.deliver_due()

    [part] = [
        part
        for part in mail.outbox[0].message().walk()
        if part.get_content_type() == "text/calendar"
    ]
    assert part.get_param("method") == "CANCEL"
    assert part.get_filename() == "termin.ics"
    assert "Grüße" in part.get_payload(decode=True).decode()


def test_a_calendar_file_that_asks_for_nothing_goes_out_like_any_other():
    queue(calendar="BEGIN:VCALENDAR\r\nSUMMARY:Muster\r\nEND:VCALENDAR\r\n")

    assert Letter.objects.deliver_due() == 1

    types = [part.get_content_type() for part in mail.outbox[0].message().walk()]
    assert "text/calendar" in types


@pytest.mark.parametrize(
    "fields",
    [
        {"recipient_name": "Muster\nBcc: alle@beispiel.example"},
        {"recipient": "a@beispiel.example\r\nBcc: alle@beispiel.example"},
        {"subject": "Hallo\rBcc: alle@beispiel.example"},
    ],
)
def test_headers_cannot_be_smuggled_in(fields):
    with pytest.raises(ValidationError, match="line break"):
        queue(**fields)
    with pytest.raises(IntegrityError, match="outbox_letter_header_is_one_line"):
        make_letter(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("outbox_letter_status_is_known", {"status": "lost"}),
        ("outbox_letter_has_a_recipient", {"recipient": ""}),
        ("outbox_letter_sent_with_time", {"status": "sent"}),
        ("outbox_letter_sent_with_time", {"sent_at": timezone.now()}),
        ("outbox_letter_sending_is_claimed", {"status": "sending"}),
    ],
)
def test_an_impossible_letter_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_letter(**fields)

"""Text messages: the same rows and rules as mails, by a gateway that may fail or hang."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError
from django.test import override_settings
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox import tasks
from best_portal.outbox.apps import OutboxConfig
from best_portal.outbox.carriers import MOST_UNANSWERED
from best_portal.outbox.models import Letter, LetterChannel, LetterStatus
from best_portal.outbox.post import post
from best_portal.outbox.sms import ConsoleBackend, SmsBackend, SmsRefusedError
from tests.factories import make_letter, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HERE = "tests.outbox.test_sms"
NUMBER = "+4917012345"
GONE, FULL, CUT, HANGS = (f"+491709999{n}0" for n in range(1, 5))
HOUR = timedelta(hours=1)


class Moody(SmsBackend):
    """A gateway that knows which numbers to have trouble with."""

    sent = []
    answer = threading.Event()

    def send(self, message):
        match message.to:
            case n if n == GONE:
                raise SmsRefusedError("no such number", is_final=True)
            case n if n == FULL:
                raise SmsRefusedError("queue full")
            case n if n == CUT:
                raise ConnectionResetError("connection lost")
            case n if n.startswith(HANGS[:-1]):
                self.answer.wait(30)
        self.sent.append(message)


class Away(SmsBackend):
    """A gateway nobody can reach."""

    def open(self):
        raise ConnectionRefusedError("nobody there")


def make_text(**fields):
    fields.setdefault("recipient", f"{NUMBER}{Letter.objects.count():02d}")
    fields.setdefault("text", "BEST: Grüße\n")
    return make_letter(channel=LetterChannel.SMS, **fields)


@pytest.fixture
def moody(settings):
    settings.SMS_BACKEND = f"{HERE}.Moody"
    settings.SMS_TIMEOUT_SECONDS = 0.2
    Moody.sent = []
    Moody.answer.clear()
    yield Moody
    Moody.answer.set()


def test_a_text_message_is_sent_once_and_by_no_mail(text_messages):
    letter = make_text()

    assert Letter.objects.deliver_due() == 1
    assert Letter.objects.deliver_due() == 0

    [message] = text_messages
    assert (message.to, message.text, message.key) == (
        letter.recipient,
        "BEST: Grüße",
        letter.message_id,
    )
    assert mail.outbox == []
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SENT


def test_one_bad_number_stops_nothing(moody):
    for number, recipient in enumerate((GONE, FULL, CUT, HANGS)):
        make_text(recipient=recipient, due_at=timezone.now() - (9 - number) * HOUR)
    make_text(recipient=NUMBER)
    make_letter(recipient="a@beispiel.example")

    Letter.objects.deliver_due()

    assert dict(Letter.objects.values_list("recipient", "status")) == {
        GONE: LetterStatus.FAILED,
        FULL: LetterStatus.QUEUED,
        CUT: LetterStatus.STUCK,
        HANGS: LetterStatus.STUCK,
        NUMBER: LetterStatus.SENT,
        "a@beispiel.example": LetterStatus.SENT,
    }
    assert set(Letter.objects.unsettled().values_list("recipient", flat=True)) == {GONE, CUT, HANGS}


def test_a_gateway_that_never_answers_is_left_alone_for_a_while(moody):
    for number in range(MOST_UNANSWERED + 2):
        make_text(recipient=f"{HANGS[:-1]}{number}")

    Letter.objects.deliver_due()
    Letter.objects.deliver_due()

    assert Letter.objects.filter(status=LetterStatus.STUCK).count() == MOST_UNANSWERED
    assert not Letter.objects.due().exists()
    assert Letter.objects.filter(status=LetterStatus.QUEUED).count() == 2


def test_where_the_gateway_is_out_of_reach_mails_go_out_and_messages_wait(settings):
    settings.SMS_BACKEND = f"{HERE}.Away"
    text, letter = make_text(), make_letter()

    Letter.objects.deliver_due()

    text.refresh_from_db()
    letter.refresh_from_db()
    assert (text.status, letter.status) == (LetterStatus.QUEUED, LetterStatus.SENT)


def test_where_the_mail_server_is_out_of_reach_messages_go_out(settings, text_messages):
    settings.EMAIL_BACKEND = "tests.outbox.test_models.Away"
    text, letter = make_text(), make_letter()

    Letter.objects.deliver_due()

    text.refresh_from_db()
    letter.refresh_from_db()
    assert (text.status, letter.status) == (LetterStatus.SENT, LetterStatus.QUEUED)


def test_each_way_has_a_task_of_its_own(text_messages):
    make_text()
    make_letter()

    tasks.deliver_letters()
    assert (len(mail.outbox), len(text_messages)) == (1, 0)
    tasks.deliver_text_messages()
    assert (len(mail.outbox), len(text_messages)) == (1, 1)


def test_without_a_gateway_a_message_waits_until_it_is_too_late_and_is_listed(settings):
    settings.SMS_BACKEND = ""
    letter = make_text(not_after=timezone.now() + HOUR)

    assert Letter.objects.deliver_due() == 0
    Letter.objects.update(not_after=timezone.now())
    Letter.objects.deliver_due()

    assert list(Letter.objects.unsettled()) == [letter]


def test_the_day_counts_every_way_to_one_person(settings, text_messages):
    settings.LETTERS_PER_DAY = 2
    mine = {"reader": "enterprises.person:7"}
    make_letter(recipient="a@beispiel.example", **mine)
    make_text(recipient=NUMBER, **mine)
    third = make_text(recipient=f"{NUMBER}99", **mine)
    other = make_text(reader="enterprises.person:8")

    Letter.objects.deliver_due()

    third.refresh_from_db()
    other.refresh_from_db()
    assert (third.status, other.status) == (LetterStatus.FAILED, LetterStatus.SENT)
    assert "to one person in a day" in third.error


def test_a_message_is_never_sent_after_its_time(text_messages):
    letter = make_text(not_after=timezone.now())

    Letter.objects.deliver_due()

    letter.refresh_from_db()
    assert letter.status == LetterStatus.LATE
    assert text_messages == []


def test_a_person_sends_a_message_again(text_messages):
    letter = make_text(status=LetterStatus.STUCK)

    letter.send_again(by=make_user(Role.MANAGER))
    Letter.objects.deliver_due()

    assert [message.to for message in text_messages] == [letter.recipient]


def test_the_same_key_is_one_message_whatever_way_it_went():
    fields = {"key": "muster:1:hallo", "subject": "SMS", "text": "Hallo\n"}

    first = post(recipient=NUMBER, channel=LetterChannel.SMS, **fields)
    second = post(recipient="a@beispiel.example", **fields)

    assert first == second


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("outbox_letter_channel_is_known", {"channel": "owl"}),
        ("outbox_letter_sms_to_a_number", {"channel": "sms", "recipient": "0170 1234567"}),
        ("outbox_letter_sms_to_a_number", {"channel": "sms", "recipient": "a@beispiel.example"}),
    ],
)
def test_an_impossible_message_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_letter(**fields)


def test_a_number_we_cannot_write_to_is_refused_in_words():
    with pytest.raises(ValidationError, match="international number"):
        post(
            key="muster:1:hallo",
            channel=LetterChannel.SMS,
            recipient="0170",
            subject="SMS",
            text="Hallo\n",
        )


def test_the_folder_holds_one_file_for_each_message(settings, tmp_path):
    settings.SMS_BACKEND = "best_portal.outbox.sms.FileBackend"
    settings.SMS_FILE_PATH = tmp_path / "mail"
    for _number in range(2):
        make_text()

    Letter.objects.deliver_due()

    files = list((tmp_path / "mail").iterdir())
    assert len(files) == 2
    assert all("BEST: Grüße" in file.read_text(encoding="utf-8") for file in files)


def test_the_console_says_to_whom_and_what(capsys, settings):
    settings.SMS_BACKEND = f"{ConsoleBackend.__module__}.{ConsoleBackend.__name__}"
    make_text(recipient=NUMBER)

    Letter.objects.deliver_due()

    assert capsys.readouterr().out == f"SMS to {NUMBER}: BEST: Grüße\n"


def test_a_gateway_that_cannot_be_imported_stops_the_start():
    with override_settings(SMS_BACKEND="muster.gibt.es.nicht"), pytest.raises(ImproperlyConfigured):
        OutboxConfig.ready(None)

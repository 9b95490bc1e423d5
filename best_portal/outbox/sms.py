"""Text messages (SMS): what a gateway must do for us, and three that need none.

SMS_BACKEND names the class by its dotted path, as EMAIL_BACKEND does for mails; empty means that
nobody is offered text messages. A gateway of your own is a subclass of `SmsBackend` in a module
the portal can import:

    class MusterGateway(SmsBackend):
        def send(self, message):
            answer = requests.post(…, json={"to": message.to, "text": message.text}, timeout=10)
            if answer.status_code == 400:
                raise SmsRefusedError("No such number.", is_final=True)
            answer.raise_for_status()
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class TextMessage:
    """One text message to one number, in E.164 (+491701234567)."""

    # The same for every attempt: gateways that know such keys send it once at most.
    key: str
    to: str
    text: str
    language: str


class SmsRefusedError(Exception):
    """The gateway surely did not take the message; final means that trying again is useless."""

    def __init__(self, reason, *, is_final=False):
        super().__init__(reason)
        self.is_final = is_final


class SmsBackend:
    """A gateway for text messages.

    One is made for each turn of the sweep: `open`, `send` for each message, `close`. Nothing in it
    may touch the database, for `send` runs in a thread of its own, and whoever takes longer than
    SMS_TIMEOUT_SECONDS is not waited for: give your own connection a shorter limit.
    """

    def open(self):
        """Get ready; raise OSError where the gateway is out of reach: then everything waits."""

    def send(self, message):
        """Hand one message over, and return only when the gateway has taken it.

        Raise SmsRefusedError where it surely has not. Every other exception means that nobody
        knows: then it is not sent again by itself, but listed for a person to decide.
        """
        raise NotImplementedError

    def close(self):
        """Let go of the connection; called also after something went wrong, and maybe twice."""


class ConsoleBackend(SmsBackend):
    """Prints them, for developing."""

    def send(self, message):
        print(f"SMS to {message.to}: {message.text}", flush=True)


class FileBackend(SmsBackend):
    """Writes each into a file of its own in SMS_FILE_PATH, for trying the portal out."""

    def open(self):
        self.folder = Path(settings.SMS_FILE_PATH)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def send(self, message):
        name = hashlib.sha256(message.key.encode()).hexdigest()[:16]
        text = f"To: {message.to}\nLanguage: {message.language}\n\n{message.text}\n"
        (self.folder / f"sms-{name}.txt").write_text(text, encoding="utf-8")


class MemoryBackend(SmsBackend):
    """Keeps them in a list, for the tests."""

    sent = []

    def send(self, message):
        self.sent.append(message)


def get_backend():
    return import_string(settings.SMS_BACKEND)()


def is_offered():
    """Whether people may choose text messages at all."""
    return bool(settings.SMS_BACKEND)

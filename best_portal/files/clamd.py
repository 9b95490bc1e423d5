"""The virus scanner: a small client of ClamAV's daemon, asked only where one is named."""

import logging
import socket
import struct
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from best_portal.files.refusals import RefusedFile

PIECE = 64 * 1024
LONGEST_ANSWER = 4096
logger = logging.getLogger(__name__)


def address_of(url):
    """(family, address) of `tcp://host:3310` or `unix:///path`; refuses every other spelling."""
    parts = urlsplit(url)
    if parts.scheme == "tcp" and parts.hostname:
        return socket.AF_INET, (parts.hostname, parts.port or 3310)
    if parts.scheme == "unix" and parts.path:
        return socket.AF_UNIX, unquote(parts.path)
    raise ImproperlyConfigured(f"CLAMD must be tcp://host:port or unix:///path, not {url!r}.")


def scan(file):
    """Refuse a file the scanner finds something in; one it cannot look at is refused as well."""
    if not settings.CLAMD:
        return
    try:
        answer = ask(file)
    except OSError as error:
        logger.error("The virus scanner cannot be reached: %s", error)
        raise RefusedFile(NOT_CHECKED, "not_checked") from error
    finally:
        file.seek(0)
    if answer.endswith("FOUND"):
        logger.warning("The virus scanner refused a file: %s", answer)
        raise RefusedFile(
            _("The virus scanner has found something in this file. It is not kept."), "virus"
        )
    if not answer.endswith("OK"):
        logger.error("The virus scanner could not look at a file: %s", answer)
        raise RefusedFile(NOT_CHECKED, "not_checked")


def ask(file):
    """Send the bytes and return the scanner's line, as clamd(8) describes INSTREAM."""
    family, address = address_of(settings.CLAMD)
    with socket.socket(family) as connection:
        connection.settimeout(settings.CLAMD_TIMEOUT_SECONDS)
        connection.connect(address)
        connection.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            if not (received := connection.recv(1024)):
                break
            answer += received
    return answer.rstrip(b"\0").decode("utf-8", errors="replace").strip()


NOT_CHECKED = _(
    "The file cannot be checked for viruses at the moment, so it is not kept. Please try again "
    "later."
)

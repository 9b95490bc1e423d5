"""IBAN: bank account numbers as people type and print them, and their checksum (ISO 13616)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SHAPE = "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
PATTERN = f"^{SHAPE}$"
GERMAN_LENGTH = 22
GROUP = 4
# By the standard: letters count from 10, and the whole leaves this rest.
MODULUS, REST = 97, 1


def plain(typed):
    """As it is stored: capital letters and digits without blanks."""
    return re.sub(r"\s+", "", typed).upper()


def printed(iban):
    """In groups of four, as it stands on a bank card."""
    return " ".join(iban[start : start + GROUP] for start in range(0, len(iban), GROUP))


def check_iban(iban):
    """Refuse what has not the shape of an IBAN, and one with a slip in it."""
    if not re.fullmatch(SHAPE, iban) or (iban.startswith("DE") and len(iban) != GERMAN_LENGTH):
        raise ValidationError(
            _("An IBAN has two letters and then digits; a German one has 22 places in all.")
        )
    turned = iban[GROUP:] + iban[:GROUP]
    if int("".join(str(int(sign, 36)) for sign in turned)) % MODULUS != REST:
        raise ValidationError(_("This IBAN has a slip in it: its check digits do not fit."))

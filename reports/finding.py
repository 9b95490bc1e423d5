"""Finding: one thing the check of a report's data has found."""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

# More of one kind are not listed.
LONGEST = 25


@dataclass(frozen=True)
class Finding:
    """One thing to settle: `blocks` until it is, or until it is explained where that is allowed."""

    code: str
    text: str
    href: str
    owner: str
    blocks: bool = False
    may_be_explained: bool = False
    explanation: str = ""

    @property
    def is_open(self):
        return self.blocks and not self.explanation


def of_just_these(code, keys):
    """A code for just these rows: what is explained of them explains no others."""
    told = ",".join(str(key) for key in sorted(keys))
    return f"{code}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def management():
    return _("management")

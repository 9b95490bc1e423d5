"""Finding: one thing the check of a report's data has found."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# More of one kind are not listed one by one, but counted.
LONGEST = 25
# So many are told in full where there is no room for all; the data check lists the others.
TOLD = 3


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


def shortened(found):
    """The first of each kind, and in place of all others of it how many more there are."""
    numbers, told = Counter(each.code for each in found), Counter()
    for each in found:
        told[each.code] += 1
        if told[each.code] <= LONGEST:
            yield each
        elif told[each.code] == LONGEST + 1:
            more = numbers[each.code] - LONGEST
            words = ngettext(
                "And %(count)d more of this kind. It is listed here once one of these is settled.",
                "And %(count)d more of this kind. They are listed here as these are settled.",
                more,
            )
            yield replace(each, text=words % {"count": more})


def refuse(found):
    """Refuse what is open of these findings blocks, with their number and the first sentences."""
    still = [each for each in found if each.is_open]
    if not still:
        return
    sentence = ngettext(
        "One finding of the data check blocks this: %(first)s",
        "%(count)d findings of the data check block this: %(first)s",
        len(still),
    ) % {"count": len(still), "first": " ".join(each.text for each in still[:TOLD])}
    raise ValidationError(sentence)


def management():
    return _("management")

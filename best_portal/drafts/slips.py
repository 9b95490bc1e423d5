"""Slip: what a form carries in a hidden field to say whose it is, of which page and window.

It is signed, so it is proof by itself: what somebody typed is kept even where the session is over
or the token against forged forms has been renewed. It opens nothing; it only lets its owner's own
draft be written.
"""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.utils.crypto import constant_time_compare

SALT = "drafts.slip"
LONGEST_ADDRESS = 450


@dataclass(frozen=True)
class Slip:
    """`follows` and `step` name the draft this window went on from, as it was then."""

    user_id: int
    address: str
    window: uuid.UUID
    follows: uuid.UUID | None = None
    step: int = 0

    @property
    def user(self):
        return get_user_model().objects.filter(pk=self.user_id, is_active=True).first()

    def written(self, user):
        """The hidden field's value; worthless once the person's sessions were ended."""
        follows = self.follows.hex if self.follows else ""
        return signing.dumps(
            [self.user_id, self.address, self.window.hex, follows, self.step, seal_of(user)],
            salt=SALT,
        )


def seal_of(user):
    return user.get_session_auth_hash()[:16]


def read(value):
    """The slip a field carries; None for whatever we have not written or no longer accept."""
    try:
        user_id, address, window, follows, step, seal = signing.loads(
            value, salt=SALT, max_age=settings.SESSION_COOKIE_AGE
        )
    except (signing.BadSignature, ValueError):
        return None
    followed = uuid.UUID(follows) if follows else None
    slip = Slip(user_id, address, uuid.UUID(window), followed, step)
    user = slip.user
    return slip if user and constant_time_compare(seal, seal_of(user)) else None

"""The tests' settings for a portal in a process of its own, on the database of the tests."""

import os

from tests.settings import *  # noqa: F403 - all of them, but for what follows
from tests.settings import ACCOUNT_RATE_LIMITS, DATABASES

DATABASES["default"]["NAME"] = os.environ["TESTS_DATABASE"]
# Here a whole crowd comes from one address.
ACCOUNT_RATE_LIMITS = ACCOUNT_RATE_LIMITS | {
    "guest_hold": "10000/h/ip",
    "guest_contact": "10000/h/ip",
}

"""The tests' settings with the mail server of the fault tests."""

from tests.settings import *  # noqa: F403 - all of them, but for one

EMAIL_BACKEND = "tests.outbox.writing_backend.EmailBackend"

"""The tests' settings with the mail server of the fault tests, and a beat that hurries."""

from tests.settings import *  # noqa: F403 - all of them, but for two

EMAIL_BACKEND = "tests.outbox.writing_backend.EmailBackend"
CELERY_BEAT_SCHEDULE = {
    "deliver letters": {"task": "best_portal.outbox.tasks.deliver_letters", "schedule": 1},
}

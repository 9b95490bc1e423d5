"""The portal's settings for the tests: nothing leaves the process, everything else is real."""

import os

os.environ.setdefault("SECRET_KEY", "for-the-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABC")
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("DEMO", "1")

from best_portal.settings import *  # noqa: E402, F403 - the tests' settings are the portal's

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

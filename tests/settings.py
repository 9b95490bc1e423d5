"""The portal's settings for the tests: nothing leaves the process, everything else is real."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "for-the-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABC")
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("DEMO", "1")

from best_portal.settings import *  # noqa: E402, F403 - the tests' settings are the portal's

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SMS_BACKEND = "best_portal.outbox.sms.MemoryBackend"
# A folder for the files of this run, gone with it.
FILES_ROOT = tempfile.mkdtemp(prefix="best-files-")
atexit.register(shutil.rmtree, FILES_ROOT, ignore_errors=True)

"""The Celery application and what beat does regularly.

The broker is only a doorbell: every job is a row in PostgreSQL first, and each sweep below
finds the rows whose bell was never heard.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "best_portal.settings")

app = Celery("best_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

"""Mails of what is due soon: an answer to a funder, a deadline of a grant; each once."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from best_portal.accounts.models import Role, User
from reports import emails
from reports.models import Deadline, Query

logger = logging.getLogger(__name__)


def remind(today=None):
    """Tell the managers what is due within the days of the settings; one that fails stops no other.

    However often it runs, each manager gets one mail about each.
    """
    today = today or timezone.localdate()
    answers = today + timedelta(days=settings.QUERY_REMINDER_DAYS)
    deadlines = today + timedelta(days=settings.DEADLINE_REMINDER_DAYS)
    for query in Query.objects.open().due_until(answers).for_list():
        one(remind_of_query, query)
    for deadline in Deadline.objects.between(today, deadlines).for_list():
        one(remind_of_deadline, deadline)


def one(remind_of, subject):
    try:
        with transaction.atomic():
            remind_of(subject, User.objects.wearing(Role.MANAGER))
    except Exception:
        logger.exception("No reminder of %s %s", type(subject).__name__, subject.pk)


def remind_of_query(query, managers):
    emails.tell("due", query.version, managers, key=f"query:{query.pk}:due", query=query)


def remind_of_deadline(deadline, managers):
    # A deadline that was moved is due anew.
    key = f"deadline:{deadline.pk}:{deadline.due_on.isoformat()}"
    emails.send("grant_deadline", managers, key=key, deadline=deadline)

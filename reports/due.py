"""Mails of what is due soon or overdue: an answer to a funder, a report, a date; each once."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from best_portal.accounts.models import Role, User
from reports import duties, emails
from reports.models import Grant, Query

logger = logging.getLogger(__name__)

# Whoever sets up an old grant is not told of every report it has ever asked for.
LATE = timedelta(days=31)


def remind(today=None):
    """Tell the managers what is due within the days of the settings; one that fails stops no other.

    However often it runs, each manager gets one mail about each.
    """
    today = today or timezone.localdate()
    answers = today + timedelta(days=settings.QUERY_REMINDER_DAYS)
    deadlines = today + timedelta(days=settings.DEADLINE_REMINDER_DAYS)
    for query in Query.objects.open().due_until(answers).for_list():
        one(remind_of_query, query)
    for due in duties.of_grants(Grant.objects.for_list(), today):
        if not due.is_done and today <= due.due_on <= deadlines:
            one(remind_of, due)
        elif due.is_overdue and due.due_on >= today - LATE:
            one(tell_it_is_overdue, due)


def one(tell, subject):
    try:
        with transaction.atomic():
            tell(subject, User.objects.wearing(Role.MANAGER))
    except Exception:
        logger.exception("No reminder of %s", subject)


def remind_of_query(query, managers):
    emails.tell("due", query.version, managers, key=f"query:{query.pk}:due", query=query)


def remind_of(due, managers):
    # What was moved is due anew.
    emails.send("due_soon", managers, key=f"{due.key}:{due.due_on.isoformat()}", due=due)


def tell_it_is_overdue(due, managers):
    key = f"{due.key}:{due.due_on.isoformat()}:overdue"
    emails.send("overdue", managers, key=key, due=due)

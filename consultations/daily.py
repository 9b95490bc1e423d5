"""The daily mail: what is due today, once on a working day, for whoever works here and wants it.

Mail is read over shoulders: it says how many promises and steps are due and where they stand, not
what they are about nor with whom.
"""

import logging
from datetime import time, timedelta

from django.db import transaction
from django.utils import timezone

from best_portal.accounts.models import User
from best_portal.letters import written
from best_portal.outbox.models import Letter
from best_portal.outbox.post import post
from consultations.models import Appointment, Consultation, Promise, SupportCase
from consultations.models.free_times import BERLIN, is_working_day, moment
from consultations.text_messages import reader_of

logger = logging.getLogger(__name__)

# From when a mail makes sense for the day, and until when it still does.
OPENS, CLOSES = time(7), time(12)
DAY = timedelta(days=1)


def queue_daily_mails(*, now=None):
    """Queue today's mails; one that fails stops no other. Returns how many.

    However often it runs, everybody gets one a day, and none where nothing is due.
    """
    now = (now or timezone.now()).astimezone(BERLIN)
    if not is_working_day(now.date()) or not OPENS <= now.time() < CLOSES:
        return 0
    queued = 0
    for user in User.objects.staff().with_daily_mail():
        try:
            queued += queue_one(user, now.date())
        except Exception:
            logger.exception("No daily mail for account %s", user.pk)
    return queued


@transaction.atomic
def queue_one(user, day):
    key = f"day:{user.pk}:{day.isoformat()}"
    if Letter.objects.filter(key=key).exists() or not (due := due_on(user, day)):
        return 0
    subject, text = written("daily", language=user.language, name=user.name, day=day, **due)
    post(
        key=key,
        recipient=user.email,
        recipient_name=user.name,
        reader=reader_of(user),
        language=user.language,
        subject=subject,
        text=text,
        not_after=moment(day, CLOSES),
    )
    return 1


def due_on(user, day):
    """How many promises and steps are due by that day and what else waits; {} where none is.

    What is due for somebody they stand in for counts.
    """
    promises = Promise.objects.visible_to(user).in_charge_of(user)
    steps = Consultation.objects.visible_to(user).to_go_on_by(user).with_open_step(day)
    due = {
        "late": promises.overdue(day).count() + steps.step_due_until(day - DAY).count(),
        "due": promises.due_until(day).count() + steps.step_due_until(day).count(),
    }
    if not due["due"]:
        return {}
    appointments = Appointment.objects.visible_to(user).in_charge_of(user)
    return due | {
        "appointments": appointments.not_cancelled().between(day, day).count(),
        "quiet": SupportCase.objects.visible_to(user).of_advisor(user).quiet(day).count(),
    }

"""Reminders of group sessions: a day before each date, by the rules of those of appointments.

One letter for each registration, date and start, whatever the sweep does; none after the start,
none after a cancellation, none to whom the date was told only just.
"""

import logging
from datetime import UTC, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from best_portal.outbox.models import Letter
from consultations.group_emails import remind
from consultations.models.group_dates import GroupSessionDate
from consultations.models.group_states import GroupStatus, RegistrationStatus
from consultations.models.reminders import REMINDERS

logger = logging.getLogger(__name__)

KIND = "reminder_24h"
HOURS, UNTIL = (timedelta(hours=hours) for hours in REMINDERS[KIND])


class GroupRemindersMixin:
    """What the QuerySet of registrations knows of reminders."""

    def due_for(self, date, *, now=None):
        """Those to be reminded of a date now: with a seat, by mail, and not reminded of it yet."""
        now = (now or timezone.now()).astimezone(UTC)
        if not now + UNTIL < date.starts_at <= now + HOURS:
            return self.none()
        sent = Letter.objects.filter(
            key=Concat(
                Value("group:"),
                Cast(OuterRef("uid"), CharField()),
                Value(f":{KIND}:{int(date.starts_at.timestamp())}"),
                output_field=CharField(),
            )
        )
        return (
            self.filter(
                session=date.session_id,
                session__status=GroupStatus.PUBLISHED,
                status=RegistrationStatus.REGISTERED,
                told_by="mail",
                seated_at__lt=date.starts_at.astimezone(UTC) - HOURS,
            )
            .exclude(email="", person__email="")
            .filter(~Exists(sent))
            .order_by("pk")
        )

    def remind(self, *, now=None):
        """Queue every reminder that is due; one that fails stops no other. Returns how many."""
        queued = 0
        for date in GroupSessionDate.objects.to_be_reminded_of(HOURS, now=now):
            for pk in self.due_for(date, now=now).values_list("pk", flat=True):
                try:
                    queued += self.remind_one(pk, date, now=now)
                except Exception:
                    logger.exception("No reminder for registration %s", pk)
        return queued

    @transaction.atomic
    def remind_one(self, pk, date, *, now=None):
        """Queue one reminder, unless somebody is changing the registration or has meanwhile.

        Both rows stay locked until the letter is in: who cancels comes before or after, and what
        comes after pulls the letter back.
        """
        dates = GroupSessionDate.objects.to_be_reminded_of(HOURS, now=now).filter(pk=date.pk)
        still = dates.filter(starts_at=date.starts_at).select_for_update(of=["self"]).first()
        locked = self.filter(pk=pk).select_for_update(skip_locked=True, of=["self"]).first()
        registration = still and locked and self.due_for(date, now=now).filter(pk=pk).first()
        if not registration:
            return 0
        remind(registration, date, not_after=date.starts_at - UNTIL)
        return 1

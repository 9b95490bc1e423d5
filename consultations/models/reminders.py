"""Reminders: which appointments are due for one, and the sweep that queues them.

The letters are rows of the outbox with one key per appointment, kind and start: however often the
sweep runs, is killed or runs twice at once, each is queued once. They share the beginning of their
keys with the other letters about the appointment, so moving and cancelling pull them back.
"""

import logging
from datetime import UTC, timedelta

from django.db import transaction
from django.db.models import BigIntegerField, CharField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from best_portal.outbox.models import Letter
from best_portal.outbox.sms import is_offered
from consultations.emails import remind

logger = logging.getLogger(__name__)

# Hours before the start, and until how many hours before it still makes sense.
REMINDERS = {"reminder_24h": (24, 2), "reminder_2h": (2, 0)}


class Epoch(Func):
    """A moment as whole seconds since 1970: the same number whatever the clocks do."""

    template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
    output_field = BigIntegerField()


def reminder_key():
    """The key of a reminder's letter, as PostgreSQL spells it; as `Appointment.reminder_key`."""
    return Concat(
        Value("appointment:"),
        Cast(OuterRef("uid"), CharField()),
        Value(":"),
        OuterRef("kind"),
        Value(":"),
        Cast(Epoch(OuterRef("starts_at")), CharField()),
        output_field=CharField(),
    )


class RemindersMixin:
    """What the QuerySet of appointments knows of reminders."""

    def due_for(self, kind, *, now=None):
        """Those to be reminded now: booked, in time, reachable, and not reminded of this start yet.

        Who agreed on the time later than the reminder would have come needs none.
        """
        # In UTC: with a time zone, Python adds hours as the clock on the wall shows them.
        now = (now or timezone.now()).astimezone(UTC)
        hours, until = (timedelta(hours=hours) for hours in REMINDERS[kind])
        sent = Letter.objects.filter(key=reminder_key())
        reachable = Q(told_by="mail") & ~Q(person__email="")
        if is_offered():
            reachable |= ~Q(mobile="")
        return (
            self.filter(
                reachable,
                status="booked",
                starts_at__gt=now + until,
                starts_at__lte=now + hours,
                agreed_at__lt=F("starts_at") - hours,
            )
            .annotate(kind=Value(kind, output_field=CharField()))
            .filter(~Exists(sent))
            .order_by("starts_at", "pk")
        )

    def remind(self, *, now=None):
        """Queue every reminder that is due; one that fails stops no other. Returns how many."""
        queued = 0
        for kind in REMINDERS:
            for pk in self.due_for(kind, now=now).values_list("pk", flat=True):
                try:
                    queued += self.remind_one(kind, pk, now=now)
                except Exception:
                    logger.exception("No reminder for appointment %s", pk)
        return queued

    @transaction.atomic
    def remind_one(self, kind, pk, *, now=None):
        """Queue one reminder, unless somebody is changing the appointment or has in the meantime.

        The row stays locked until the letter is in: who cancels comes before or after, and what
        comes after pulls the letter back.
        """
        locked = self.filter(pk=pk).select_for_update(skip_locked=True).first()
        # Asked again once it is locked: another sweep may have been here since.
        appointment = locked and self.due_for(kind, now=now).filter(pk=pk).first()
        if appointment is None:
            return 0
        _hours, until = REMINDERS[kind]
        remind(kind, appointment, not_after=appointment.starts_at - timedelta(hours=until))
        return 1

"""SingleDays: the dates on which office hours differ from their rhythm."""

from datetime import timedelta
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models.absences import ChangedDay, midnight
from consultations.models.free_times import is_due_on, may_open_on, moment, openings

DAY = timedelta(days=1)
# How far ahead single dates may be changed.
DAYS_AHEAD = 366


class SingleDaysMixin:
    """What office hours know of their single dates."""

    @transaction.atomic
    def cancel_day(self, *, by, day, reason=""):
        """Hold no office hours on one of their days; appointments made already stay."""
        return self._change_day(by, "day_cancelled", day=day, reason=reason)

    @transaction.atomic
    def move_day(self, *, by, day, new_day, starts_at, ends_at, reason=""):
        """Hold the office hours of one day at another time or on another day.

        Refuses a day on which nobody is met and one on which they are held already.
        """
        if new_day < timezone.localdate():
            raise ValidationError({"new_day": _("Choose today or a later day.")})
        if not may_open_on(new_day, self):
            raise ValidationError(
                {
                    "new_day": _(
                        "On this day nobody is met: it is a public holiday, or lies outside the "
                        "period of the office hours or of the project. Choose another day."
                    )
                }
            )
        if new_day != day and self._is_held_on(new_day):
            raise ValidationError(
                {"new_day": _("These office hours are held on this day already.")}
            )
        return self._change_day(
            by,
            "day_moved",
            day=day,
            new_day=new_day,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
        )

    def _is_held_on(self, day):
        changed = self.changed_days.filter(Q(day=day) | Q(new_day=day))
        return changed.filter(new_day=day).exists() or (
            is_due_on(day, self) and not changed.exists()
        )

    def _change_day(self, by, verb, *, day, **fields):
        if day < timezone.localdate() or not is_due_on(day, self):
            raise ValidationError({"day": _("Choose a day to come on which these are held.")})
        with explained(ChangedDay):
            self.wait_for_turn()
            change = ChangedDay.objects.create(office_hours=self, day=day, **fields)
        Event.objects.record(
            actor=by, verb=f"office_hours.{verb}", subject=self, day=day.isoformat()
        )
        return change

    def due_days(self, number):
        """Return the next days on which the rhythm has them held, changed ones left out."""
        today = timezone.localdate()
        changed = set(self.changed_days.values_list("day", flat=True))
        days = (today + timedelta(days=n) for n in range(DAYS_AHEAD))
        due = (day for day in days if day not in changed and is_due_on(day, self))
        return list(islice(due, number))

    def appointments_left_behind(self):
        """The appointments to come on dates that are cancelled or moved now."""
        changed = Q(pk=None)
        for day in self.changed_days.to_come():
            changed |= Q(starts_at__gte=midnight(day.day), starts_at__lt=midnight(day.day + DAY))
        return [
            appointment
            for appointment in self.appointments.upcoming().filter(changed).for_agenda()
            if not self._is_held_at(appointment)
        ]

    def _is_held_at(self, appointment):
        day = timezone.localdate(appointment.starts_at)
        return any(
            moment(day, opening.starts_at) <= appointment.starts_at
            and appointment.ends_at <= moment(day, opening.ends_at)
            for opening in openings(self, day, day)
        )

"""Making offers to the waiting list: who is asked about which time, by the rule of the list."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.models.appointments import Appointment
from consultations.models.office_hours import HORIZON, NOT_FREE, OfficeHours
from consultations.models.project import Project
from consultations.models.waiting import WaitingEntry
from consultations.models.waiting_rules import (
    BETWEEN_OFFERS,
    KEPT_FOR_THE_SWEEP,
    asking_time,
    fits,
    is_early_enough,
    may_ask,
    offer_ends,
)
from consultations.waiting_letters import tell_offer

logger = logging.getLogger(__name__)

# One offer after another: two sweeps at once would skip whoever the other one is just asking.
TURN = "waiting-list"
# How many times are tried for one entry in one sweep, where others take them at the same moment.
MOST_TRIES = 3


class Line:
    """Everyone who may be asked at a moment, in order; two queries."""

    def __init__(self, at, entries=None):
        self.at = at
        entries = WaitingEntry.objects.due(at) if entries is None else entries
        self.entries = list(entries.with_known_starts())
        self.areas = {}
        if self.entries:
            works_in = Project.districts.through.objects.values_list("project_id", "district_id")
            for project, district in works_in:
                self.areas.setdefault(project, set()).add(district)

    def suits(self, entry, time):
        return (
            is_early_enough(time, self.at)
            and time.starts_at not in entry.offered_starts + entry.own_starts
            and fits(entry, time, self.areas)
        )

    def has_somebody_for(self, time):
        return any(self.suits(entry, time) for entry in self.entries)


class OfferingMixin:
    """What the QuerySet of offers knows of times given back and of asking people in order."""

    # --- times given back ---

    @transaction.atomic
    def keep(self, office_hours, starts_at, *, prefer):
        """Keep a time that is given back for the list, if somebody on it can be asked in time.

        Else it is free at once. Returns the held appointment, or None.
        """
        at = asking_time(timezone.now())
        line = Line(at)
        time = office_hours.free_time_at(starts_at) if line.entries else None
        if time is None or not line.has_somebody_for(time):
            return None
        return Appointment.objects.keep(
            office_hours=office_hours,
            starts_at=starts_at,
            until=at + KEPT_FOR_THE_SWEEP,
            prefer=prefer,
        )

    def pass_on(self, held):
        """Keep what an offer gave back for the next on the list, or free it if there is none."""
        at = asking_time(timezone.now())
        if Line(at).has_somebody_for(held) and held.office_hours.still_meet(held):
            Appointment.objects.filter(pk=held.pk).update(held_until=at + KEPT_FOR_THE_SWEEP)
        else:
            held.delete()

    # --- offers ---

    def offer_free_times(self):
        """Offer what is free to those who wait, longest first; returns how many offers were made.

        An entry that fails or that somebody is just changing stops no other.
        """
        now = timezone.now()
        Appointment.objects.free_run_out()
        self.withdraw_impossible()
        if not may_ask(now):
            return 0
        line = Line(now)
        kept = list(Appointment.objects.kept().select_related("office_hours", "advisor"))
        times = [time for time in kept if time.office_hours.still_meet(time)]
        made = line.entries and self._offer_in_line(line, times + free_from(now))
        for time in kept:
            Appointment.objects.kept().filter(pk=time.pk).delete()
        return made or 0

    def _offer_in_line(self, line, times):
        times.sort(key=lambda time: time.starts_at)
        made = 0
        for entry in line.entries:
            if taken := self._offer_first(entry, [t for t in times if line.suits(entry, t)]):
                times.remove(taken)
                made += 1
        return made

    def _offer_first(self, entry, times):
        """Offer the first of some times that can be held; returns it, or None."""
        for time in times[:MOST_TRIES]:
            try:
                return time if self.make(by=None, entry=entry, time=time) else None
            except ValidationError as refusal:
                # Taken in the meantime: the next one that suits may be free.
                logger.info("Entry %s of the waiting list: %s", entry.pk, refusal.messages)
            except Exception:
                logger.exception("No offer for entry %s of the waiting list", entry.pk)
                return None
        return None

    @transaction.atomic
    def make(self, *, by, entry, time):
        """Hold a free time for somebody for four hours and tell them; `by=None` is the sweep.

        The sweep passes over whoever is being changed or has been offered a time since (None);
        a person who acts is told why it is refused.
        """
        now = timezone.now()
        with explained(Appointment):
            take_turns(TURN)
        rows = WaitingEntry.objects.filter(pk=entry.pk)
        if by is None:
            rows = rows.due(now)
        locked = rows.select_for_update(of=("self",), skip_locked=by is None).first()
        if locked is None:
            return None
        self._refuse_untimely(locked, time, now)
        until = offer_ends(now)
        held = hold_until(time, until, prefer=locked.advisor)
        if locked.advisor_id not in (None, held.advisor_id):
            raise ValidationError(NOT_FREE)
        with explained(self.model):
            offer = self.create(
                entry=locked,
                appointment=held,
                office_hours=held.office_hours,
                starts_at=held.starts_at,
                ends_at=held.ends_at,
                offered_at=now,
                until=until,
                next_from=now + BETWEEN_OFFERS,
            )
        Event.objects.record(actor=by, verb="waiting_entry.offered", subject=locked, offer=offer.pk)
        tell_offer(offer)
        return offer

    def suiting(self, entry, times):
        """Return those of some free times that an entry may be offered, whenever it is asked."""
        line = Line(asking_time(timezone.now()), WaitingEntry.objects.filter(pk=entry.pk))
        return [time for time in times for each in line.entries if line.suits(each, time)]

    def make_by_hand(self, *, by, entry, office_hours, starts_at):
        """Offer one of the free times out of turn, because somebody of the staff says so."""
        time = office_hours.free_time_at(starts_at)
        if time is None:
            raise ValidationError(NOT_FREE)
        return self.make(by=by, entry=entry, time=time)

    def _refuse_untimely(self, entry, time, now):
        if not entry.is_waiting:
            raise ValidationError(_("This entry is not on the list any more."))
        if not may_ask(now):
            raise ValidationError(
                _("Offers are made on working days from 8 to 16: they are held for four hours.")
            )
        if not is_early_enough(time, now):
            raise ValidationError(
                _("This time begins too soon: it could not be held for four hours before.")
            )

    def withdraw_impossible(self):
        """Take back open offers whose time is not held any more, and say so."""
        for offer in self.open().select_related("appointment__office_hours", "entry__person"):
            if not offer.office_hours.still_meet(offer.appointment):
                offer.withdraw(by=None, is_told=True)


def hold_until(time, until, *, prefer):
    """Return the appointment that holds a time: one kept for the list already, or a new one."""
    if not isinstance(time, Appointment):
        return Appointment.objects.keep(
            office_hours=time.office_hours, starts_at=time.starts_at, until=until, prefer=prefer
        )
    if not Appointment.objects.kept().filter(pk=time.pk).update(held_until=until):
        raise ValidationError(NOT_FREE)
    return Appointment.objects.select_related("advisor", "office_hours").get(pk=time.pk)


def free_from(now):
    """Every free time of the next weeks, as people see them."""
    today = timezone.localdate(now)
    return OfficeHours.objects.current().free_times(today, today + HORIZON, now=now)

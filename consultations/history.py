"""The history of an appointment, a promise or a registration: its lines of the log, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from best_portal.audit.models import Event

WORDS = {
    "appointment.booked": _("booked"),
    "appointment.moved": _("moved"),
    "appointment.passed_on": _("handed over"),
    "appointment.cancelled": _("cancelled"),
    "appointment.sms_chosen": _("reminder by SMS chosen"),
    "appointment.sms_dropped": _("reminder by SMS dropped"),
    "appointment.took_place": _("noted: took place"),
    "appointment.missed": _("noted: nobody came"),
    "appointment.became": _("consultation logged"),
    "promise.made": _("written down"),
    "promise.postponed": _("postponed"),
    "promise.passed_on": _("handed over"),
    "promise.kept": pgettext_lazy("a promise", "kept"),
    "promise.dropped": _("dropped"),
    "promise.reopened": _("opened again"),
    "registration.registered": _("registered, with a seat"),
    "registration.waiting": _("put on the waiting list"),
    "registration.moved_up": _("moved up to a free seat"),
    "registration.walked_in": _("came without registering"),
    "registration.cancelled": _("cancelled"),
}


@dataclass(frozen=True)
class Step:
    """One thing that happened: when, what, by whom; of a move, the time it was moved from."""

    at: datetime
    what: str
    who: str
    was: datetime | None = None


def history_of(subject):
    """Return what happened to it, the first thing first."""
    events = Event.objects.about(subject).select_related("actor").order_by("at", "pk")
    return [
        Step(
            at=event.at,
            what=WORDS[event.verb],
            who=event.actor.name if event.actor else "",
            was=datetime.fromisoformat(event.details["was"]) if "was" in event.details else None,
        )
        for event in events
        if event.verb in WORDS
    ]

"""The history of an appointment: its lines of the log, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event

WORDS = {
    "appointment.booked": _("booked"),
    "appointment.moved": _("moved"),
    "appointment.cancelled": _("cancelled"),
    "appointment.took_place": _("noted: took place"),
    "appointment.missed": _("noted: nobody came"),
    "appointment.became": _("consultation logged"),
}


@dataclass(frozen=True)
class Step:
    """One thing that happened: when, what, by whom; of a move, the time it was moved from."""

    at: datetime
    what: str
    who: str
    was: datetime | None = None


def history_of(appointment):
    """Return what happened to an appointment, the first thing first."""
    events = Event.objects.about(appointment).select_related("actor").order_by("at", "pk")
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

"""The own day: what is due, who is met, which cases are quiet, what colleagues handed over."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from best_portal.accounts.models import User
from consultations.models import Absence, Appointment, Consultation, Dossier, Promise, SupportCase
from enterprises.models import Organisation

ROWS = 5
MOST_DUE = 12
# How far the day looks ahead, and how long what was handed over is new.
AHEAD = timedelta(days=7)
NEW_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Due:
    """A promise or the next step of a consultation, with the day it is due on."""

    on: date
    what: str
    organisation: Organisation | None
    href: str
    promise: Promise | None = None
    consultation: Any = None

    @property
    def days_late(self):
        return (timezone.localdate() - self.on).days

    @classmethod
    def of_promise(cls, promise):
        return cls(
            promise.due_on,
            promise.what,
            promise.organisation,
            promise.get_absolute_url(),
            promise=promise,
        )

    @classmethod
    def of_step(cls, consultation):
        return cls(
            consultation.next_step_on,
            consultation.next_step,
            consultation.organisation,
            consultation.get_absolute_url(),
            consultation=consultation,
        )


def due_for(user, until):
    """Promises and next steps due until a day, the longest overdue first."""
    promises = Promise.objects.visible_to(user).of_advisor(user).due_until(until)
    steps = Consultation.objects.visible_to(user).to_go_on_by(user).with_open_step()
    steps = steps.step_due_until(until)
    found = [Due.of_promise(row) for row in promises.for_list().soonest_first()[:MOST_DUE]]
    found += [Due.of_step(row) for row in steps.for_list().soonest_step_first()[:MOST_DUE]]
    return sorted(found, key=lambda due: due.on)[:MOST_DUE]


def day_of(user):
    """What an advisor's first page shows of the day."""
    today = timezone.localdate()
    appointments = Appointment.objects.visible_to(user).of_advisor(user).for_agenda()
    promises = Promise.objects.visible_to(user).of_advisor(user)
    quiet = SupportCase.objects.visible_to(user).of_advisor(user).quiet()
    handed_over = promises.taken_over_since(timezone.now() - NEW_FOR).for_list()
    return {
        "today": appointments.not_cancelled().between(today, today),
        "appointments": appointments.upcoming().after(today)[:ROWS],
        "due": due_for(user, today + AHEAD),
        "dateless": promises.without_date().count(),
        "quiet": quiet.for_list().longest_first()[:ROWS],
        "quiet_count": quiet.count(),
        "standing_in": standing_in(user),
        "dossiers": Dossier.objects.to_accept_by(user).for_list().longest_first()[:ROWS],
        "handed_over": handed_over.soonest_first()[:ROWS],
    }


@dataclass(frozen=True)
class StandingIn:
    """What is to be done today for a colleague who is away."""

    absence: Absence
    today: Any
    due: int


def standing_in(user):
    """Those this person stands in for just now, each with their day."""
    today = timezone.localdate()
    found = []
    for absence in Absence.objects.looked_after_by(user).for_list():
        away = absence.advisor
        appointments = Appointment.objects.visible_to(user).of_advisor(away).for_agenda()
        promises = Promise.objects.visible_to(user).of_advisor(away)
        found.append(
            StandingIn(
                absence,
                appointments.not_cancelled().between(today, today),
                promises.due_until(today).count(),
            )
        )
    return found


@dataclass(frozen=True)
class Colleague:
    """One advisor in the view of the management: what is open, late and quiet with them."""

    advisor: Any
    open: int
    overdue: int
    quiet: int


def team(user):
    """A line for each advisor with promises or quiet cases; whoever has nothing is left out."""
    numbers = Promise.objects.visible_to(user).by_advisor()
    quiet = SupportCase.objects.visible_to(user).quiet_by_advisor()
    people = User.objects.having(numbers.keys() | quiet.keys())
    return [
        Colleague(each, *numbers.get(each.pk, (0, 0)), quiet.get(each.pk, 0)) for each in people
    ]

"""The letters both sides of an appointment receive, each in their own language.

A leaf: it takes an appointment as it is and imports no model of this app. No letter says what an
appointment is about, and the advisor's not with whom: mail is read over shoulders.
"""

from django.utils import timezone

from best_portal.letters import written
from best_portal.outbox.models import Letter
from best_portal.outbox.post import post
from consultations.calendar import calendar_file


def announce(what, appointment, *, by):
    """Post the letters about what has just happened to an appointment, in the same transaction.

    What still waits from before is pulled back; about past appointments nobody is written to.
    """
    Letter.objects.withdraw(appointment.letters_key)
    if appointment.starts_at <= timezone.now():
        return
    for side, person in (("person", appointment.person), ("advisor", appointment.advisor)):
        # Who has no address is told by phone; the page says so.
        if not person.email:
            continue
        subject, text = written(
            f"appointment_{what}_{side}",
            language=person.language,
            appointment=appointment,
            name=person.name,
            by_themself=by in (person, getattr(person, "user", None)),
        )
        post(
            key=f"{appointment.letters_key}:{what}:{appointment.sequence}:{side}",
            recipient=person.email,
            recipient_name=person.name,
            language=person.language,
            subject=subject,
            text=text,
            calendar=calendar_file(appointment, attendee=person.email, language=person.language),
            not_after=appointment.starts_at,
        )

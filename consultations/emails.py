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
    `by=None` is the person themself, by their link.
    """
    by = by or appointment.person
    Letter.objects.withdraw(appointment.letters_key)
    if appointment.starts_at <= timezone.now():
        return
    for side, person, email in (
        ("person", appointment.person, appointment.mail_to_person),
        ("advisor", appointment.advisor, appointment.advisor.email),
    ):
        # Who is not told by mail is told by phone or on paper; the page says so.
        if email:
            post_about(
                appointment,
                key=f"{appointment.letters_key}:{what}:{appointment.sequence}:{side}",
                template=f"appointment_{what}_{side}",
                to=person,
                by_themself=by in (person, getattr(person, "user", None)),
            )


def remind(kind, appointment, *, not_after):
    """Post a reminder of this start to the person; late is worse than never."""
    post_about(
        appointment,
        key=appointment.reminder_key(kind),
        template="appointment_reminder_person",
        to=appointment.person,
        not_after=not_after,
    )


def ask_to_confirm(guest):
    """Post the letter with the link that books a held time; useless once the hold has run out."""
    appointment = guest.appointment
    subject, text = written(
        "appointment_confirm",
        language=guest.language,
        guest=guest,
        appointment=appointment,
        name=guest.name,
    )
    post(
        key=f"{appointment.letters_key}:confirm:{guest.token_digest[:16]}",
        recipient=guest.email,
        recipient_name=guest.name,
        language=guest.language,
        subject=subject,
        text=text,
        not_after=appointment.held_until,
    )


def post_about(appointment, *, key, template, to, not_after=None, **context):
    """Post one letter about an appointment in the language of who gets it."""
    subject, text = written(
        template, language=to.language, appointment=appointment, name=to.name, **context
    )
    post(
        key=key,
        recipient=to.email,
        recipient_name=to.name,
        language=to.language,
        subject=subject,
        text=text,
        calendar=calendar_file(appointment, attendee=to.email, language=to.language),
        not_after=not_after or appointment.starts_at,
    )

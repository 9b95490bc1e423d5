"""The letters both sides of an appointment receive, each in their own language.

A leaf: it takes an appointment as it is and imports no model of this app. No letter says what an
appointment is about, and the advisor's not with whom: mail is read over shoulders.
"""

from django.utils import timezone

from best_portal.letters import written
from best_portal.outbox.models import Letter
from best_portal.outbox.post import post
from consultations.calendar import calendar_file
from consultations.text_messages import SUBJECTS, post_text, reader_of


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
    person = appointment.person
    if what in SUBJECTS and appointment.sms_to_person and by not in (person, person.user):
        post_text(
            what, appointment, key=f"{appointment.letters_key}:{what}:{appointment.sequence}:sms"
        )


def take_back(appointment, *, former):
    """Tell an advisor that a colleague meets the person now, and clear their calendar of it."""
    post_about(
        appointment,
        key=f"{appointment.letters_key}:taken_over:{appointment.sequence}:advisor",
        template="appointment_taken_over_advisor",
        to=former,
        is_cancelled=True,
    )


def introduce(appointment):
    """Tell the person that a colleague meets them, at the same time and place.

    What still waits from before names somebody who will not be there. A reminder on its way stays:
    for the same start none would be posted again.
    """
    for what in ("booked", "moved", "passed_on"):
        Letter.objects.withdraw(f"{appointment.letters_key}:{what}")
    if appointment.mail_to_person:
        post_about(
            appointment,
            key=f"{appointment.letters_key}:passed_on:{appointment.sequence}:person",
            template="appointment_passed_on_person",
            to=appointment.person,
        )


def remind(kind, appointment, *, not_after):
    """Post a reminder of this start to the person; late is worse than never.

    One by the way they chose: the key is the same, so that nobody is reminded twice.
    """
    key = appointment.reminder_key(kind)
    if appointment.sms_to_person:
        return post_text("reminder", appointment, key=key, not_after=not_after)
    return post_about(
        appointment,
        key=key,
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


def post_about(appointment, *, key, template, to, not_after=None, is_cancelled=False, **context):
    """Post one letter about an appointment in the language of who gets it.

    `is_cancelled`: it is off for this reader, whatever becomes of it.
    """
    subject, text = written(
        template, language=to.language, appointment=appointment, name=to.name, **context
    )
    post(
        key=key,
        recipient=to.email,
        recipient_name=to.name,
        reader=reader_of(to),
        language=to.language,
        subject=subject,
        text=text,
        calendar=calendar_file(
            appointment,
            attendee=to.email,
            language=to.language,
            url=appointment.person_url if to == appointment.person else "",
            is_cancelled=is_cancelled,
        ),
        not_after=not_after or appointment.starts_at,
    )

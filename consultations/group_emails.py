"""The letters people receive about a group session, each in their own language.

A leaf: it takes a registration as it is and imports no model of this app. Letters name the
session, which is public, and nobody else who comes.
"""

from django.utils import timezone

from best_portal.letters import written
from best_portal.outbox.models import Letter
from best_portal.outbox.post import post
from consultations.group_calendar import calendar_files

# What says where the online room is, and brings the dates into the calendar.
WITH_CALENDAR = ("registered", "moved_up", "changed", "called_off", "cancelled")


def tell(what, registration, **context):
    """Post the letter about what has just happened, in the same transaction.

    What still waits from before is pulled back. Who is told by phone or on paper gets none.
    """
    Letter.objects.withdraw(registration.letters_key)
    session = registration.session
    if not registration.mail_to or (session.is_over and what != "certificate"):
        return
    number = f"{registration.sequence}.{session.sequence}"
    post_about(
        registration,
        key=f"{registration.letters_key}:{what}:{number}",
        template=f"group_{what}",
        calendar=calendar_files(registration) if what in WITH_CALENDAR else "",
        not_after=None if what == "certificate" else session.ends_at,
        **context,
    )


def remind(registration, date, *, not_after):
    """Post a reminder of this date; late is worse than never."""
    post_about(
        registration,
        key=registration.reminder_key(date),
        template="group_reminder",
        not_after=not_after,
        date=date,
    )


def ask_to_confirm(registration):
    """Post the letter with the link that takes the place; useless once registration is closed."""
    post_about(
        registration,
        key=f"{registration.letters_key}:confirm",
        template="group_confirm",
        not_after=registration.session.registration_ends_at,
    )


def post_about(registration, *, key, template, not_after, calendar="", **context):
    """Post one letter about a registration in the language of who gets it."""
    language, name = registration.speaks, registration.who
    subject, text = written(
        template,
        language=language,
        registration=registration,
        session=registration.session,
        now=timezone.now(),
        name=name,
        **context,
    )
    post(
        key=key,
        recipient=registration.mail_to,
        recipient_name=name,
        language=language,
        subject=subject,
        text=text,
        calendar=calendar,
        not_after=not_after,
    )

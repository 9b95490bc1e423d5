"""The text messages the person of an appointment may choose: reminders, and what staff change.

A leaf, as `consultations.emails`. Each fits into one text message, in the alphabet phones share:
what is too long is the place, and it is cut.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from best_portal.outbox.gsm import ALONE, cut, places, plain
from best_portal.outbox.models import LetterChannel
from best_portal.outbox.post import post

# What stands for each in the list of letters; of everything else people hear by mail or letter.
SUBJECTS = {
    "reminder": _("Reminder by SMS"),
    "cancelled": _("Cancellation by SMS"),
    "moved": _("New time by SMS"),
}


def text_of(what, appointment, *, language):
    """Return the text in the language of who reads it."""

    def written(place):
        context = {
            "appointment": appointment,
            "place": place,
            "agency": settings.AGENCY,
            "book": settings.PUBLIC_URL + reverse("consultations:guest_about"),
        }
        return plain(render_to_string(f"texts/appointment_{what}.txt", context).strip())

    with translation.override(language):
        where = [appointment.get_channel_display(), appointment.place]
        place = plain(", ".join(part for part in where if part))
        return written(cut(place, ALONE - places(written("")) - places(", ")))


def post_text(what, appointment, *, key, not_after=None):
    """Post one text message to the person of an appointment."""
    person = appointment.person
    with translation.override(person.language):
        subject = str(SUBJECTS[what])
    post(
        key=key,
        channel=LetterChannel.SMS,
        recipient=appointment.sms_to_person,
        recipient_name=person.name,
        reader=reader_of(person),
        language=person.language,
        subject=subject,
        text=text_of(what, appointment, language=person.language),
        not_after=not_after or appointment.starts_at,
    )


def reader_of(somebody):
    """Who it is at all their addresses: for the most letters one person gets in a day."""
    return f"{somebody._meta.label_lower}:{somebody.pk}"

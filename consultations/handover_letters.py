"""The letters of a handover and of standing in: to who gets something, and to whoever gave it.

A leaf: it takes a handover as it is and imports no model of this app. No letter says whose cases
they are: mail is read over shoulders. The calendar files bring the appointments from one calendar
into the other.
"""

from best_portal.letters import written
from best_portal.outbox.post import post
from consultations.calendar import calendar_file
from consultations.text_messages import reader_of


def tell_successor(handover, to, share, appointments):
    """Tell a colleague how much is theirs now, and put the appointments into their calendar."""
    tell(handover, to, "handover_to_you", appointments, share=dict(share))


def tell_giver(handover, appointments):
    """Tell whoever gave it that it is done, and clear their calendar of the appointments."""
    tell(handover, handover.giver, "handover_of_yours", appointments, is_cancelled=True)


def ask_to_stand_in(absence):
    """Tell a colleague for whom they stand in, and until when."""
    to = absence.substitute
    subject, text = written("absence_stand_in", language=to.language, absence=absence, name=to.name)
    post(
        key=f"absence:{absence.pk}:{to.pk}",
        recipient=to.email,
        recipient_name=to.name,
        reader=reader_of(to),
        language=to.language,
        subject=subject,
        text=text,
        not_after=absence.ends_at,
    )


def tell(handover, reader, template, appointments, *, is_cancelled=False, **context):
    subject, text = written(
        template,
        language=reader.language,
        handover=handover,
        appointments=appointments,
        name=reader.name,
        **context,
    )
    files = [
        calendar_file(
            each, attendee=reader.email, language=reader.language, is_cancelled=is_cancelled
        )
        for each in appointments
    ]
    post(
        key=f"handover:{handover.pk}:{reader.pk}",
        recipient=reader.email,
        recipient_name=reader.name,
        reader=reader_of(reader),
        language=reader.language,
        subject=subject,
        text=text,
        calendar="".join(files),
    )

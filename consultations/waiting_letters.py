"""The letters of the waiting list: to whoever waits, and to the advisor who has somebody to call.

A leaf like `emails`: it takes entries and offers as they are. Each letter to somebody who waits
holds the link to their entry, where they can leave the list.
"""

from datetime import timedelta

from django.utils import timezone

from best_portal.letters import written
from best_portal.outbox.post import post

# Who never opens the mail within this time is forgotten, and the link with them.
CONFIRM_WITHIN = timedelta(days=2)


def confirm_waiting(entry):
    """Ask somebody without an account to confirm; sent again, another letter an hour later."""
    post_to(
        entry,
        "waiting_confirm",
        key=f"confirm:{timezone.now():%Y%m%d%H}",
        not_after=entry.created_at + CONFIRM_WITHIN,
    )


def told_already(entry):
    """Tell who asks twice that they are on the list, once a day."""
    post_to(entry, "waiting_already", key=f"already:{timezone.localdate()}")


def told_joined(entry):
    """Tell somebody that they are on the list, and how to leave it."""
    post_to(entry, "waiting_joined", key="joined")


def told_ended(entry, *, is_silent):
    """Tell somebody that they are off the list: they did not answer, or waited in vain."""
    post_to(entry, "waiting_ended", key="ended", is_silent=is_silent)


def tell_offer(offer):
    """By mail, or through the advisor who calls."""
    if offer.entry.is_called:
        ask_to_call(offer)
    else:
        post_to(
            offer.entry,
            "waiting_offer",
            key=f"offer:{offer.pk}:made",
            not_after=offer.until,
            offer=offer,
            appointment=offer.appointment,
        )


def told_withdrawn(offer):
    """Say that a time offered is not held after all, and that the place on the list stays."""
    post_to(
        offer.entry,
        "waiting_withdrawn",
        key=f"offer:{offer.pk}:withdrawn",
        not_after=offer.starts_at,
        offer=offer,
    )


def ask_to_call(offer):
    """Ask the advisor of the time to call; whom and about what stands on the page only."""
    advisor = offer.appointment.advisor
    subject, text = written(
        "waiting_call_advisor",
        language=advisor.language,
        offer=offer,
        appointment=offer.appointment,
        name=advisor.name,
    )
    post(
        key=f"{offer.letters_key}:call",
        recipient=advisor.email,
        recipient_name=advisor.name,
        language=advisor.language,
        subject=subject,
        text=text,
        not_after=offer.until,
    )


def post_to(entry, template, *, key, not_after=None, **context):
    """Post one letter to somebody on the list, in their language; who is only called gets none."""
    to = entry.whose
    if entry.is_called:
        return
    subject, text = written(template, language=to.language, entry=entry, name=to.name, **context)
    post(
        key=f"{entry.letters_key}:{key}",
        recipient=to.email,
        recipient_name=to.name,
        language=to.language,
        subject=subject,
        text=text,
        not_after=not_after,
    )

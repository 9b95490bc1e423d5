"""The letter that asks for a confirmation: what about stands behind the link only.

A leaf: it takes a confirmation as it is and imports no model of this app.
"""

from best_portal.letters import written
from best_portal.outbox.post import post


def ask_by_letter(confirmation):
    """Post the letter of this time of asking; asked twice in a row, it is one letter."""
    person = confirmation.person
    subject, text = written(
        "confirmation_asked",
        language=person.language,
        confirmation=confirmation,
        name=person.name,
    )
    post(
        key=f"{confirmation.letters_key}:asked:{confirmation.times}",
        recipient=person.email,
        recipient_name=person.name,
        reader=f"{person._meta.label_lower}:{person.pk}",
        language=person.language,
        subject=subject,
        text=text,
        not_after=confirmation.expires_at,
    )

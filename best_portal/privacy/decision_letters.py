"""The letters that tell somebody what was decided about their wish to be erased."""

from best_portal.letters import written
from best_portal.outbox.post import post


def address_of(person):
    """Where a mail reaches them: the address they sign in with, else that on file, or nothing."""
    return (person.user.email if person.user_id else "") or person.email


def tell_refused(wish):
    """Tell the person why everything is kept, and who else they can turn to."""
    person = wish.person
    tell(
        wish,
        "erasure_refused",
        recipient=address_of(person),
        name=person.name,
        language=person.language,
        reader=f"{person._meta.label_lower}:{person.pk}",
    )


def tell_done(wish, *, recipient, name, language):
    """Tell who was erased, at the address they had; the letter forgets them once it is out."""
    tell(
        wish,
        "erasure_done",
        recipient=recipient,
        name=name,
        language=language,
        is_forgotten_once_sent=True,
    )


def tell(wish, template, *, recipient, name, language, **fields):
    """A wish is decided once, so its letter is written once; without an address there is none."""
    if not recipient:
        return
    subject, text = written(template, language=language, wish=wish, name=name)
    post(
        key=f"erasure:{wish.pk}:{wish.status}",
        recipient=recipient,
        recipient_name=name,
        language=language,
        subject=subject,
        text=text,
        **fields,
    )

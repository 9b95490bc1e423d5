"""The letter box: what other apps put their letters into."""

from best_portal.outbox.models import Letter
from best_portal.outbox.tasks import deliver_letters


def post(*, key, recipient, subject, text, **fields):
    """Queue a letter in the caller's transaction and ring for it once that holds.

    As `Letter.objects.queue`: the same key is one letter, and a name of several lines is refused.
    """
    letter = Letter.objects.queue(
        key=key, recipient=recipient, subject=subject, text=text, **fields
    )
    deliver_letters.delay_on_commit()
    return letter

"""The letter box: what other apps put their letters into."""

from best_portal.outbox.models import Letter, LetterChannel
from best_portal.outbox.tasks import deliver_letters, deliver_text_messages

BELLS = {LetterChannel.MAIL: deliver_letters, LetterChannel.SMS: deliver_text_messages}


def post(*, key, recipient, subject, text, recipient_name="", **fields):
    """Queue a letter in the caller's transaction and ring for it once that holds.

    As `Letter.objects.queue`: the same key is one letter. A name typed in two lines stands in one.
    """
    letter = Letter.objects.queue(
        key=key,
        recipient=recipient,
        recipient_name=" ".join(recipient_name.split()),
        subject=subject,
        text=text,
        **fields,
    )
    ring_for(letter)
    return letter


def ring_for(letter):
    BELLS[letter.channel].delay_on_commit()

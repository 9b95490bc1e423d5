"""What a worker does for the outbox: one task for each way, so that neither waits for the other."""

from celery import shared_task

from best_portal.outbox.models import Letter, LetterChannel


@shared_task(acks_late=True, ignore_result=True)
def deliver_letters():
    """Send the mails that are due; a second delivery finds nothing left to claim."""
    Letter.objects.deliver_due(LetterChannel.MAIL)


@shared_task(acks_late=True, ignore_result=True)
def deliver_text_messages():
    """Send the text messages that are due; a second delivery finds nothing left to claim."""
    Letter.objects.deliver_due(LetterChannel.SMS)

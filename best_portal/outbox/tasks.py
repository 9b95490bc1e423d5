"""What a worker does for the outbox."""

from celery import shared_task

from best_portal.outbox.models import Letter


@shared_task(acks_late=True, ignore_result=True)
def deliver_letters():
    """Send what is due; a second delivery finds nothing left to claim."""
    Letter.objects.deliver_due()

"""What a worker does for privacy: erases what had to be kept and need be no longer."""

from celery import shared_task
from django.utils import timezone

from best_portal.outbox.models import Letter
from best_portal.privacy.models import ErasureKept


@shared_task(acks_late=True, ignore_result=True)
def finish_erasures():
    """Erase the rest of erased persons whose time is over; safe to run twice.

    A letter that could not tell them for a month is forgotten, too.
    """
    ErasureKept.objects.erase_run_out(timezone.localdate())
    Letter.objects.forget_unsent()

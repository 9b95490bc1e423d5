"""What a worker does for appointments."""

from celery import shared_task

from consultations.models import Appointment


@shared_task(acks_late=True, ignore_result=True)
def sweep_appointments():
    """Queue the reminders that are due; a second delivery finds them queued."""
    Appointment.objects.remind()

"""What a worker does for appointments."""

from celery import shared_task

from consultations.models import Appointment


@shared_task(acks_late=True, ignore_result=True)
def sweep_appointments():
    """Free what was held too long, queue the reminders that are due; safe to run twice."""
    Appointment.objects.free_run_out()
    Appointment.objects.remind()

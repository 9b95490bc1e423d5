"""What a worker does for appointments and group sessions."""

from celery import shared_task
from django.utils import timezone

from consultations.daily import queue_daily_mails
from consultations.models import (
    Answer,
    Appointment,
    BusyCalendar,
    Registration,
    WaitingEntry,
    WaitingOffer,
)


@shared_task(acks_late=True, ignore_result=True)
def sweep_appointments():
    """Free what was held too long, queue the reminders that are due; safe to run twice."""
    Appointment.objects.free_run_out()
    Appointment.objects.remind()


@shared_task(acks_late=True, ignore_result=True)
def sweep_registrations():
    """Forget what nobody confirmed, queue the reminders that are due; safe to run twice."""
    Registration.objects.forget_unconfirmed()
    Registration.objects.remind()


@shared_task(acks_late=True, ignore_result=True)
def serve_waiting_list():
    """End what is over, then offer what is free to those who wait; safe to run twice at once."""
    WaitingEntry.objects.tidy()
    WaitingOffer.objects.offer_free_times()


@shared_task(acks_late=True, ignore_result=True)
def forget_answers():
    """Empty participants' answers whose time is up; safe to run twice."""
    Answer.objects.forget(timezone.localdate())


@shared_task(acks_late=True, ignore_result=True)
def send_daily_mails():
    """Queue the mails of the day; safe to run twice, for each is queued once."""
    queue_daily_mails()


@shared_task(ignore_result=True)
def read_calendars():
    """Ring for every own calendar that is due: one that hangs keeps no other waiting."""
    for pk in BusyCalendar.objects.due().values_list("pk", flat=True):
        read_calendar.delay_on_commit(pk)


# A file that keeps a worker busy longer is told to the advisor as one we cannot read.
@shared_task(acks_late=True, ignore_result=True, soft_time_limit=60, time_limit=90)
def read_calendar(pk):
    """Read one advisor's own calendar; a second delivery finds it read."""
    calendar = BusyCalendar.objects.due().filter(pk=pk).first()
    if calendar is not None:
        calendar.read_again()

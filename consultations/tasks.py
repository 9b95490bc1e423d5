"""What a worker does for appointments."""

from celery import shared_task

from consultations.models import Appointment, BusyCalendar


@shared_task(acks_late=True, ignore_result=True)
def sweep_appointments():
    """Free what was held too long, queue the reminders that are due; safe to run twice."""
    Appointment.objects.free_run_out()
    Appointment.objects.remind()


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

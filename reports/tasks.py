"""What workers do for reports; each task may be delivered twice."""

from celery import shared_task
from celery.signals import worker_ready

from reports.due import remind
from reports.models import ReportVersion
from reports.work import work_on


# Longer than everything one production may take; a worker that still hangs then is replaced.
@shared_task(acks_late=True, ignore_result=True, time_limit=900)
def render_report(version_id):
    """Make one version of a report; a second delivery finds nothing to claim."""
    version = ReportVersion.objects.claim(version_id)
    if version is not None:
        work_on(version)


@shared_task(ignore_result=True)
def sweep():
    """Take back abandoned work and ring for what was never begun; beat does it all the time."""
    for version_id in ReportVersion.objects.sweep():
        render_report.delay_on_commit(version_id)


@shared_task(acks_late=True, ignore_result=True)
def remind_of_due():
    """Queue the mails about what is due soon; safe to run twice, for each is queued once."""
    remind()


@worker_ready.connect
def sweep_at_start(**_):
    """A worker that comes back looks first for what was left lying, even where no beat runs."""
    sweep.delay_on_commit()

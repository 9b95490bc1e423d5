"""What is tidied up once a day: what has lain in the bin for 30 days."""

from celery import shared_task

from best_portal.bin.models import purge_all


@shared_task(ignore_result=True)
def empty_bin():
    purge_all()

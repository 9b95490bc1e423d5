"""What is tidied up once a day: drafts nobody has touched for 30 days."""

from celery import shared_task

from best_portal.drafts.models import Draft


@shared_task(ignore_result=True)
def forget_drafts():
    Draft.objects.forget()

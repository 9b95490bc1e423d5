"""What is tidied up once a day: accounts never confirmed, sessions long over."""

from celery import shared_task
from django.core.management import call_command

from best_portal.accounts.models import User


@shared_task
def tidy_accounts():
    User.objects.forget_unconfirmed()
    call_command("clearsessions")

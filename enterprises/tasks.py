"""What a worker does for papers, the directory and confirmations: reads, asks, forgets."""

from celery import shared_task
from django.utils import timezone

from enterprises.models import Confirmation, DocumentVersion, Entry


@shared_task(acks_late=True, ignore_result=True)
def read_documents():
    """Note the words of every file nobody has read yet; a second delivery finds none."""
    for version in DocumentVersion.objects.unread().for_list():
        version.read()


@shared_task(acks_late=True, ignore_result=True)
def tidy_documents():
    """Delete files no row knows, read what nobody has read; safe to run twice."""
    DocumentVersion.objects.forget_left_behind()
    read_documents()


@shared_task(acks_late=True, ignore_result=True)
def tend_directory():
    """Ask keepers of old entries, archive the silent, forget the unconfirmed; twice is once."""
    Entry.objects.forget_unconfirmed()
    Entry.objects.archive_silent()
    Entry.objects.ask_whether_true()


@shared_task(acks_late=True, ignore_result=True)
def ask_for_confirmations():
    """Ask founders what is due, and those again who did not answer; safe to run twice."""
    Confirmation.objects.ask_again_due(timezone.now())
    Confirmation.objects.ask_due(timezone.localdate())

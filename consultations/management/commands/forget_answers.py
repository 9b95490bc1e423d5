"""`manage.py forget_answers`: which answers of participants are due, and which are blocked."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from consultations.models import Answer


class Command(BaseCommand):
    help = (
        "Says how many answers of participants are due to be deleted, and which projects are over "
        "without saying how long answers are kept; with --commit what is due is deleted. That "
        "there were answers stays, with their days."
    )

    def add_arguments(self, parser):
        parser.add_argument("--commit", action="store_true", help="delete what is due")

    def handle(self, *, commit, **options):
        today = timezone.localdate()
        if commit:
            self.stdout.write(f"deleted: {Answer.objects.forget(today)}")
        else:
            self.stdout.write(f"due: {Answer.objects.due(today).count()}")
        for key, number in Answer.objects.blocked_by_project(today):
            self.stdout.write(f"blocked: {number} of {key}, no time of keeping is recorded")

"""`manage.py demo`: load the invented data that shows what the portal can do."""

from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from best_portal import demo
from best_portal.accounts.models import User


class Command(BaseCommand):
    help = "Load the demo's invented people, projects and work (only with DEMO=1)."

    def add_arguments(self, parser):
        parser.add_argument(
            "--empty", action="store_true", help="people, projects and grants, but no logged work"
        )
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            default=None,
            help="the day the demo takes place on (YYYY-MM-DD), not in the future",
        )

    def handle(self, *, empty, today, **options):
        if not settings.DEMO:
            raise CommandError("The demo is refused here: set DEMO=1 on a machine for trying out.")
        if User.objects.exists():
            raise CommandError("There are accounts already; the demo wants an empty database.")
        today = today or timezone.localdate()
        if today > timezone.localdate():
            raise CommandError("The demo cannot take place in the future.")
        demo.build(today=today, with_work=not empty, say=self.stdout.write)

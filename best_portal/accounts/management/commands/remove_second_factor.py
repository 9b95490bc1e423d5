"""`manage.py remove_second_factor EMAIL`: for the manager whom no other manager can help."""

from django.core.management.base import BaseCommand, CommandError

from best_portal.accounts.emails import send_notification
from best_portal.accounts.models import User


class Command(BaseCommand):
    help = "Forget a lost authenticator app; the next sign-in sets up a new one."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        user = User.objects.by_email(email)
        if not user:
            raise CommandError(f"There is no account with the address {email}.")
        user.remove_second_factor(by=None)
        send_notification("totp_deactivated", user)
        self.stdout.write(f"{user.email} sets up a new authenticator app at the next sign-in.")

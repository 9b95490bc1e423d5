"""`manage.py invite EMAIL --role manager --name "…"`: the first account of an installation."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from best_portal.accounts.emails import send_invitation
from best_portal.accounts.forms import InviteForm
from best_portal.accounts.models import Language, Role, User


class Command(BaseCommand):
    help = "Create an account and send its owner a mail about signing in."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--name", required=True)
        parser.add_argument("--language", default=Language.GERMAN, choices=Language.values)

    def handle(self, *, email, role, name, language, **options):
        form = InviteForm({"email": email, "role": role, "name": name, "language": language})
        if not form.is_valid():
            raise CommandError("\n".join(f"{f}: {' '.join(e)}" for f, e in form.errors.items()))
        try:
            user = User.objects.invite(by=None, **form.cleaned_data)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if not send_invitation(user):
            raise CommandError("The account is there, but the mail could not be sent.")
        self.stdout.write(f"{user.email} may sign in as {role} and has a mail about it.")

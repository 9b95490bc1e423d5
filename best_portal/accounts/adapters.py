"""What django-allauth asks us: how mails are written, where people go, what is said."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.access import is_own_address
from best_portal.accounts.emails import send_notification
from best_portal.accounts.models import User
from best_portal.audit.models import Event
from best_portal.letters import letter

INCORRECT_CODE = _("This code is not right. Please compare it with the newest mail from us.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": INCORRECT_CODE,
        "too_many_login_attempts": _(
            "There were too many attempts. Please wait five minutes and try again."
        ),
        "rate_limited": _("There were too many attempts. Please wait five minutes and try again."),
    }

    def render_mail(self, template_prefix, email, context, headers=None):
        """Write allauth's letters as we write all letters, in the language of who reads them."""
        reader = User.objects.active().by_email(email)
        return letter(
            template_prefix.rpartition("/")[2],
            to=email,
            language=reader.language if reader else translation.get_language(),
            name=reader.name if reader else "",
            **{key: value for key, value in context.items() if key not in ("request", "email")},
        )

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell the person what changed; a silent mail server does not undo the change."""
        send_notification(template_prefix.rpartition("/")[2], user)

    def is_safe_url(self, url):
        return is_own_address(self.request, url)

    def is_ajax(self, request):
        """Always answer with pages: nothing of ours asks allauth for JSON."""
        return False

    def post_login(self, request, user, **kwargs):
        Event.objects.record(actor=user, verb="account.signed_in", subject=user)
        return super().post_login(request, user, **kwargs)

    def respond_user_inactive(self, request, user):
        """Someone whose account was closed between mail and code reads what a stranger reads."""
        messages.error(request, INCORRECT_CODE)
        return redirect("account_login")


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code is not right or was used already. "
            "Please wait for the next one in your authenticator app."
        ),
    }

    def get_totp_label(self, user):
        return user.email

"""What django-allauth asks us: how mails are written, where people go, what is said."""

import base64

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

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
        # A name is used only once its owner has signed in: a stranger may have chosen the words.
        name = reader.name if reader and reader.last_login else ""
        return letter(
            template_prefix.rpartition("/")[2],
            to=email,
            language=reader.language if reader else translation.get_language(),
            name=name,
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


def locker():
    """Return what locks the keys of authenticator apps away, so that no backup gives them out."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("accounts.app", "", secret=s, algorithm="sha256").digest() for s in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code is not right or was used already. "
            "Please wait for the next one in your authenticator app."
        ),
    }

    def encrypt(self, text):
        return locker().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Unlock a key; one locked with a lost SECRET_KEY fits no app, and no code, any more."""
        try:
            return locker().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return generate_totp_secret()

    def get_totp_label(self, user):
        return user.email

    def build_totp_svg(self, url):
        """Draw the code on white: no app reads it from the dark page."""
        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")

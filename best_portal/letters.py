"""Letters: plain-text mails written from one template each, in the language of who reads them."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation


def letter(template, *, to, language, **context):
    """Return the mail `templates/emails/<template>.txt` describes; its first line is the subject.

    Sending it (`.send()`) raises OSError where the mail server refuses or does not answer.
    """
    with translation.override(language):
        text = render_to_string(
            f"emails/{template}.txt", {"portal": settings.PUBLIC_URL, "email": to} | context
        )
    subject, _, body = text.strip().partition("\n")
    return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[to])

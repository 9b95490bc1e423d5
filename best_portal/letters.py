"""Letters: plain-text mails written from one template each, in the language of who reads them."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation


def written(template, *, language, **context):
    """Return what stands above the first blank line of `templates/emails/<template>.txt`, in one
    line, and the text below it."""
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", {"portal": settings.PUBLIC_URL} | context)
    subject, _, body = text.strip().partition("\n\n")
    return " ".join(subject.split()), body.strip() + "\n"


def letter(template, *, to, language, **context):
    """Return the mail of a template, to be sent at once; what can wait goes through the outbox.

    Sending it (`.send()`) raises OSError where the mail server refuses or does not answer.
    """
    subject, body = written(template, language=language, email=to, **context)
    return EmailMessage(subject=subject, body=body, to=[to])

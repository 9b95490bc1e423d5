"""The letters about an account itself."""

import logging

from best_portal.letters import letter

logger = logging.getLogger(__name__)


def send_invitation(user):
    """Tell someone how to sign in for the first time; False if the mail server refused."""
    return _send("account_invitation", user)


def send_notification(name, user):
    """Tell someone what changed in the protection of their account; False if refused."""
    return _send(name, user)


def _send(name, user):
    try:
        letter(name, to=user.email, language=user.language, name=user.name).send()
    except OSError:
        logger.exception("Letter %s to account %s was not sent", name, user.pk)
        return False
    return True

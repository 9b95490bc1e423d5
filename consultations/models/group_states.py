"""What group sessions, their dates and registrations share: their states, and whose they are."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GroupStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("announced")
    CANCELLED = "cancelled", _("called off")
    HELD = "held", _("was held")


class OpenTo(models.TextChoices):
    EVERYONE = "everyone", _("everyone: people register themselves")
    INVITED = "invited", _("those whom we register")


class RegistrationStatus(models.TextChoices):
    ASKED = "asked", _("to be confirmed")
    REGISTERED = "registered", _("has a seat")
    WAITING = "waiting", _("on the waiting list")
    WALKED_IN = "walked_in", _("came without registering")
    CANCELLED = "cancelled", _("cancelled")


# Those who count on being told; those who are expected or came; all of them.
ON_THE_LIST = (RegistrationStatus.REGISTERED, RegistrationStatus.WAITING)
EXPECTED = (RegistrationStatus.REGISTERED, RegistrationStatus.WALKED_IN)
ACTIVE = (*ON_THE_LIST, RegistrationStatus.WALKED_IN)


def theirs(user, at=""):
    """The condition of a session that is this advisor's: they lead it or are of the team.

    `at` is the way to the session, such as "session__".
    """
    return Q(**{f"{at}project__team": user}) | Q(**{f"{at}leaders": user})

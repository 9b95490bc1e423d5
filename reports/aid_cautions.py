"""What de minimis aid has to say before advice is saved: it fills the ceiling, or passes it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from best_portal.templatetags.figures import euro
from consultations.cautions import Caution
from reports.foreseen import aid_grants, foreseen, worth
from reports.models import DeMinimisAward


def cautions(consultation):
    """Nothing for what is no aid or granted already, and nothing while there is plenty of room."""
    _grant, value = worth(consultation, aid_grants())
    granted = DeMinimisAward.objects.in_force().filter(consultation=consultation.pk)
    if value <= 0 or granted.exists():
        return []
    on, itself = consultation.held_on, consultation.pk
    accounts = foreseen([consultation.organisation], on, without=itself)
    return [each for account in accounts for each in told(account, value)]


def told(account, value):
    passes = value > account.remaining
    if not passes and not account.is_near_with(value):
        return []
    words = {
        "value": euro(value),
        "left": euro(account.remaining),
        "ceiling": euro(account.rule.ceiling),
    }
    if passes:
        title = _("This passes the ceiling of de minimis aid")
        text = _(
            "The advice is worth %(value)s, and %(left)s of %(ceiling)s are left, counting what "
            "waits to be granted. It may be given, but not as free aid: ask the management first."
        )
    else:
        title = _("Near the ceiling of de minimis aid")
        text = _("The advice is worth %(value)s, and %(left)s of %(ceiling)s are left before it.")
    url = reverse("reports:de_minimis_account", args=[account.organisation.pk])
    return [Caution(title, text % words, url, _("To the account"), asks=passes)]

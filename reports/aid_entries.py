"""What de minimis aid adds to a case file: a notice while the account is near its ceiling."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.timeline import Panel
from reports.foreseen import foreseen


def near_ceiling_of(organisation, _user):
    """The account with what waits to be granted; None while there is plenty of room."""
    accounts = foreseen([organisation], timezone.localdate())
    return next(({"account": each} for each in accounts if each.is_near), None)


PANELS = [
    Panel(
        "aid",
        _("De minimis aid"),
        "reports/_near_ceiling.html",
        near_ceiling_of,
        is_notice=True,
    )
]

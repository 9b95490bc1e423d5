"""What the directory adds to the case file: whether the organisation is in it."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Entry
from enterprises.timeline import Panel


def entry_of(organisation, user):
    """Only for staff."""
    if not user.is_staff_member:
        return None
    return {"entry": Entry.objects.filter(organisation=organisation).first()}


PANELS = [Panel("directory", _("Directory"), "enterprises/_entry_panel.html", entry_of)]

"""What the chain from need to job adds to a case file: the ideas the organisation began with."""

from django.utils.translation import gettext_lazy as _

from consultations.models import Idea
from enterprises.timeline import Panel


def ideas_of(organisation, user):
    """Only for staff, and only where an idea has become this organisation."""
    if not user.is_staff_member:
        return None
    ideas = Idea.objects.visible_to(user).filter(organisation=organisation)
    rows = list(ideas.select_related("need"))
    return {"ideas": rows} if rows else None


PANELS = [Panel("ideas", _("From need to job"), "consultations/_ideas_panel.html", ideas_of)]

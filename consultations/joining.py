"""What visits add to the case file of a network: who might join, and who came through a visit."""

from django.utils.translation import gettext_lazy as _

from consultations.models import Visit
from enterprises.models import OrganisationKind
from enterprises.timeline import Panel

MOST = 12


def candidates_of(organisation, user):
    """Only for staff; from the network's own area, where it has one."""
    if not user.is_staff_member or organisation.kind != OrganisationKind.NETWORK:
        return None
    rows = Visit.objects.visible_to(user).to_win().outside(organisation)
    if organisation.district_id:
        rows = rows.filter(district=organisation.district_id)
    joined = Visit.objects.visible_to(user).filter(
        membership__group=organisation, membership__withdrawn_at=None
    )
    return {
        "visits": rows.newest_first().for_list()[:MOST],
        "number": rows.count(),
        "joined": joined.count(),
    }


PANELS = [Panel("to_win", _("Might join"), "consultations/_to_win.html", candidates_of)]

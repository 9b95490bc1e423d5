"""The PDF of an appointment's letter, for staff."""

from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from consultations.views.appointments import visible
from reports.appointment_letter import letter
from reports.models import Handed
from reports.views.group_papers import paper


@role_required(*STAFF_ROLES)
@never_cache
@require_safe
def appointment_letter(request, pk):
    appointment = visible(request, pk)
    return paper(
        request,
        lambda: letter(appointment),
        f"brief-{appointment.reference}",
        kind=Handed.LETTER,
        back=redirect("consultations:appointment_letter", pk),
    )

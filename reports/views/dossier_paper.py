"""The PDF of a case's dossier, for whoever may read its page."""

from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from consultations.views.handovers import visible_dossier
from reports import dossier_paper
from reports.models import Handed
from reports.views.group_papers import paper


# No HEAD: a manager's look at what was confided is kept, and HEAD shows none.
@role_required(*STAFF_ROLES)
@never_cache
@require_GET
def dossier(request, pk):
    row = visible_dossier(request, pk)
    row.read(by=request.user)

    def printing():
        with translation.override("de"):
            return dossier_paper.paper(row)

    name = f"dossier-{row.pk}"
    return paper(request, printing, name, kind=Handed.DOSSIER, back=redirect(row))

"""The PDFs of working time: for whoever worked, and for the management."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from consultations.models import Assignment, MonthSheet
from reports import hour_papers
from reports.models import Handed, SheetPaper
from reports.views.group_papers import paper


# No HEAD: the first who asks has it printed and kept.
@role_required(*STAFF_ROLES)
@never_cache
@require_GET
def month_sheet(request, pk):
    """The form to sign, of a closed month; it is printed once and stays as it is."""
    visible = MonthSheet.objects.visible_to(request.user).closed().for_list()
    sheet = get_object_or_404(visible, pk=pk)
    return paper(
        request,
        lambda: bytes(SheetPaper.objects.of(sheet, hour_papers.month_sheet).content),
        f"stundennachweis-{sheet.month:%Y-%m}-{sheet.pk}",
        kind=Handed.TIME,
        back=redirect(sheet),
    )


@role_required(*STAFF_ROLES)
@never_cache
@require_safe
def assignment(request, pk):
    """The confirmation of a fixed share, to be signed by both."""
    row = get_object_or_404(Assignment.objects.visible_to(request.user).for_list(), pk=pk)
    return paper(
        request,
        lambda: hour_papers.assignment(row),
        f"zuordnung-{row.pk}",
        kind=Handed.ASSIGNMENT,
        back=redirect("consultations:hours"),
    )

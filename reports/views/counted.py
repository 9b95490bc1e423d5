"""From a consultation to the reports that counted it."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from consultations.models import Consultation
from reports.counted import counting
from reports.models import Report


@role_required(*STAFF_ROLES)
@require_safe
def counted(request, pk):
    visible = Consultation.objects.visible_to(request.user)
    consultation = get_object_or_404(visible.select_related("project", "organisation"), pk=pk)
    found = counting(consultation)
    reports = Report.objects.visible_to(request.user).filter(
        pk__in={each.version.report_id for each in found}
    )
    context = {
        "consultation": consultation,
        "found": found,
        "visible": set(reports.values_list("pk", flat=True)),
    }
    return render(request, "reports/counted.html", context)

"""The funder's desk: everything of a year, and figures beside those of the period before."""

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from reports.bundle import packed, papers_of, versions_of
from reports.desk import compare, compare_money
from reports.models import ReportVersion


@role_required(Role.MANAGER, Role.FUNDER)
@require_safe
def comparison(request, pk):
    """The figures of a released version beside their targets and the period before."""
    versions = ReportVersion.objects.visible_to(request.user).released().for_list().defer(None)
    version = get_object_or_404(versions, pk=pk)
    before, rows = compare(version)
    context = {
        "version": version,
        "report": version.report,
        "before": before,
        "rows": rows,
        "spent": compare_money(version, before),
    }
    return render(request, "reports/comparison.html", context)


@role_required(Role.MANAGER, Role.FUNDER)
@require_GET
def year(request, year):
    versions = versions_of(request.user, year)
    papers = papers_of(request.user, year)
    if not versions and not papers:
        raise Http404
    return StreamingHttpResponse(
        packed(versions, by=request.user, papers=papers, is_year=True),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="berichte-{year}.zip"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )

"""What can be taken home of a version: each document, each volume of its annex, or all in one."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.export import XLSX
from reports.bundle import packed
from reports.models import DownloadFormat, ReportVersion, Volume
from reports.taking import take

PDF = "application/pdf"
CONTENT_TYPES = {
    DownloadFormat.PDF: PDF,
    DownloadFormat.CSV: "text/csv; charset=utf-8",
    DownloadFormat.JSON: "application/json",
    DownloadFormat.XLSX: XLSX,
}


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_GET
def download(request, pk, format):
    if format not in CONTENT_TYPES:
        raise Http404
    version = readable_or_404(request.user, pk)
    content = take(version, by=request.user, format=format)
    headers = to_keep(version.file_name(format))
    return HttpResponse(content, content_type=CONTENT_TYPES[format], headers=headers)


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_GET
def volume(request, pk, number):
    volumes = Volume.objects.visible_to(request.user).for_list()
    found = get_object_or_404(volumes, version=pk, number=number)
    content = found.download(by=request.user)
    return HttpResponse(content, content_type=PDF, headers=to_keep(found.file_name))


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_GET
def everything(request, pk):
    """All documents of a version and all volumes in one ZIP, with the SHA-256 of each."""
    version = readable_or_404(request.user, pk)
    pieces = packed([version], by=request.user)
    headers = to_keep(version.file_name("zip"))
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)


def readable_or_404(user, pk):
    return get_object_or_404(ReportVersion.objects.visible_to(user).readable().for_list(), pk=pk)


def to_keep(name):
    """Headers of a file for whoever asked, and for nobody's cache."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }

"""The PDFs of group sessions: for whoever leads one, and for whoever was there."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from consultations.models import GroupSession, Registration
from consultations.views.guests import too_often
from reports import group_papers, pdf
from reports.models import FileFormat, Handed, Imprint


@role_required(*STAFF_ROLES)
@never_cache
@require_safe
def attendance_list(request, pk):
    """The list to sign, with the logos of whoever pays."""
    sessions = GroupSession.objects.visible_to(request.user).for_list()
    session = get_object_or_404(sessions, pk=pk)
    return paper(
        request,
        lambda: group_papers.attendance_list(session),
        f"teilnahmeliste-{session.reference}",
        kind=Handed.ATTENDANCE,
        back=redirect("consultations:group_manage", pk),
    )


@role_required(*STAFF_ROLES, Role.FOUNDER)
@never_cache
@require_safe
def certificate(request, pk):
    """What somebody attended; founders get their own."""
    visible = Registration.objects.visible_to(request.user).for_list()
    registration = get_object_or_404(visible, pk=pk)
    return certificate_of(request, registration, back=redirect(registration.session))


@login_not_required
@never_cache
@require_safe
def certificate_by_link(request, token):
    """The same for whoever has the link of the mail."""
    registration = get_object_or_404(Registration.objects.by_token(token))
    if not ratelimit.consume(request, action="group_paper"):
        return too_often(request)
    return certificate_of(request, registration, back=redirect(registration))


def certificate_of(request, registration, *, back):
    name = f"teilnahmebescheinigung-{registration.session.reference}"
    return paper(
        request,
        lambda: group_papers.certificate(registration),
        name,
        kind=Handed.CERTIFICATE,
        back=back,
    )


def paper(request, printing, name, *, kind, back):
    """Answer with the file; a paper that cannot be printed says why on the page it came from.

    Its imprint is kept, so that whoever gets it can find out whether it is genuine.
    """
    try:
        content = printing()
    except pdf.PrintError as refusal:
        messages.error(request, refusal.messages[0])
        return back
    if content is None:
        raise Http404
    if request.method == "GET":
        Imprint.objects.keep(content, format=FileFormat.PDF, kind=kind)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )

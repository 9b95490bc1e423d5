"""The letter of a notice: brought by the manager, taken by the manager and the funder."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.files.sending import as_attachment
from reports.forms.notice_files import NoticeFileForm
from reports.models import Grant, NoticeFile
from reports.views.money import grant_or_404


@role_required(Role.MANAGER)
def bring(request, ref, pk):
    """Upload the letter of a notice; a new file takes the place of the former one."""
    grant = grant_or_404(request, ref)
    notice = get_object_or_404(grant.notices, pk=pk)
    form = NoticeFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        NoticeFile.objects.bring(by=request.user, notice=notice, file=file)
        messages.success(request, _("The file of the notice is kept."))
        return redirect(grant)
    letter = NoticeFile.objects.visible_to(request.user).filter(notice=notice).first()
    context = {"grant": grant, "notice": notice, "letter": letter, "form": form}
    return render(request, "reports/notice_file.html", context)


# No HEAD: who took what is kept, and HEAD hands out nothing.
@role_required(Role.MANAGER, Role.FUNDER)
@never_cache
@require_GET
def download(request, ref, pk):
    letter = letter_or_404(request, ref, pk)
    try:
        pieces = letter.download(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(letter.notice.grant)
    return as_attachment(
        pieces, name=letter.file_name, media_type=letter.media_type, size=letter.size
    )


@role_required(Role.MANAGER)
@require_POST
def drop(request, ref, pk):
    letter = letter_or_404(request, ref, pk)
    letter.drop(by=request.user)
    messages.success(request, _("The file is gone; the notice stays."))
    return redirect(letter.notice.grant)


def letter_or_404(request, ref, pk):
    grant = get_object_or_404(Grant.objects.visible_to(request.user), ref=ref)
    letters = NoticeFile.objects.visible_to(request.user).select_related("notice__grant")
    return get_object_or_404(letters, notice__grant=grant, notice=pk)

"""Pages of drafts: saving while somebody types, the list of one's own, discarding."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.drafts.models import Draft

TOO_LONG, TOO_MANY = 413, 429


# No door: the slip says whose draft it is, and what is typed after the session's end is kept, too.
@login_not_required
@require_POST
def save(request):
    """Keep the form as it is now; the answer says so in words."""
    slip = request.draft.slip
    if slip is None:
        raise BadRequest
    if not ratelimit.consume(request, action="save_draft", key=str(slip.user_id)):
        return HttpResponse(_("Not saved just now; the portal tries again."), status=TOO_MANY)
    try:
        kept = request.draft.keep()
    except ValidationError as refusal:
        return HttpResponse(refusal.messages[0], content_type="text/plain", status=TOO_LONG)
    is_own = request.user.pk == slip.user_id
    return render(request, "drafts/_saved.html", {"kept": kept, "slip": slip, "is_own": is_own})


@role_required(*Role)
@require_safe
def drafts(request):
    rows = Draft.objects.visible_to(request.user).open().newest_first()
    return render(request, "drafts/draft_list.html", {"rows": rows})


@role_required(*Role)
@require_POST
def discard(request, pk):
    """Put a draft away, with a way to get it back."""
    draft = get_object_or_404(Draft.objects.visible_to(request.user), pk=pk)
    try:
        draft.discard()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, render_to_string("drafts/_discarded.html", {"row": draft}))
    return redirect(draft.address if "here" in request.POST else "drafts:list")


@role_required(*Role)
@require_POST
def take_back(request, pk):
    draft = get_object_or_404(Draft.objects.visible_to(request.user), pk=pk)
    try:
        draft.take_back()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("drafts:list")
    return redirect(draft.resume_url)

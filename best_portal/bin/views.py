"""The bin: deleting with a way back, the list of what lies in it, and taking out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.bin.content import Content
from best_portal.bin.models import nouns

PAGE = 50


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    page = Paginator(Content(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "bin/content.html", {"page": page})


def rows_or_404(noun):
    model = nouns().get(noun)
    if model is None:
        raise Http404
    return model.objects


@role_required(*STAFF_ROLES)
@require_POST
def put(request, noun, pk):
    """Delete a row; the next page offers to undo it."""
    row = get_object_or_404(rows_or_404(noun).withdrawable_by(request.user), pk=pk)
    try:
        row.withdraw(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, render_to_string("bin/_deleted.html", {"row": row}))
    return redirect(row.home)


@role_required(*STAFF_ROLES)
@require_POST
def take_out(request, noun, pk):
    row = get_object_or_404(rows_or_404(noun).restorable_by(request.user), pk=pk)
    try:
        row.restore(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("bin:content")
    messages.success(request, _("It is back: %(what)s") % {"what": row})
    return redirect(row.home)

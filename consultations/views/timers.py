"""The timer in the frame of every page: start, stop into the log form, discard."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.back import back
from consultations.models import Timer


def own(request, pk):
    return get_object_or_404(Timer.objects.visible_to(request.user), pk=pk)


@role_required(*STAFF_ROLES)
@require_POST
def start(request):
    Timer.objects.start(by=request.user)
    messages.success(request, _("The timer runs. It goes on when you sign out."))
    return back(request)


@role_required(*STAFF_ROLES)
@require_POST
def stop(request, pk):
    """Stop, and go on to the log with start and end filled in."""
    timer = own(request, pk)
    timer.stop(by=request.user)
    return redirect(f"{reverse('consultations:log')}?timer={timer.pk}")


@role_required(*STAFF_ROLES)
@require_POST
def discard(request, pk):
    try:
        own(request, pk).discard(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The timer is discarded; nothing was logged."))
    return back(request)

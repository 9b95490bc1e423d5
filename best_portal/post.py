"""Post: the manager decides about letters of which nobody knows whether they arrived."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from best_portal.outbox.tasks import deliver_letters

PER_PAGE = 25


@role_required(Role.MANAGER)
@require_safe
def letters(request):
    page = Paginator(Letter.objects.unsettled(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "outbox/letter_list.html", {"page": page})


@role_required(Role.MANAGER)
@require_POST
def send_again(request, pk):
    response = decide(request, get_object_or_404(Letter, pk=pk).send_again, _("It is sent again."))
    deliver_letters.delay_on_commit()
    return response


@role_required(Role.MANAGER)
@require_POST
def drop(request, pk):
    return decide(request, get_object_or_404(Letter, pk=pk).drop, _("The letter is dropped."))


def decide(request, verb, success):
    try:
        verb(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, success)
    return redirect("letters")

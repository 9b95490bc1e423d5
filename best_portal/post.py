"""Post: the manager decides about letters of which nobody knows whether they arrived."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.lists import list_file
from best_portal.outbox.models import Letter
from best_portal.outbox.post import ring_for

PER_PAGE = 25
# What stands in a letter stays in it.
LETTERS = [
    (gettext_lazy("Letter"), "subject"),
    (gettext_lazy("To"), "recipient"),
    (gettext_lazy("How"), "get_channel_display"),
    (gettext_lazy("Status"), "get_status_display"),
    (gettext_lazy("Error"), "error"),
    (gettext_lazy("Made"), "created_at"),
    (gettext_lazy("Send before"), "not_after"),
]


@role_required(Role.MANAGER)
@require_safe
def letters(request):
    page = Paginator(Letter.objects.unsettled(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "outbox/letter_list.html", {"page": page})


@list_file(gettext_lazy("post"), LETTERS, page="letters", roles=(Role.MANAGER,))
def export(request):
    return Letter.objects.unsettled()


@role_required(Role.MANAGER)
@require_POST
def send_again(request, pk):
    letter = get_object_or_404(Letter, pk=pk)
    response = decide(request, letter.send_again, _("It is sent again."))
    ring_for(letter)
    return response


@role_required(Role.MANAGER)
@require_POST
def drop(request, pk):
    return decide(request, get_object_or_404(Letter, pk=pk).drop, _("The letter is dropped."))


def decide(request, verb, success):
    try:
        verb(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
    return redirect("letters")

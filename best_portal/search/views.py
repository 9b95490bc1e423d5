"""The page of the search box, and what is offered while somebody types."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.asked import LONGEST
from best_portal.search.finding import MOST, find, suggest
from best_portal.search.kinds import KINDS


@role_required(*STAFF_ROLES)
@require_safe
def search(request):
    """What answers to `q`, by kind; with `art` all of one kind, page by page."""
    typed = request.GET.get("q", "")[: LONGEST + 1]
    of = request.GET.get("art", "")
    if of and of not in [kind.key for kind in KINDS]:
        raise Http404(_("There is nothing of this kind to be found."))
    context = {
        "asked_for": typed.strip(),
        "of": of,
        "groups": find(request.user, typed, of=of, number=request.GET.get("page")),
        "most": MOST,
    }
    return render(request, "search/search.html", context)


@role_required(*STAFF_ROLES)
@require_safe
def suggestions(request):
    """Organisations and people of such a name, each with its address."""
    options = suggest(request.user, request.GET.get("q", ""))
    return render(request, "components/options.html", {"options": options})

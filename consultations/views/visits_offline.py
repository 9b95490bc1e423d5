"""Visits without a network: the page a phone keeps, the service worker, and what is sent later."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from consultations.forms.offline import OfflineVisitForm
from consultations.forms.visits import VisitForm
from consultations.models import Arrival

# Whoever comes or goes leaves no page of theirs behind.
LEAVING = ("account_logout", "account_confirm_login_code", "demo")


@role_required(*STAFF_ROLES)
@require_safe
def page(request):
    """The form as a phone keeps it: bare of the frame, of drafts and of anybody's data."""
    context = {"form": OfflineVisitForm(by=request.user), "portal": None, "messages": []}
    return render(request, "consultations/visit_offline.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def send(request):
    """Take one entry a phone has kept; the answer says in words what became of it."""
    form = VisitForm(request.POST, by=request.user)
    if form.is_of_another_account:
        return JsonResponse({"state": "other_account"})
    if form.is_valid():
        try:
            arrival, visit = form.receive()
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return JsonResponse({"state": arrival, **told(form, arrival, visit)})
    return JsonResponse({"state": "refused", "reasons": reasons(form)})


def told(form, arrival, visit):
    """Where the visit stands; after a conflict, both versions and who made the other one."""
    if arrival != Arrival.CONFLICT:
        return {"address": visit.get_absolute_url(), "visit": str(visit)}
    last = Event.objects.about(visit).exclude(actor=None).first()
    return {
        "address": visit.get_absolute_url(),
        "revision": visit.revision,
        "by": last.actor.name if last else "",
        "at": date_format(timezone.localtime(visit.updated_at), "d.m.Y, H:i"),
        "differences": [
            [str(each.label), each.theirs, each.mine] for each in form.differences_to(visit)
        ],
    }


def reasons(form):
    """What is wrong, as sentences that name the field."""
    return [
        f"{form.fields[name].label}: {words}" if name in form.fields else str(words)
        for name, errors in form.errors.items()
        for words in errors
    ]


@login_not_required
@require_safe
def service_worker(request):
    """The service worker, from the root, so that it sees signing in and out as well."""
    context = {"leaving": [resolve_url(name) for name in LEAVING]}
    response = render(
        request,
        "consultations/visits_worker.js",
        context,
        content_type="text/javascript; charset=utf-8",
    )
    response.headers["Cache-Control"] = "no-cache"
    return response

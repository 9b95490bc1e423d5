"""The waiting list without an account: joining, and the page behind the link of the mails.

Opening a page changes nothing, so the scanners of mail programs may open it: only buttons act.
"""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultations.forms.waiting import GuestWaitingForm
from consultations.models import OfficeHours, WaitingEntry
from consultations.models.free_times import by_day
from consultations.tasks import serve_waiting_list
from consultations.views.booking import ALTERNATIVES
from consultations.views.guests import ANSWERS, too_often
from consultations.views.waiting import place_of, reads_and_writes


@login_not_required
@never_cache
@reads_and_writes
def join(request):
    """After the six questions: when somebody can come, and where the link goes."""
    if ANSWERS not in request.session:
        return redirect("consultations:guest_about")
    form = GuestWaitingForm(request.POST or None)
    if form.is_valid():
        if form.is_by_a_robot:
            return redirect("consultations:guest_waiting_sent")
        if not ratelimit.consume(request, action="guest_contact"):
            return too_often(request)
        WaitingEntry.objects.ask(**form.asked_for(request.session[ANSWERS]))
        return redirect("consultations:guest_waiting_sent")
    return render(request, "consultations/guest_waiting.html", {"form": form})


@login_not_required
@never_cache
@require_safe
def sent(request):
    """Look into your mail; says the same to a robot, and to whoever is on the list already."""
    return render(request, "consultations/guest_waiting_sent.html")


def entry_of(token):
    return get_object_or_404(WaitingEntry.objects.by_token(token))


@login_not_required
@never_cache
@require_safe
def entry(request, token):
    """What the link opens: to be confirmed, a place on the list, an offer, or over."""
    row = WaitingEntry.objects.by_token(token).first()
    if row is None:
        times = by_day(OfficeHours.objects.current().next_free_times(ALTERNATIVES))
        return render(request, "consultations/waiting_gone.html", {"days": times}, status=404)
    context = place_of(row) | {"token": token, "booked": row.appointment_booked}
    return render(request, "consultations/waiting_link.html", context)


@login_not_required
@require_POST
def confirm(request, token):
    return done(request, token, entry_of(token).confirm, _("You are on the waiting list."))


@login_not_required
@require_POST
def accept(request, token, pk):
    offer = offer_of(token, pk)
    return done(request, token, lambda: offer.accept(by=None), _("Your appointment is booked."))


@login_not_required
@require_POST
def decline(request, token, pk):
    offer = offer_of(token, pk)
    success = _("The time goes to the next. You keep your place on the list.")
    return done(request, token, lambda: offer.decline(by=None), success)


def offer_of(token, pk):
    return get_object_or_404(entry_of(token).offers.for_list(), pk=pk)


@login_not_required
@never_cache
@reads_and_writes
def stop(request, token):
    """Ask, then take off the list; what was never confirmed is forgotten at once."""
    row = entry_of(token)
    if request.method != "POST":
        context = {"entry": row, "token": token}
        return render(request, "consultations/waiting_link_stop.html", context)
    row.stop(by=None)
    serve_waiting_list.delay_on_commit()
    return render(request, "consultations/waiting_stopped.html")


def done(request, token, verb, success):
    """Let the verb act, say what came of it, ring for the sweep, and show the place."""
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
        serve_waiting_list.delay_on_commit()
    return redirect("consultations:waiting_link", token)

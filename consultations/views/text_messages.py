"""Reminders by text message: chosen or dropped on a page of the appointment's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.outbox.sms import is_offered
from consultations.forms.text_messages import SmsForm
from consultations.views.appointments import editable
from consultations.views.guests import booking_of


@role_required(Role.ADVISOR, Role.MANAGER, Role.FOUNDER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sms(request, pk):
    """For people with an account, and for the advisor they call."""
    appointment = editable(request, pk)
    return choose(request, appointment, by=request.user, back=appointment.get_absolute_url())


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_sms(request, token):
    """For people without an account, by the link of their mail."""
    booking = booking_of(token)
    return choose(request, booking.appointment, by=None, back=booking.get_absolute_url())


def choose(request, appointment, *, by, back):
    if not is_offered():
        raise Http404
    form = SmsForm(request.POST or None, initial={"mobile": appointment.mobile})
    if form.is_valid():
        try:
            appointment.remind_by_sms(by=by, mobile=form.cleaned_data["mobile"])
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("Saved."))
        return redirect(back)
    context = {"form": form, "appointment": appointment, "back": back}
    return render(request, "consultations/appointment_sms.html", context)

"""Moving an appointment: the other free times of the same advisor, then one button."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from consultations.models.free_times import by_day
from consultations.models.office_hours import HORIZON
from consultations.tasks import serve_waiting_list
from consultations.views.appointments import editable
from consultations.views.booking import ALTERNATIVES, CONFLICT, DAYS_PER_PAGE


@role_required(Role.ADVISOR, Role.MANAGER, Role.FOUNDER)
@require_safe
def move(request, pk):
    """What is free instead; where it is too late, the page says what to do."""
    appointment = editable(request, pk)
    today = timezone.localdate()
    times = appointment.times_instead(today, today + HORIZON)
    context = {
        "appointment": appointment,
        "may_move": appointment.may_be_moved_by(request.user),
        "page": Paginator(by_day(times), DAYS_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "consultations/appointment_move.html", context)


@role_required(Role.ADVISOR, Role.MANAGER, Role.FOUNDER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move_to(request, pk, hours, starts_at):
    """Show the old time and the new one; only the button moves."""
    appointment = editable(request, pk)
    office_hours = get_object_or_404(appointment.other_office_hours.for_list(), pk=hours)
    if request.method == "POST":
        return moved(request, appointment, office_hours, starts_at)
    time = office_hours.free_time_at(starts_at)
    if time is None:
        return taken(request, appointment)
    context = {
        "appointment": appointment,
        "time": time,
        "may_move": appointment.may_be_moved_by(request.user),
    }
    return render(request, "consultations/appointment_move_check.html", context)


def moved(request, appointment, office_hours, starts_at):
    try:
        appointment.move(by=request.user, office_hours=office_hours, starts_at=starts_at)
    except ValidationError as refusal:
        if appointment.starts_at == starts_at:  # the same button pressed twice
            return redirect(appointment)
        if office_hours.free_time_at(starts_at) is None:
            return taken(request, appointment)
        messages.error(request, refusal.messages[0])
        return redirect(appointment)
    serve_waiting_list.delay_on_commit()
    messages.success(request, _("The appointment is moved."))
    return redirect(appointment)


def taken(request, appointment):
    """Say so, and offer what is free instead: never a dead end."""
    context = {
        "times": appointment.other_office_hours.next_free_times(ALTERNATIVES),
        "moving": appointment,
    }
    return render(request, "consultations/booking_taken.html", context, status=CONFLICT)

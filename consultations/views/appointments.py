"""Pages of appointments: the agenda, one appointment, and what becomes of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from consultations.agenda import Span
from consultations.calendar import calendar_file
from consultations.history import history_of
from consultations.models import Appointment

MANY = 50


def visible(request, pk):
    return get_object_or_404(Appointment.objects.visible_to(request.user).for_agenda(), pk=pk)


def editable(request, pk):
    return get_object_or_404(Appointment.objects.editable_by(request.user).for_agenda(), pk=pk)


@role_required(Role.ADVISOR, Role.MANAGER, Role.FOUNDER)
@require_safe
def appointments(request):
    """Founders see their own list, staff the agenda of a week or a day."""
    if request.user.role == Role.FOUNDER:
        return own(request)
    return agenda(request)


def own(request):
    mine = Appointment.objects.visible_to(request.user).for_agenda()
    return render(
        request,
        "consultations/appointment_own.html",
        {"upcoming": mine.upcoming(), "earlier": mine.not_upcoming().reverse()[:MANY]},
    )


def agenda(request):
    everyone = Appointment.objects.visible_to(request.user).for_agenda()
    # The manager has no office hours: for them the team's calendar comes first.
    default = "team" if request.user.role == Role.MANAGER else "eigene"
    whose = request.GET.get("wer", default)
    shown = everyone if whose == "team" else everyone.of_advisor(request.user)
    span = Span.asked_for(request.GET)
    unlogged = everyone.editable_by(request.user).unlogged()
    context = {
        "span": span,
        "whose": whose,
        "days": span.days(shown.not_cancelled().between(span.start, span.end)),
        "next_one": shown.upcoming().first(),
        "unlogged": unlogged[:MANY],
        "unlogged_count": unlogged.count(),
    }
    return render(request, "consultations/appointment_agenda.html", context)


@role_required(Role.ADVISOR, Role.MANAGER, Role.FOUNDER)
@require_safe
def appointment(request, pk):
    appointment = visible(request, pk)
    mine = Appointment.objects.editable_by(request.user)
    context = {
        "appointment": appointment,
        "may_edit": mine.contains(appointment),
        "may_cancel": appointment.may_be_cancelled_by(request.user),
        "may_move": appointment.may_be_moved_by(request.user),
        "history": history_of(appointment),
    }
    if request.user.is_staff_member:
        context["letters"] = Letter.objects.about(appointment.letters_key)
    return render(request, "consultations/appointment_detail.html", context)


@role_required(Role.FOUNDER)
@require_safe
def booked(request, pk):
    """What a founder sees right after booking, and may print."""
    return render(
        request, "consultations/appointment_booked.html", {"appointment": visible(request, pk)}
    )


@role_required(Role.ADVISOR, Role.MANAGER, Role.FOUNDER)
@require_safe
def appointment_ics(request, pk):
    """The calendar file as it would be sent now."""
    appointment = visible(request, pk)
    response = HttpResponse(
        calendar_file(appointment, attendee=request.user.email, language=request.user.language),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="termin-{appointment.reference}.ics"'
    return response


@role_required(Role.ADVISOR, Role.MANAGER, Role.FOUNDER)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, pk):
    """Ask, then cancel: only the answer changes anything."""
    appointment = editable(request, pk)
    if request.method != "POST":
        context = {
            "appointment": appointment,
            "may_cancel": appointment.may_be_cancelled_by(request.user),
        }
        return render(request, "consultations/appointment_cancel.html", context)
    return done(request, appointment, appointment.cancel, _("The appointment is cancelled."))


@role_required(Role.ADVISOR, Role.MANAGER)
@require_POST
def took_place(request, pk):
    """Note it, and go on to the consultation with what is known filled in."""
    appointment = editable(request, pk)
    log = f"{reverse('consultations:log')}?appointment={pk}"
    return done(request, appointment, appointment.took_place, _("Noted: it took place."), log)


@role_required(Role.ADVISOR, Role.MANAGER)
@require_POST
def missed(request, pk):
    appointment = editable(request, pk)
    return done(request, appointment, appointment.missed, _("Noted: nobody came."))


def done(request, appointment, verb, success, onward=None):
    """Let the verb act, say what came of it, and go on; refused, show the appointment."""
    try:
        verb(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
        return redirect(appointment)
    messages.success(request, success)
    return redirect(onward or appointment)

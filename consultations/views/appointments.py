"""Pages of appointments: the agenda, one appointment, and what becomes of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.lists import list_file
from best_portal.outbox.models import Letter
from consultations.agenda import Span
from consultations.calendar import calendar_file
from consultations.history import history_of
from consultations.models import Appointment
from consultations.plan_listing import APPOINTMENTS
from consultations.tasks import serve_waiting_list
from consultations.views.team_calendar import asked_calendar, team_calendar

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
    """An advisor's own appointments, or the calendar of the team: a manager has only that."""
    everyone = Appointment.objects.visible_to(request.user).for_agenda()
    unlogged = everyone.editable_by(request.user).unlogged()
    to_log = {"unlogged": unlogged[:MANY], "unlogged_count": unlogged.count()}
    if shows_team(request):
        return team_calendar(request, **to_log)
    own = everyone.of_advisor(request.user)
    span = Span.asked_for(request.GET)
    context = to_log | {
        "span": span,
        "days": span.days(own.not_cancelled().between(span.start, span.end)),
        "next_one": own.upcoming().first(),
    }
    return render(request, "consultations/appointment_agenda.html", context)


@list_file(
    gettext_lazy("appointments"),
    APPOINTMENTS,
    page="consultations:appointments",
    roles=STAFF_ROLES,
)
def export(request):
    """The appointments of the days on the page: one's own, or those of the team's calendar."""
    if shows_team(request):
        return asked_calendar(request).appointments()
    own = Appointment.objects.visible_to(request.user).for_agenda().of_advisor(request.user)
    span = Span.asked_for(request.GET)
    return own.not_cancelled().between(span.start, span.end)


def shows_team(request):
    return request.user.role == Role.MANAGER or request.GET.get("wer") == "team"


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
    response = done(request, appointment, appointment.cancel, _("The appointment is cancelled."))
    serve_waiting_list.delay_on_commit()
    return response


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
        messages.error(request, refusal.messages[0])
        return redirect(appointment)
    messages.success(request, success)
    return redirect(onward or appointment)

"""Booking without an account, on three pages, and the page behind the link of the mail.

Opening a page changes nothing, so the scanners of mail programs may open it: only buttons act.
"""

import uuid

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.refusals import tell
from consultations.converters import MomentConverter
from consultations.forms.guests import AboutForm, ContactForm
from consultations.models import Appointment, DeclinedRequest, GuestBooking, OfficeHours
from consultations.models.free_times import by_day
from consultations.models.office_hours import HORIZON, NOT_FREE
from consultations.tasks import serve_waiting_list
from consultations.views.booking import ALTERNATIVES, CONFLICT, DAYS_PER_PAGE

ANSWERS, KEY, HELD = "guest_answers", "guest_key", "guest_held"
TOO_OFTEN = 429
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@reads_and_writes
def about(request):
    """Six plain questions; from where we may not work, another place is named."""
    start = {"language": request.LANGUAGE_CODE}
    form = AboutForm(request.POST or None, initial=start)
    if not form.is_valid():
        return render(request, "consultations/guest_about.html", {"form": form})
    if form.is_elsewhere:
        return elsewhere(request, form.cleaned_data)
    request.session[ANSWERS], request.session[KEY] = form.answers, str(uuid.uuid4())
    return redirect("consultations:guest_times")


def elsewhere(request, answers):
    if ratelimit.consume(request, action="guest_hold"):
        DeclinedRequest.objects.note(by=None, place=answers["place_text"], topic=answers["topic"])
    return render(request, "consultations/guest_elsewhere.html", {"place": answers["place_text"]})


@login_not_required
@never_cache
@reads_and_writes
def times(request):
    """The free times that fit the answers; a button holds one for a quarter of an hour."""
    if ANSWERS not in request.session:
        return redirect("consultations:guest_about")
    if request.method == "POST":
        return hold(request)
    return free_times(request)


def free_times(request, *, refusal="", status=200):
    answers, today = request.session[ANSWERS], timezone.localdate()
    everywhere = OfficeHours.objects.current()
    fitting = everywhere.fitting(answers["district_id"], answers["channel"])
    found = fitting.free_times(today, today + HORIZON)
    context = {
        "refusal": refusal,
        "page": Paginator(by_day(found), DAYS_PER_PAGE).get_page(request.GET.get("page")),
        "others": [] if found else by_day(everywhere.next_free_times(ALTERNATIVES)),
    }
    return render(request, "consultations/guest_times.html", context, status=status)


def hold(request):
    if not ratelimit.consume(request, action="guest_hold"):
        return too_often(request)
    try:
        held = Appointment.objects.hold(form_key=request.session[KEY], **chosen_time(request))
    except ValidationError as refusal:
        return free_times(request, refusal=refusal.messages[0], status=CONFLICT)
    request.session[HELD] = held.pk
    return redirect("consultations:guest_who")


def chosen_time(request):
    """Read the button pressed, "7/20300603T0700Z"; refuse what is no time of ours."""
    pk, _slash, moment = request.POST.get("time", "").partition("/")
    try:
        starts_at = MomentConverter().to_python(moment)
        office_hours = OfficeHours.objects.current().for_list().get(pk=int(pk))
    except (ValueError, OverflowError, OfficeHours.DoesNotExist) as error:
        raise ValidationError(NOT_FREE) from error
    return {"office_hours": office_hours, "starts_at": starts_at}


@login_not_required
@never_cache
@reads_and_writes
def who(request):
    """A name and a way to be reached; then the mail with the link goes out."""
    held = Appointment.objects.being_booked(request.session.get(HELD)).first()
    if held is None or ANSWERS not in request.session:
        messages.warning(request, _("Your time was held for 15 minutes. Please choose again."))
        return redirect("consultations:guest_times")
    form = ContactForm(request.POST or None)
    if form.is_valid():
        if form.is_by_a_robot:
            return redirect("consultations:guest_sent")
        if not ratelimit.consume(request, action="guest_contact"):
            return too_often(request)
        try:
            return asked(request, held, form.contact)
        except ValidationError as refusal:
            tell(form, refusal)
    return render(request, "consultations/guest_who.html", {"form": form, "time": held})


def asked(request, held, contact):
    answers = {key: value for key, value in request.session[ANSWERS].items() if key != "channel"}
    booking = GuestBooking.objects.ask(appointment=held, answers=answers, **contact)
    return redirect("consultations:guest_sent" if booking.email else booking)


@login_not_required
@never_cache
@require_safe
def sent(request):
    """Look into your mail; says the same to a robot."""
    held = Appointment.objects.being_booked(request.session.get(HELD)).first()
    return render(request, "consultations/guest_sent.html", {"appointment": held})


def too_often(request):
    return render(request, "consultations/guest_too_often.html", status=TOO_OFTEN)


def booking_of(token):
    return get_object_or_404(GuestBooking.objects.by_token(token))


@login_not_required
@never_cache
@require_safe
def guest(request, token):
    """What the link opens: to be confirmed, booked, or over; opening it changes nothing."""
    booking = GuestBooking.objects.by_token(token).first()
    if booking is None or booking.is_void:
        times = by_day(OfficeHours.objects.current().next_free_times(ALTERNATIVES))
        return render(request, "consultations/guest_gone.html", {"days": times}, status=404)
    appointment = booking.appointment
    context = {
        "booking": booking,
        "appointment": appointment,
        "token": token,
        "may_change": appointment.may_be_moved_by(None),
    }
    return render(request, "consultations/guest_appointment.html", context)


@login_not_required
@require_POST
def confirm(request, token):
    return done(request, token, booking_of(token).confirm, _("Your appointment is booked."))


@login_not_required
@never_cache
@reads_and_writes
def cancel(request, token):
    """Ask, then cancel."""
    appointment = booking_of(token).appointment
    if request.method == "POST":
        return done(
            request, token, lambda: appointment.cancel(by=None), _("The appointment is cancelled.")
        )
    context = {
        "appointment": appointment,
        "may_cancel": appointment.may_be_cancelled_by(None),
        "token": token,
    }
    return render(request, "consultations/guest_cancel.html", context)


@login_not_required
@never_cache
@reads_and_writes
def move(request, token):
    """The other times of the same advisor; a button moves."""
    appointment = booking_of(token).appointment
    if request.method == "POST":
        return done(
            request,
            token,
            lambda: appointment.move(by=None, **chosen_time(request)),
            _("The appointment is moved."),
        )
    today = timezone.localdate()
    times = appointment.times_instead(today, today + HORIZON)
    context = {
        "appointment": appointment,
        "may_move": appointment.may_be_moved_by(None),
        "page": Paginator(by_day(times), DAYS_PER_PAGE).get_page(request.GET.get("page")),
        "token": token,
    }
    return render(request, "consultations/guest_move.html", context)


def done(request, token, verb, success):
    """Let the verb act, say what came of it, ring for the waiting list, show the appointment."""
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
        serve_waiting_list.delay_on_commit()
    return redirect("consultations:guest", token)

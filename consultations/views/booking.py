"""Booking in four pages: choose a time, say what it is about, check, booked."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.refusals import tell
from consultations.forms.appointments import BookingForm, FreeTimesFilter
from consultations.models import Appointment, OfficeHours
from consultations.models.free_times import by_day
from consultations.models.office_hours import HORIZON
from enterprises.models import Person

DAYS_PER_PAGE = 5
ALTERNATIVES = 3
CONFLICT = 409


@role_required(Role.FOUNDER)
@require_safe
def book(request):
    """Every free time of the next weeks, by day; where none fits, the next ones elsewhere."""
    office_hours = OfficeHours.objects.visible_to(request.user).current()
    form = FreeTimesFilter(request.GET, office_hours=office_hours)
    today = timezone.localdate()
    times = office_hours.matching(**form.wanted()).free_times(today, today + HORIZON)
    context = {
        "form": form,
        "number": len(times),
        "page": Paginator(by_day(times), DAYS_PER_PAGE).get_page(request.GET.get("page")),
        "others": [] if times else office_hours.next_free_times(ALTERNATIVES),
    }
    return render(request, "consultations/booking_times.html", context)


@role_required(Role.FOUNDER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book_time(request, pk, starts_at):
    """Say what it is about, check, and book: one address, one decision after the other."""
    office_hours = get_object_or_404(OfficeHours.objects.visible_to(request.user).for_list(), pk=pk)
    form = request.draft.fill(BookingForm(request.POST or None, founder=request.user))
    if "book" in request.POST and form.is_valid():
        return confirm(request, office_hours, starts_at, form.cleaned_data)
    time = office_hours.free_time_at(starts_at)
    if time is None:
        return taken(request)
    if "check" in request.POST and form.is_valid():
        return render(request, "consultations/booking_check.html", {"form": form, "time": time})
    return render(request, "consultations/booking_concern.html", {"form": form, "time": time})


def confirm(request, office_hours, starts_at, answers):
    try:
        appointment = Appointment.objects.book_free_time(
            by=request.user,
            office_hours=office_hours,
            starts_at=starts_at,
            person=Person.objects.of_account(request.user),
            **answers,
        )
    except ValidationError as refusal:
        if office_hours.free_time_at(starts_at):
            return refused(request, office_hours, starts_at, refusal)
        return taken(request)
    return redirect("consultations:booked", appointment.pk)


def taken(request):
    """Say so, and offer what is free instead: never a dead end."""
    office_hours = OfficeHours.objects.visible_to(request.user)
    context = {"times": office_hours.next_free_times(ALTERNATIVES)}
    return render(request, "consultations/booking_taken.html", context, status=CONFLICT)


def refused(request, office_hours, starts_at, refusal):
    """Say why a free time was not booked; what was typed stays."""
    form = BookingForm(request.POST, founder=request.user)
    tell(form, refusal)
    context = {"form": form, "time": office_hours.free_time_at(starts_at)}
    return render(request, "consultations/booking_concern.html", context, status=CONFLICT)

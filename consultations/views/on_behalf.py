"""Booking for somebody who called or came by: the same free times, the same rules, a letter."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.refusals import tell
from consultations.forms.appointments import FreeTimesFilter
from consultations.forms.on_behalf import AgreedForm, BookForForm
from consultations.models import Appointment, OfficeHours, ToldBy
from consultations.models.free_times import by_day
from consultations.models.office_hours import HORIZON
from consultations.views.appointments import visible
from consultations.views.booking import ALTERNATIVES, CONFLICT, DAYS_PER_PAGE

STEP = "consultations:book_for_time"


@role_required(*STAFF_ROLES)
@require_safe
def book_for(request):
    """The free times callers would see, too."""
    office_hours = OfficeHours.objects.visible_to(request.user).current()
    form = FreeTimesFilter(request.GET, office_hours=office_hours)
    today = timezone.localdate()
    times = office_hours.matching(**form.wanted()).free_times(today, today + HORIZON)
    context = {
        "form": form,
        "number": len(times),
        "page": Paginator(by_day(times), DAYS_PER_PAGE).get_page(request.GET.get("page")),
        "others": [] if times else office_hours.next_free_times(ALTERNATIVES),
        "step": STEP,
        "by_agreement": agreed_here(request).for_list(),
    }
    return render(request, "consultations/book_for_times.html", context)


def agreed_here(request):
    """The office hours by agreement for which this person may say when."""
    return OfficeHours.objects.editable_by(request.user).by_agreement()


@role_required(*STAFF_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book_for_time(request, pk, starts_at):
    """Say whom for, and book."""
    office_hours = get_object_or_404(OfficeHours.objects.visible_to(request.user).for_list(), pk=pk)
    form = request.draft.fill(BookForForm(request.POST or None, by=request.user))
    if form.is_valid():
        try:
            appointment = Appointment.objects.book_for(
                by=request.user, office_hours=office_hours, starts_at=starts_at, **form.chosen
            )
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            return booked(appointment)
    time = office_hours.free_time_at(starts_at)
    if time is None:
        times = OfficeHours.objects.visible_to(request.user).next_free_times(ALTERNATIVES)
        context = {"times": times, "step": STEP}
        return render(request, "consultations/booking_taken.html", context, status=CONFLICT)
    return render(request, "consultations/book_for_who.html", {"form": form, "time": time})


@role_required(*STAFF_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book_agreed(request, pk):
    """Say when and whom for, and book a time agreed on."""
    office_hours = get_object_or_404(agreed_here(request).for_list(), pk=pk)
    form = request.draft.fill(AgreedForm(request.POST or None, by=request.user))
    if form.is_valid():
        try:
            appointment = Appointment.objects.book_for(
                by=request.user, office_hours=office_hours, **form.chosen
            )
        except ValidationError as refusal:
            form.add_error("clock", refusal)
        else:
            return booked(appointment)
    context = {"form": form, "office_hours": office_hours}
    return render(request, "consultations/book_agreed.html", context)


def booked(appointment):
    """Go on to the letter where one is wanted, else to the appointment."""
    if appointment.told_by == ToldBy.LETTER:
        return redirect("consultations:appointment_letter", appointment.pk)
    return redirect(appointment)


@role_required(*STAFF_ROLES)
@require_safe
def letter(request, pk):
    """The confirmation on paper, in the language of who reads it."""
    return render(
        request, "consultations/appointment_letter.html", {"appointment": visible(request, pk)}
    )

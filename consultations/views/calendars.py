"""Pages of calendars: the private address of an advisor's appointments, and what is read there."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from consultations.forms.office_hours import BusyCalendarForm
from consultations.models import BusyCalendar, CalendarFeed
from consultations.tasks import read_calendar

# In the query, not in the path: servers and Django write paths into their logs.
KEY = "schluessel"


def own_feed(request):
    return get_object_or_404(CalendarFeed, advisor=request.user)


@role_required(Role.ADVISOR)
@require_safe
def calendars(request):
    """What connects an advisor's own calendar with this one."""
    return show(request)


def show(request, **more):
    context = {
        "feed": CalendarFeed.objects.of(request.user),
        "busy": BusyCalendar.objects.of(request.user),
        "form": BusyCalendarForm(),
    }
    return render(request, "consultations/calendars.html", context | more)


@role_required(Role.ADVISOR)
@require_POST
def feed_renew(request):
    """Answer with the new address itself: this is the only time it can be seen."""
    token = CalendarFeed.objects.renew(by=request.user)
    address = f"{settings.PUBLIC_URL}{reverse('consultations:feed')}?{KEY}={token}"
    return show(request, new_address=address)


@role_required(Role.ADVISOR)
@require_POST
def feed_names(request):
    has_names = request.POST.get("names") == "yes"
    own_feed(request).show_names(has_names, by=request.user)
    messages.success(
        request,
        _("Your calendar now says with whom you meet.")
        if has_names
        else _("Your calendar now says only that the time is taken."),
    )
    return redirect("consultations:calendars")


@role_required(Role.ADVISOR)
@require_POST
def feed_revoke(request):
    own_feed(request).revoke(by=request.user)
    messages.success(request, _("The address is closed. Nobody can read your appointments there."))
    return redirect("consultations:calendars")


@role_required(Role.ADVISOR)
@require_POST
def busy_connect(request):
    """Note the address and have it read at once; the page then says how that went."""
    form = BusyCalendarForm(request.POST)
    if form.is_valid():
        try:
            calendar = BusyCalendar.objects.connect(
                by=request.user, address=form.cleaned_data["address"]
            )
        except ValidationError as refusal:
            form.add_error("address", refusal)
        else:
            read_calendar.delay_on_commit(calendar.pk)
            messages.success(request, _("The calendar is connected. It is being read now."))
            return redirect("consultations:calendars")
    return show(request, form=form)


@role_required(Role.ADVISOR)
@require_POST
def busy_disconnect(request):
    get_object_or_404(BusyCalendar, advisor=request.user).disconnect(by=request.user)
    messages.success(request, _("The calendar is disconnected, and its busy times are deleted."))
    return redirect("consultations:calendars")


@login_not_required
@never_cache
@require_safe
def feed(request):
    """Whoever has the address reads the appointments; every other one is unknown."""
    found = CalendarFeed.objects.opened_by(request.GET.get(KEY, ""))
    if found is None:
        raise Http404
    response = HttpResponse(found.file(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="termine.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response

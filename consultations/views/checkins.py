"""Noting who is there, on a phone at the door, and logging the date as held."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from consultations.forms.groups import LogDateForm, PresenceForm
from consultations.forms.registrations import WalkInForm
from consultations.models import CheckIn, GroupSessionDate
from consultations.views.groups import reads_and_writes


def editable(request, pk):
    mine = GroupSessionDate.objects.editable_by(request.user).for_agenda()
    return get_object_or_404(mine, pk=pk)


@role_required(*STAFF_ROLES)
@never_cache
@reads_and_writes
def check_in(request, pk):
    """Everybody who is expected, with two big buttons each; every press is saved at once."""
    date = editable(request, pk)
    if request.method != "POST":
        return page(request, date)
    form = PresenceForm(request.POST)
    people = date.session.registrations.expected()
    if form.is_valid():
        marks = dict(form.cleaned_data)
        registration = get_object_or_404(people, pk=marks.pop("registration"))
        try:
            CheckIn.objects.note(by=request.user, date=date, registration=registration, **marks)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        return redirect(f"{date.get_absolute_url()}#p{registration.pk}")
    messages.error(request, _("Write minutes as a whole number, 0 to 720."))
    return page(request, date)


def page(request, date, *, form=None):
    people = date.session.registrations.for_check_in(date)
    marks = [each.mark for each in people]
    context = {
        "date": date,
        "session": date.session,
        "people": people,
        "present": sum(bool(mark and mark.is_present) for mark in marks),
        "absent": sum(bool(mark and not mark.is_present) for mark in marks),
        "open": marks.count(None),
        "consultation": date.consultation,
        "form": form or WalkInForm(by=request.user),
    }
    return render(request, "consultations/group_checkin.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def walk_in(request, pk):
    """Somebody who just came is there, and on the list from now on."""
    date = editable(request, pk)
    form = WalkInForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            noted = CheckIn.objects.walk_in(by=request.user, date=date, **form.who)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request, _("%(name)s is noted as present.") % {"name": noted.registration.who}
            )
            return redirect(f"{date.get_absolute_url()}#p{noted.registration_id}")
    return page(request, date, form=form)


@role_required(*STAFF_ROLES)
@never_cache
@reads_and_writes
def log_date(request, pk):
    """What will be logged, and for whom; the button logs it."""
    date = editable(request, pk)
    initial = {"result": date.session.in_reports}
    form = request.draft.fill(LogDateForm(request.POST or None, initial=initial))
    if form.is_valid():
        try:
            consultation = date.log(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Logged: it counts for everybody who was there."))
            return redirect(consultation)
    people = date.session.registrations.for_check_in(date)
    context = {
        "date": date,
        "session": date.session,
        "form": form,
        "present": [each for each in people if each.mark and each.mark.is_present],
        "absent": [each for each in people if not each.mark or not each.mark.is_present],
        "back": reverse("consultations:group_checkin", args=[date.pk]),
    }
    return render(request, "consultations/group_log.html", context)

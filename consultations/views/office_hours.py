"""Pages of office hours: advisors keep their own, the manager everyone's."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.forms.appointments import EndOfficeHoursForm, OfficeHoursForm
from consultations.models import OfficeHours

STAFF = (Role.ADVISOR, Role.MANAGER)


def editable(request, pk):
    return get_object_or_404(OfficeHours.objects.editable_by(request.user).for_list(), pk=pk)


@role_required(*STAFF)
@require_safe
def office_hours(request):
    rows = OfficeHours.objects.editable_by(request.user).for_list()
    return render(
        request,
        "consultations/officehours_list.html",
        {"current": rows.current(), "over": rows.over()},
    )


@role_required(*STAFF)
def office_hours_new(request):
    initial = {"starts_on": timezone.localdate()}
    form = OfficeHoursForm(request.POST or None, by=request.user, initial=initial)
    return save(request, form, created=True)


@role_required(*STAFF)
def office_hours_edit(request, pk):
    row = editable(request, pk)
    form = OfficeHoursForm(request.POST or None, by=request.user, instance=row)
    return save(request, form, created=False)


@transaction.atomic
def save(request, form, *, created):
    if form.is_valid():
        form.save()
        Event.objects.record_saved(actor=request.user, form=form, created=created)
        messages.success(request, _("The office hours are saved."))
        return redirect("consultations:office_hours")
    return render(
        request, "consultations/officehours_form.html", {"form": form, "created": created}
    )


@role_required(*STAFF)
def office_hours_end(request, pk):
    row = editable(request, pk)
    form = EndOfficeHoursForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_valid():
        try:
            row.end(by=request.user, on=form.cleaned_data["on"])
        except ValidationError as refusal:
            form.add_error("on", refusal)
        else:
            messages.success(request, _("The office hours end on this day."))
            return redirect("consultations:office_hours")
    return render(request, "consultations/officehours_end.html", {"form": form, "row": row})

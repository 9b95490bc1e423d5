"""Pages of office hours: advisors keep their own, the manager everyone's."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.lists import list_file
from best_portal.refusals import tell
from consultations.forms.office_hours import (
    ChangedDayForm,
    EndOfficeHoursForm,
    OfficeHoursForm,
)
from consultations.models import OfficeHours
from consultations.plan_listing import OFFICE_HOURS
from consultations.tasks import serve_waiting_list

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


@list_file(
    gettext_lazy("office-hours"), OFFICE_HOURS, page="consultations:office_hours", roles=STAFF
)
def export(request):
    return OfficeHours.objects.editable_by(request.user).for_list()


@role_required(*STAFF)
def office_hours_new(request):
    initial = {"starts_on": timezone.localdate()}
    form = OfficeHoursForm(request.POST or None, by=request.user, initial=initial)
    return save(request, request.draft.fill(form), created=True)


@role_required(*STAFF)
def office_hours_edit(request, pk):
    row = editable(request, pk)
    form = OfficeHoursForm(request.POST or None, by=request.user, instance=row)
    return save(request, request.draft.fill(form), created=False)


@transaction.atomic
def save(request, form, *, created):
    if form.is_valid():
        try:
            form.check()
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            form.save()
            Event.objects.record_saved(actor=request.user, form=form, created=created)
            serve_waiting_list.delay_on_commit()
            messages.success(request, _("The office hours are saved."))
            return redirect("consultations:office_hours")
    return render(
        request, "consultations/officehours_form.html", {"form": form, "created": created}
    )


@role_required(*STAFF)
def office_hours_end(request, pk):
    row = editable(request, pk)
    initial = {"on": timezone.localdate()}
    form = request.draft.fill(EndOfficeHoursForm(request.POST or None, initial=initial))
    if form.is_valid():
        try:
            row.end(by=request.user, on=form.cleaned_data["on"])
        except ValidationError as refusal:
            form.add_error("on", refusal)
        else:
            messages.success(request, _("The office hours end on this day."))
            return redirect("consultations:office_hours")
    return render(request, "consultations/officehours_end.html", {"form": form, "row": row})


@role_required(*STAFF)
def changed_days(request, pk):
    """The dates that differ from the rhythm, and the appointments they leave behind."""
    row = editable(request, pk)
    initial = {"day": next(iter(row.due_days(1)), None)}
    form = request.draft.fill(ChangedDayForm(request.POST or None, initial=initial))
    if form.is_valid():
        try:
            form.apply(row, by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            serve_waiting_list.delay_on_commit()
            messages.success(request, _("The date is changed."))
            return redirect("consultations:changed_days", pk)
    context = {
        "row": row,
        "form": form,
        "days": row.changed_days.to_come(),
        "left_behind": row.appointments_left_behind(),
    }
    return render(request, "consultations/officehours_days.html", context)


@role_required(*STAFF)
@require_POST
def changed_day_undo(request, pk, day_pk):
    row = editable(request, pk)
    get_object_or_404(row.changed_days.all(), pk=day_pk).undo(by=request.user)
    serve_waiting_list.delay_on_commit()
    messages.success(request, _("The date is held as usual again."))
    return redirect("consultations:changed_days", pk)

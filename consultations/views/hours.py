"""Pages of working time: a person's month, its sheets, the team's months, contracts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role, User
from best_portal.lists import list_file
from best_portal.refusals import tell
from consultations import hours
from consultations.forms.hours import (
    AssignmentForm,
    CloseForm,
    EmploymentEndForm,
    EmploymentForm,
    ReopenForm,
    TimeEntryForm,
)
from consultations.models import (
    Assignment,
    Employment,
    MonthSheet,
    TimeEntry,
    WorkingMonth,
    WorkingYear,
)
from consultations.project_listing import ASSIGNMENTS, CONTRACTS, HOURS, TEAM_HOURS


def person_of(request, pk):
    return get_object_or_404(User.objects.visible_to(request.user).employed(), pk=pk)


def own_or_refused(request, pk):
    """The person asking; nobody writes or closes for somebody else."""
    person = person_of(request, pk)
    if person != request.user:
        raise PermissionDenied
    return person


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    return redirect("consultations:month", request.user.pk, hours.this_month())


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def month(request, pk, month):
    """A day in a line, with its sum; one's own gets entries on the same page."""
    is_post = request.method == "POST"
    person = own_or_refused(request, pk) if is_post else person_of(request, pk)
    work = WorkingMonth.of(person, month)
    form, to_close = None, closing(work)
    if person == request.user:
        entry_form = TimeEntryForm(request.POST or None, by=person, month=month)
        form = request.draft.fill(entry_form, to_close)
    if form and form.is_valid():
        try:
            entry = form.enter()
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("%(minutes)d minutes added.") % {"minutes": entry.minutes})
            return redirect("consultations:month", pk, month)
    return month_page(request, work, form, to_close)


def add_refusal(form, refusal):
    named = getattr(refusal, "error_dict", {})
    tell(form, refusal if named.keys() <= form.fields.keys() else refusal.messages[0])


def closing(work, data=None):
    action = reverse("consultations:month_close", args=[work.user.pk, work.month])
    return CloseForm(data, work=work, action=action)


def month_page(request, work, form, close_form):
    sheets = MonthSheet.objects.visible_to(request.user).of(work.user).of_month(work.month)
    context = {
        "work": work,
        "form": form,
        "close_form": close_form,
        "sheets": sheets.for_list(),
        "unclosed": unclosed(work, sheets),
        "year": WorkingYear.of(work.user, work.month.year),
        "before": hours.month_before(work.month),
        "after": hours.month_after(work.month),
        "is_own": work.user == request.user,
    }
    return render(request, "consultations/month.html", context)


def unclosed(work, sheets):
    """The projects of the month without a closed sheet, with minutes and share."""
    closed = set(sheets.closed().values_list("project", flat=True))
    return [
        (project, work.minutes_of(project), work.share_of(project))
        for project in work.projects_to_prove
        if project.pk not in closed
    ]


@role_required(*STAFF_ROLES)
@require_POST
def close(request, pk, month):
    """Close one's month; what is more than the contract comes back and asks why."""
    person = own_or_refused(request, pk)
    work = WorkingMonth.of(person, month)
    form = closing(work, request.POST)
    if form.is_valid():
        try:
            form.close()
        except ValidationError as refusal:
            form.add_error("explanation" if work.excess else None, refusal)
        else:
            messages.success(request, _("The month is closed. The management confirms it next."))
            return redirect("consultations:month", pk, month)
    form_for_entries = TimeEntryForm(by=person, month=month)
    return month_page(request, work, form_for_entries, form)


def name_of_month(pk, month):
    return f"{_('hours')}-{month:%Y-%m}"


@list_file(name_of_month, HOURS, page="consultations:month", roles=STAFF_ROLES)
def month_export(request, pk, month):
    """A person's month as a file, line by line."""
    return WorkingMonth.of(person_of(request, pk), month).lines


@role_required(*STAFF_ROLES)
@require_POST
def entry_remove(request, pk):
    entry = get_object_or_404(TimeEntry.objects.visible_to(request.user), pk=pk)
    if entry.user != request.user:
        raise PermissionDenied
    try:
        entry.remove(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The entry is removed."))
    return redirect("consultations:month", entry.user_id, entry.day.replace(day=1))


@role_required(*STAFF_ROLES)
@require_safe
def sheet(request, pk):
    """What was closed, what has been changed since, and the versions before."""
    row = get_object_or_404(MonthSheet.objects.visible_to(request.user).for_list(), pk=pk)
    context = {
        "sheet": row,
        "differences": row.differences(),
        "versions": row.versions.select_related("reopened_by"),
        "may_confirm": request.user.role == Role.MANAGER and row.user != request.user,
    }
    return render(request, "consultations/month_sheet.html", context)


@role_required(Role.MANAGER)
@require_POST
def sheet_confirm(request, pk):
    row = get_object_or_404(MonthSheet.objects.visible_to(request.user), pk=pk)
    try:
        row.confirm(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The sheet is confirmed."))
    return redirect(row)


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_reopen(request, pk):
    row = get_object_or_404(MonthSheet.objects.visible_to(request.user).for_list(), pk=pk)
    form = request.draft.fill(ReopenForm(request.POST or None))
    if form.is_valid():
        try:
            row.reopen(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The sheet is open again."))
            return redirect(row)
    return render(request, "consultations/month_sheet_reopen.html", {"form": form, "sheet": row})


@role_required(Role.MANAGER)
@require_safe
def team(request, month):
    """Everybody's month: missing, open, closed, confirmed."""
    context = {
        "lines": hours.team_months(request.user, month),
        "month": month,
        "before": hours.month_before(month),
        "after": hours.month_after(month),
    }
    return render(request, "consultations/month_team.html", context)


def name_of_team_month(month):
    return f"{_('team-hours')}-{month:%Y-%m}"


@list_file(name_of_team_month, TEAM_HOURS, page="consultations:team_hours", roles=(Role.MANAGER,))
def team_export(request, month):
    return hours.sheet_by_sheet(hours.team_months(request.user, month))


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def employments(request):
    """The contracts of the staff, and the form for another one."""
    form = request.draft.fill(EmploymentForm(request.POST or None))
    if form.is_valid():
        try:
            form.engage(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The contract is saved."))
            return redirect("consultations:employments")
    rows = Employment.objects.visible_to(request.user).for_list()
    context = {"form": form, "rows": rows, "month": hours.this_month()}
    return render(request, "consultations/employment_list.html", context)


@list_file(
    gettext_lazy("contracts"),
    CONTRACTS,
    page="consultations:employments",
    roles=(Role.MANAGER,),
)
def employments_export(request):
    return Employment.objects.visible_to(request.user).for_list()


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def employment_end(request, pk):
    row = get_object_or_404(Employment.objects.visible_to(request.user).for_list(), pk=pk)
    form = EmploymentEndForm(request.POST or None, initial={"last_day": row.ends_on})
    if form.is_valid():
        try:
            row.end(form.cleaned_data["last_day"], by=request.user)
        except ValidationError as refusal:
            form.add_error("last_day", refusal)
        else:
            messages.success(request, _("The last day of the contract is saved."))
            return redirect("consultations:employments")
    return render(request, "consultations/employment_end.html", {"form": form, "employment": row})


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def assignments(request):
    """The fixed shares of the staff's contracts, and the form for another one."""
    form = request.draft.fill(AssignmentForm(request.POST or None, by=request.user))
    if form.is_valid():
        try:
            form.assign(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The fixed share is saved. Print and sign it."))
            return redirect("consultations:assignments")
    rows = Assignment.objects.visible_to(request.user).for_list()
    context = {"form": form, "rows": rows, "month": hours.this_month()}
    return render(request, "consultations/assignment_list.html", context)


@list_file(
    gettext_lazy("fixed-shares"),
    ASSIGNMENTS,
    page="consultations:assignments",
    roles=(Role.MANAGER,),
)
def assignments_export(request):
    return Assignment.objects.visible_to(request.user).for_list()


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_end(request, pk):
    row = get_object_or_404(Assignment.objects.visible_to(request.user).for_list(), pk=pk)
    form = EmploymentEndForm(request.POST or None, initial={"last_day": row.ends_on})
    if form.is_valid():
        try:
            row.end(form.cleaned_data["last_day"], by=request.user)
        except ValidationError as refusal:
            form.add_error("last_day", refusal)
        else:
            messages.success(request, _("The last day of the fixed share is saved."))
            return redirect("consultations:assignments")
    return render(request, "consultations/assignment_end.html", {"form": form, "assignment": row})

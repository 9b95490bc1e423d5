"""Pages of the import: bring a log, say what its columns mean, look at every row, take it over."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from consultations.export import xlsx_response
from consultations.forms.imports import ColumnsForm, OrganisationsForm, UploadForm
from consultations.models import ImportBatch

PAGE = 50
LATEST = 20


def batch_for(request, pk):
    return get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)


def looked_into(request, pk):
    batch = batch_for(request, pk)
    batch.look(by=request.user)
    return batch


@role_required(*STAFF_ROLES)
def index(request):
    """Bring a log; below it, what was brought before."""
    form = UploadForm(request.POST or None, request.FILES or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            batch = form.propose()
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            return redirect("consultations:import_columns", batch.pk)
    batches = ImportBatch.objects.visible_to(request.user).for_list()[:LATEST]
    return render(request, "consultations/import.html", {"form": form, "batches": batches})


# No HEAD on pages that show the file: who looks into another's is kept, and HEAD shows nothing.
@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "POST"])
def columns(request, pk):
    """Correct what each column means."""
    batch = looked_into(request, pk)
    if not batch.is_open:
        return redirect("consultations:import_preview", pk)
    form = ColumnsForm(request.POST or None, batch=batch)
    if form.is_valid():
        try:
            batch.remap(by=request.user, columns=form.columns, unit=form.cleaned_data["unit"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("consultations:import_preview", pk)
    return render(request, "consultations/import_columns.html", {"form": form, "batch": batch})


@role_required(*STAFF_ROLES)
@require_GET
def preview(request, pk):
    """Every row with all its problems and the totals; afterwards the result."""
    batch = looked_into(request, pk)
    if batch.is_open and batch.missing_fields:
        return redirect("consultations:import_columns", pk)
    only_problems = request.GET.get("rows") == "problems"
    lines = batch.lines(only_problems) if batch.is_kept else []
    context = {
        "batch": batch,
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "tabs": [
            (_("All rows"), "?rows=all", not only_problems),
            (_("Only rows with problems"), "?rows=problems", only_problems),
        ],
        "questions": OrganisationsForm(batch=batch) if batch.is_open else None,
        "may_undo": batch.is_committed and request.user.role == Role.MANAGER,
    }
    return render(request, "consultations/import_preview.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def organisations(request, pk):
    """Keep which names in the log mean an organisation the portal knows."""
    batch = batch_for(request, pk)
    form = OrganisationsForm(request.POST, batch=batch)
    if form.is_valid():
        _tell(
            request,
            lambda: batch.answer(by=request.user, organisations=form.answers()),
            _("Your answers are kept."),
        )
    return redirect("consultations:import_preview", pk)


@role_required(*STAFF_ROLES)
@require_POST
def commit(request, pk):
    batch = batch_for(request, pk)
    _tell(request, lambda: batch.commit(by=request.user), _("The log is imported."))
    return redirect("consultations:import_preview", pk)


@role_required(Role.MANAGER)
@require_POST
def undo(request, pk):
    batch = batch_for(request, pk)
    _tell(request, lambda: batch.undo(by=request.user), _("The import is undone."))
    return redirect("consultations:import_preview", pk)


@role_required(*STAFF_ROLES)
@require_POST
def discard(request, pk):
    batch = batch_for(request, pk)
    _tell(request, lambda: batch.discard(by=request.user), _("The file is put aside and deleted."))
    return redirect("consultations:import")


@role_required(*STAFF_ROLES)
@require_GET
def rejected(request, pk):
    """The rows with problems as a file to correct and bring again."""
    batch = looked_into(request, pk)
    headings, rows = batch.rejected_rows() if batch.is_kept else ([], [])
    return xlsx_response(_("rejected-rows-%(number)s") % {"number": pk}, headings, rows)


def _tell(request, verb, done):
    """Act, and say that it is done or why it is not."""
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, done)

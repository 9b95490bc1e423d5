"""Pages of an import: bring a file, say what its columns mean, look at every row, take it over."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.export import xlsx_response
from best_portal.imports.forms import ColumnsForm, QuestionsForm
from best_portal.lists import list_file

PAGE = 50
LATEST = 20
BATCHES = [
    (gettext_lazy("File"), "file_name"),
    (gettext_lazy("For"), "belongs_to"),
    (gettext_lazy("Brought"), "uploaded_at"),
    (gettext_lazy("Brought by"), "uploaded_by.name"),
    (gettext_lazy("State"), "get_status_display"),
    (gettext_lazy("Imported at"), "committed_at"),
    (gettext_lazy("Imported"), lambda batch: batch.outcome.get("imported")),
    (gettext_lazy("Rejected"), lambda batch: batch.outcome.get("rejected")),
]


@dataclass(frozen=True)
class ImportPages:
    """The pages for one kind of list; the app that brings it includes their `urls`.

    `names` is the name of the first page's address; the others are that name with `_preview`,
    `_columns` and so on behind it. `templates` begins the names of three templates likewise.
    """

    model: type
    names: str
    templates: str
    file_form: type
    columns_form: type = ColumnsForm
    questions_form: type = QuestionsForm
    roles: tuple = STAFF_ROLES

    def urls(self, folder):
        """The addresses below a folder, each behind its door."""
        name = self.names.rpartition(":")[2]
        # No HEAD on pages that show the file: who looks into another's is kept, and HEAD shows
        # nothing.
        steps = {
            "preview": ("", require_GET(self.preview)),
            "columns": ("spalten/", require_http_methods(["GET", "POST"])(self.columns)),
            "answer": ("organisationen/", require_POST(self.answer)),
            "commit": ("uebernehmen/", require_POST(self.commit)),
            "rejected": ("abgelehnt/", require_GET(self.rejected)),
            "discard": ("verwerfen/", require_POST(self.discard)),
        }
        files = list_file(gettext_lazy("imports"), BATCHES, page=self.names, roles=self.roles)
        staff, manager = role_required(*self.roles), role_required(Role.MANAGER)
        return [
            path(folder, staff(self.index), name=name),
            path(f"{folder}liste.<str:ending>", files(self.brought), name=f"{name}_export"),
            *(
                path(f"{folder}<int:pk>/{below}", staff(view), name=f"{name}_{step}")
                for step, (below, view) in steps.items()
            ),
            path(
                f"{folder}<int:pk>/rueckgaengig/",
                manager(require_POST(self.undo)),
                name=f"{name}_undo",
            ),
        ]

    def address(self, step, batch_pk):
        return reverse(f"{self.names}_{step}", args=[batch_pk])

    def batch_for(self, request, pk):
        return get_object_or_404(self.model.objects.visible_to(request.user), pk=pk)

    def looked_into(self, request, pk):
        batch = self.batch_for(request, pk)
        batch.look(by=request.user)
        return batch

    def index(self, request):
        """Bring a file; below it, what was brought before. The address may choose beforehand."""
        chosen = request.GET.dict()
        form = self.file_form(
            request.POST or None, request.FILES or None, by=request.user, initial=chosen
        )
        if request.method == "POST" and form.is_valid():
            try:
                batch = form.propose()
            except ValidationError as refusal:
                form.add_error("file", refusal)
            else:
                return redirect(self.address("columns", batch.pk))
        context = {"form": form, "batches": self.brought(request)[:LATEST]}
        return self._page(request, "", context | {"files": f"{self.names}_export"})

    def brought(self, request):
        """What this person may see of all that was ever brought."""
        return self.model.objects.visible_to(request.user).for_list()

    def columns(self, request, pk):
        """Correct what each column means."""
        batch = self.looked_into(request, pk)
        if not batch.is_open:
            return redirect(self.address("preview", pk))
        form = self.columns_form(request.POST or None, batch=batch)
        if form.is_valid():
            try:
                form.remap(by=request.user)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                return redirect(self.address("preview", pk))
        return self._page(request, "_columns", {"form": form, "batch": batch})

    def preview(self, request, pk):
        """Every row with all its problems and the totals; afterwards the result."""
        batch = self.looked_into(request, pk)
        if batch.is_open and batch.missing_fields:
            return redirect(self.address("columns", pk))
        only_problems = request.GET.get("rows") == "problems"
        lines = batch.lines(only_problems) if batch.is_kept else []
        context = {
            "batch": batch,
            "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
            "tabs": [
                (_("All rows"), "?rows=all", not only_problems),
                (_("Only rows with problems"), "?rows=problems", only_problems),
            ],
            "came_before": batch.came_before if batch.is_open else None,
            "questions": self._questions(batch) if batch.is_open else None,
            "may_undo": batch.is_committed and request.user.role == Role.MANAGER,
        }
        return self._page(request, "_preview", context)

    def answer(self, request, pk):
        """Keep whom the names in the list mean."""
        batch = self.batch_for(request, pk)
        form = self._questions(batch, request.POST)
        if form.is_valid():
            tell(
                request,
                lambda: batch.answer(by=request.user, organisations=form.answers()),
                _("Your answers are kept."),
            )
        return redirect(self.address("preview", pk))

    def commit(self, request, pk):
        batch = self.batch_for(request, pk)
        tell(request, lambda: batch.commit(by=request.user), _("The list is imported."))
        return redirect(self.address("preview", pk))

    def undo(self, request, pk):
        batch = self.batch_for(request, pk)
        tell(request, lambda: batch.undo(by=request.user), _("The import is undone."))
        return redirect(self.address("preview", pk))

    def discard(self, request, pk):
        batch = self.batch_for(request, pk)
        tell(
            request, lambda: batch.discard(by=request.user), _("The file is put aside and deleted.")
        )
        return redirect(self.names)

    def rejected(self, request, pk):
        """The rows with problems as a file to correct and bring again."""
        batch = self.looked_into(request, pk)
        headings, rows = batch.rejected.as_table() if batch.is_kept else ([], [])
        return xlsx_response(_("rejected-rows-%(number)s") % {"number": pk}, headings, rows)

    def _questions(self, batch, data=None):
        return self.questions_form(data, batch=batch, action=self.address("answer", batch.pk))

    def _page(self, request, step, context):
        return render(request, f"{self.templates}{step}.html", {"names": self.names, **context})


def tell(request, verb, done):
    """Act, and say that it is done or why it is not."""
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, done)

"""Pages of text blocks: those of a project, one of them, and its end."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file
from consultations.forms.text_blocks import TextBlockForm
from consultations.models import Project, TextBlock
from consultations.project_listing import TEXT_BLOCKS


def project_of(request, key):
    return get_object_or_404(Project.objects.loggable_by(request.user), key=key)


def block_of(request, pk):
    return get_object_or_404(
        TextBlock.objects.visible_to(request.user).select_related("project"), pk=pk
    )


@role_required(*STAFF_ROLES)
@require_safe
def index(request, key):
    project = project_of(request, key)
    blocks = TextBlock.objects.visible_to(request.user).of(project)
    return render(
        request, "consultations/textblock_list.html", {"project": project, "blocks": blocks}
    )


@list_file(
    gettext_lazy("text-blocks"),
    TEXT_BLOCKS,
    page="consultations:text_blocks",
    roles=STAFF_ROLES,
    subject=project_of,
)
def export(request, key):
    return TextBlock.objects.visible_to(request.user).of(project_of(request, key))


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, key):
    return kept(request, TextBlock(project=project_of(request, key)))


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    return kept(request, block_of(request, pk))


def kept(request, block):
    """The form of a new or an old one; back to the list when it is saved."""
    project = block.project
    form = request.draft.fill(TextBlockForm(request.POST or None, instance=block))
    if form.is_valid():
        try:
            form.keep(by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The text block is saved."))
            return redirect("consultations:text_blocks", project.key)
    context = {"form": form, "project": project, "is_new": block.pk is None}
    return render(request, "consultations/textblock_form.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def remove(request, pk):
    """Into the bin; the next page offers to undo it. What was logged with it keeps its words."""
    block = block_of(request, pk)
    try:
        block.withdraw(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, render_to_string("bin/_deleted.html", {"row": block}))
    return redirect(block.home)

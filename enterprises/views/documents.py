"""Pages of papers: the list, one paper, bringing and renewing, the bin, and the file itself."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.conflicts import refuse
from best_portal.files.sending import as_attachment
from best_portal.lists import list_file, understood
from enterprises.document_filters import DocumentFilter
from enterprises.forms.documents import BringForm, DocumentForm, RenewForm, VersionForm
from enterprises.listing import DOCUMENTS
from enterprises.models import Document, DocumentVersion, Organisation
from enterprises.tasks import read_documents

PAGE = 50


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """The list, its filters in the address; by itself it shows what must be looked after."""
    filters = DocumentFilter(request.GET, user=request.user)
    paginator = Paginator(filters.rows.for_list(), PAGE)
    context = {
        "filters": filters,
        "number": paginator.count,
        "page": paginator.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
    }
    return render(request, "enterprises/document_list.html", context)


@list_file(gettext_lazy("papers"), DOCUMENTS, page="enterprises:documents", roles=STAFF_ROLES)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(DocumentFilter(request.GET, user=request.user)).rows.for_list()


@role_required(*STAFF_ROLES, Role.FOUNDER)
def new(request, pk):
    """Bring files; those that may be kept are, and the form says why another may not."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    form = BringForm(
        request.POST or None, request.FILES or None, by=request.user, organisation=organisation
    )
    request.draft.fill(form)
    if form.is_valid():
        form.bring()
        if kept := len(form.brought):
            read_documents.delay_on_commit()
            kept_words = ngettext("One paper is kept.", "%(number)d papers are kept.", kept)
            messages.success(request, kept_words % {"number": kept})
        if not form.errors:
            return redirect(form.brought[0] if kept == 1 else f"{organisation_url(pk)}#documents")
    return page(request, form, organisation, _("Add papers"))


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_safe
def detail(request, pk, document_pk):
    document = visible_or_404(request, pk, document_pk)
    context = {
        "document": document,
        "organisation": document.organisation,
        "versions": document.versions.newest_first().for_list(),
        "is_staff": request.user.is_staff_member,
        "may_remove": document in Document.objects.editable_by(request.user),
    }
    return render(request, "enterprises/document_detail.html", context)


@role_required(*STAFF_ROLES)
def edit(request, pk, document_pk):
    document = visible_or_404(request, pk, document_pk)
    form = request.draft.fill(DocumentForm(request.POST or None, instance=document))
    return do(request, form, document, _("Change the paper"), lambda: form.keep(by=request.user))


@role_required(*STAFF_ROLES, Role.FOUNDER)
def renew(request, pk, document_pk):
    """Add a version; the earlier ones stay."""
    document = visible_or_404(request, pk, document_pk)
    form = request.draft.fill(RenewForm(request.POST or None, request.FILES or None))

    def verb():
        form.renew(document, by=request.user)
        read_documents.delay_on_commit()

    return do(request, form, document, _("Add a version"), verb)


@role_required(*STAFF_ROLES)
def describe(request, pk, document_pk, number):
    """Say what a version is."""
    document = visible_or_404(request, pk, document_pk)
    version = get_object_or_404(document.versions.for_list(), number=number)
    form = request.draft.fill(VersionForm(request.POST or None, instance=version))
    title = _("Describe version %(number)d") % {"number": number}
    return do(request, form, document, title, lambda: form.keep(by=request.user))


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_GET
def file(request, pk, document_pk, number):
    """The file, to be saved; who took it is noted."""
    versions = DocumentVersion.objects.visible_to(request.user).for_list()
    version = get_object_or_404(
        versions, document=document_pk, document__organisation=pk, number=number
    )
    try:
        pieces = version.download(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(version.document)
    return as_attachment(
        pieces, name=version.name, media_type=version.media_type, size=version.size
    )


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_POST
def remove(request, pk, document_pk):
    document = editable_or_404(request, pk, document_pk)
    done = render_to_string("enterprises/_document_deleted.html", {"document": document})
    return move(request, document, lambda: document.withdraw(by=request.user), done)


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_POST
def restore(request, pk, document_pk):
    document = editable_or_404(request, pk, document_pk)
    done = _("It is back: %(what)s") % {"what": document}
    return move(request, document, lambda: document.restore(by=request.user), done)


def visible_or_404(request, pk, document_pk):
    visible = Document.objects.visible_to(request.user)
    rows = visible.select_related("organisation", "uploaded_by", "withdrawn_by")
    return get_object_or_404(rows, pk=document_pk, organisation=pk)


def editable_or_404(request, pk, document_pk):
    editable = Document.objects.editable_by(request.user)
    return get_object_or_404(editable, pk=document_pk, organisation=pk)


def organisation_url(pk):
    return reverse("enterprises:detail", args=[pk])


def move(request, document, verb, done):
    """Do the verb, and answer with the paper."""
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, done)
    return redirect(document)


def do(request, form, document, title, verb):
    """Answer with the form until the verb has been done, then with the paper."""
    if form.is_valid():
        try:
            verb()
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect(document)
    return page(request, form, document.organisation, title, document)


def page(request, form, organisation, title, document=None):
    context = {
        "form": form,
        "organisation": organisation,
        "title": title,
        "document": document,
        "is_staff": request.user.is_staff_member,
    }
    return render(request, "enterprises/document_form.html", context)

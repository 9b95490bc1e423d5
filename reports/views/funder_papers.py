"""Papers beside the reports: the manager hands them over, the funder takes them."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.refusals import tell
from reports import extracts, pdf
from reports.forms.funder_papers import ExtractForm
from reports.models import FunderPaper, PaperKind
from reports.views.documents import PDF, to_keep
from reports.views.money import grant_or_404
from reports.views.payments import payment_or_404


@role_required(Role.MANAGER)
@never_cache
def new(request, ref):
    """Choose an extract, look at it first, hand it over."""
    grant = grant_or_404(request, ref)
    form = ExtractForm(request.POST or None, grant=grant, initial=suggested(request, grant))
    request.draft.fill(form)
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" in request.POST:
                return preview(grant, by=request.user, **form.cleaned_data)
            paper = extracts.hand_over_extract(grant, by=request.user, **form.cleaned_data)
        except (ValidationError, pdf.PrintError) as refusal:
            tell(form, refusal)
        else:
            messages.success(request, handed_over(paper))
            return redirect(grant)
    papers = FunderPaper.objects.visible_to(request.user).of(grant).for_list()
    context = {"grant": grant, "form": form, "papers": papers}
    return render(request, "reports/funder_paper_new.html", context)


def suggested(request, grant):
    """The kind and period of a duty, where the address names them; else the time so far."""
    last = max(grant.accountable_from, min(grant.ends_on, timezone.localdate()))
    found = {"starts_on": grant.accountable_from, "ends_on": last}
    if request.GET.get("art") in PaperKind.values:
        found["kind"] = request.GET["art"]
    for name, key in (("starts_on", "von"), ("ends_on", "bis")):
        try:
            found[name] = date.fromisoformat(request.GET.get(key, ""))
        except ValueError:
            continue
    return found


def preview(grant, *, by, kind, starts_on, ends_on):
    """The paper as it would go out; nobody else gets it and nothing is kept."""
    content = extracts.PRINTING[PaperKind(kind)](grant, starts_on, ends_on, by=by)
    name = f"vorschau_{PaperKind(kind).file_stem}.pdf"
    return HttpResponse(content, content_type=PDF, headers=to_keep(name))


def handed_over(paper):
    return _("Handed over to the funder: %(paper)s") % {"paper": paper}


@role_required(Role.MANAGER)
@require_POST
def payment(request, ref, pk):
    """Hand the paper of a payment request over."""
    asked = payment_or_404(request, ref, pk)
    try:
        paper = extracts.hand_over_payment(asked, by=request.user)
    except (ValidationError, pdf.PrintError) as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, handed_over(paper))
    return redirect(asked)


# No HEAD: who took what is kept, and HEAD hands out nothing.
@role_required(Role.MANAGER, Role.FUNDER)
@never_cache
@require_GET
def download(request, pk):
    papers = FunderPaper.objects.visible_to(request.user).for_list().defer(None)
    paper = get_object_or_404(papers, pk=pk)
    content = paper.download(by=request.user)
    return HttpResponse(content, content_type=PDF, headers=to_keep(paper.file_name))

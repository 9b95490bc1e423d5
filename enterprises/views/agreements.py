"""Pages of cooperation agreements: the list, one with all its parts, reviews and the end."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.lists import list_file, understood
from enterprises.forms.partnerships import (
    AgreementForm,
    EndForm,
    MilestoneForm,
    PartyForm,
    PledgeForm,
    ReviewForm,
    StageOfAgreementForm,
)
from enterprises.local_listing import AGREEMENTS
from enterprises.models import Agreement
from enterprises.partnership_filters import AgreementFilter
from enterprises.views.local import form_page


@dataclass(frozen=True)
class Part:
    """A kind of part: the relation that holds it, its form, the titles of its pages."""

    relation: str
    form: type
    new_title: str
    title: str


PARTS = {
    "party": Part("parties", PartyForm, _("Add a party"), _("Change the party")),
    "pledge": Part("pledges", PledgeForm, _("Add what a party brings in"), _("Change the pledge")),
    "stage": Part("stages", StageOfAgreementForm, _("Add a stage"), _("Change the stage")),
    "milestone": Part("milestones", MilestoneForm, _("Add a milestone"), _("Change the milestone")),
}


def list_step():
    return (_("Agreements"), reverse("enterprises:agreements"))


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    filters = AgreementFilter(request.GET, user=request.user)
    context = {"filters": filters, "rows": filters.rows, "query": request.GET.urlencode()}
    return render(request, "enterprises/agreement_list.html", context)


@list_file(_("agreements"), AGREEMENTS, page="enterprises:agreements", roles=STAFF_ROLES)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(AgreementFilter(request.GET, user=request.user)).rows


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    rows = Agreement.objects.visible_to(request.user).for_list()
    agreement = get_object_or_404(rows, pk=pk)
    context = {
        "agreement": agreement,
        "pledges": agreement.pledges.valid().for_list(),
        "stages": agreement.stages.valid(),
        "milestones": agreement.milestones.valid(),
        "reviews": agreement.reviews.select_related("by"),
        "given": agreement.contributions.visible_to(request.user).for_list().newest_first(),
    }
    return render(request, "enterprises/agreement_detail.html", context)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    initial = {
        "advisor": request.user.pk,
        "alliance": request.GET.get("organisation"),
        "districts": request.GET.getlist("area")[:1],
    }
    form = request.draft.fill(AgreementForm(request.POST or None, initial=initial))
    return form_page(
        request,
        form,
        _("Write down an agreement"),
        lambda: form.keep(by=request.user),
        steps=[list_step()],
        back=None,
    )


def editable(request, pk):
    return get_object_or_404(Agreement.objects.editable_by(request.user), pk=pk)


def agreement_page(request, form, title, agreement, verb, deletes=None):
    return form_page(
        request,
        form,
        title,
        verb,
        steps=[list_step(), (agreement.name, agreement.get_absolute_url())],
        back=agreement.get_absolute_url(),
        deletes=deletes,
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    row = editable(request, pk)
    form = request.draft.fill(AgreementForm(request.POST or None, instance=row))
    return agreement_page(
        request, form, _("Change the agreement"), row, lambda: form.keep(by=request.user)
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def part_new(request, pk, kind):
    agreement, part = editable(request, pk), PARTS[kind]
    row = getattr(agreement, part.relation).model(agreement=agreement)
    form = request.draft.fill(part.form(request.POST or None, instance=row))
    title = part.new_title
    return agreement_page(request, form, title, agreement, lambda: form.keep(by=request.user))


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def part_edit(request, pk, kind, part_pk):
    agreement, part = editable(request, pk), PARTS[kind]
    row = get_object_or_404(getattr(agreement, part.relation).valid(), pk=part_pk)
    form = request.draft.fill(part.form(request.POST or None, instance=row))
    return agreement_page(
        request, form, part.title, agreement, lambda: form.keep(by=request.user), row
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, pk):
    row = editable(request, pk)
    form = request.draft.fill(ReviewForm(request.POST or None))
    return agreement_page(
        request,
        form,
        _("Review the agreement"),
        row,
        lambda: row.review(by=request.user, **form.cleaned_data),
    )


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request, pk):
    row = editable(request, pk)
    initial = {"on": timezone.localdate()}
    form = request.draft.fill(EndForm(request.POST or None, initial=initial))
    return agreement_page(
        request,
        form,
        _("End the agreement early"),
        row,
        lambda: row.end(by=request.user, **form.cleaned_data),
    )

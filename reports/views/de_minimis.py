"""Pages of de minimis aid: the accounts, declarations, awards, and the papers of both."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.lists import list_file, understood
from best_portal.refusals import tell
from enterprises.models import Organisation
from reports import accounts, aid_papers
from reports.forms.aid import AccountsForm, AwardForm, DeclarationSetup, RevokeForm
from reports.listing import ACCOUNTS, COUNTED
from reports.models import Declaration, DeMinimisAward, DeMinimisRule, Handed
from reports.views.group_papers import paper

PAGE = 50


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """All accounts, the fullest first; its filters in the address."""
    form = AccountsForm(request.GET)
    found = accounts.accounts(request.user, form.day, show=form.shown)
    context = {
        "form": form,
        "day": form.day,
        "number": len(found),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "rules": DeMinimisRule.objects.valid_on(form.day),
        "to_register": DeMinimisAward.objects.visible_to(request.user).to_register().count(),
    }
    return render(request, "reports/de_minimis_list.html", context)


@list_file(
    gettext_lazy("de-minimis-accounts"), ACCOUNTS, page="reports:de_minimis", roles=STAFF_ROLES
)
def export(request):
    """The accounts of the day on the page."""
    form = understood(AccountsForm(request.GET))
    return accounts.accounts(request.user, form.day, show=form.shown)


@list_file(
    gettext_lazy("de-minimis-account"),
    COUNTED,
    page="reports:de_minimis_account",
    roles=STAFF_ROLES,
)
def account_export(request, pk):
    """What counts in one account on the day on the page."""
    form = understood(AccountsForm(request.GET))
    account = DeMinimisAward.objects.account(visible_or_404(request, pk), form.day)
    return account.counted if account else []


@role_required(*STAFF_ROLES, Role.FOUNDER)
@require_safe
def account(request, pk):
    """One account as of a day; founders see their own."""
    form = AccountsForm(request.GET)
    organisation = visible_or_404(request, pk)
    context = accounts.account_page(organisation, request.user, form.day)
    return render(request, "reports/de_minimis_account.html", context | {"form": form})


@role_required(*STAFF_ROLES, Role.FOUNDER)
def declaration_new(request, pk):
    """The declaration, filled in by whoever advises or by the founder."""
    organisation = visible_or_404(request, pk)
    setup = DeclarationSetup(request.POST or None, organisation=organisation, by=request.user)
    request.draft.fill(setup.form, setup.table)
    if request.method == "POST" and setup.is_valid():
        try:
            declaration = setup.record()
        except ValidationError as refusal:
            tell(setup.form, refusal)
        else:
            messages.success(request, _("The declaration is recorded. Print and sign it."))
            return redirect(declaration)
    context = {"setup": setup, "organisation": organisation}
    context |= accounts.public_money(organisation, request.user)
    return render(request, "reports/declaration_form.html", context)


@role_required(*STAFF_ROLES)
def award_new(request, pk):
    organisation = visible_or_404(request, pk)
    form = AwardForm(request.POST or None, organisation=organisation)
    request.draft.fill(form)
    if form.is_valid():
        try:
            granted = form.award(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, told(granted))
            return redirect("reports:de_minimis_account", organisation.pk)
    context = {"form": form, "organisation": organisation}
    context["waiting"] = accounts.waiting(organisation)
    return render(request, "reports/award_form.html", context)


def told(granted):
    words = ngettext(
        "%(number)d consultation was granted as aid.",
        "%(number)d consultations were granted as aid.",
        len(granted),
    )
    return words % {"number": len(granted)} if granted else _("Everything was granted already.")


@role_required(Role.MANAGER)
def award_revoke(request, pk):
    revocable = DeMinimisAward.objects.revocable_by(request.user)
    award = get_object_or_404(revocable.for_list(), pk=pk)
    form = request.draft.fill(RevokeForm(request.POST or None))
    if form.is_valid():
        try:
            award.revoke(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The aid is revoked and counts no more."))
            return redirect(award)
    return render(request, "reports/award_revoke.html", {"form": form, "award": award})


# --- papers ---


@role_required(*STAFF_ROLES, Role.FOUNDER)
@never_cache
@require_safe
def certificate(request, pk):
    """The certificate of one award; founders get their own."""
    visible = DeMinimisAward.objects.visible_to(request.user).in_force()
    award = get_object_or_404(visible.for_list(), pk=pk)
    name = f"de-minimis-bescheinigung-{award.number}"
    return paper(
        request,
        lambda: aid_papers.certificate(award),
        name,
        kind=Handed.AID_CERTIFICATE,
        back=redirect(award),
    )


@role_required(*STAFF_ROLES, Role.FOUNDER)
@never_cache
@require_safe
def declaration(request, pk):
    """The declaration as a form to sign; founders get their own."""
    visible = Declaration.objects.visible_to(request.user).for_list()
    declaration = get_object_or_404(visible, pk=pk)
    name = f"de-minimis-erklaerung-{declaration.organisation.number}"
    return paper(
        request,
        lambda: aid_papers.declaration(declaration),
        name,
        kind=Handed.AID_DECLARATION,
        back=redirect(declaration),
    )


def visible_or_404(request, pk):
    return get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)

"""Pages of a grant's money: plan against actual, hourly rates, results, the inventory, rules."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.conflicts import refuse
from best_portal.export import csv_response, xlsx_response
from best_portal.lists import list_file
from reports.forms.money import (
    AccountingRuleForm,
    CostMethodForm,
    DeliverableForm,
    EnterpriseAwardForm,
    InventoryForm,
    StaffRateForm,
)
from reports.listing import ENTERPRISE_AWARDS
from reports.models import (
    AccountingRule,
    CostMethod,
    Deliverable,
    EnterpriseAward,
    Grant,
    InventoryItem,
    StaffRate,
    ThresholdKey,
)
from reports.money import Money

INVENTORY_HEADINGS = [
    gettext_lazy("Thing"),
    gettext_lazy("Number on it"),
    gettext_lazy("Bought on"),
    gettext_lazy("Price (EUR)"),
    gettext_lazy("Where it is"),
    gettext_lazy("Voucher"),
    gettext_lazy("Gone since"),
    gettext_lazy("What became of it"),
]


def grant_or_404(request, ref):
    return get_object_or_404(Grant.objects.editable_by(request.user).for_list(), ref=ref)


@role_required(Role.MANAGER)
@require_safe
def money(request, ref):
    """Plan against actual, what follows for the grant, and everything its money consists of."""
    grant = grant_or_404(request, ref)
    context = {
        "grant": grant,
        "money": Money(grant, timezone.localdate()),
        "payments": grant.payment_requests.for_list(),
        "rates": StaffRate.objects.of(grant),
        "results": Deliverable.objects.of(grant),
    }
    return render(request, "reports/money.html", context)


@role_required(Role.MANAGER)
@require_safe
def inventory(request, ref):
    grant = grant_or_404(request, ref)
    things = InventoryItem.objects.visible_to(request.user).of(grant)
    context = {
        "grant": grant,
        "things": things.for_list(),
        "prices": grant.thresholds.of(ThresholdKey.INVENTORY),
        "endings": [("CSV", "csv"), ("Excel", "xlsx")],
    }
    return render(request, "reports/inventory.html", context)


@role_required(Role.MANAGER)
@require_safe
def inventory_export(request, ref, ending):
    if ending not in ("csv", "xlsx"):
        raise Http404
    grant = grant_or_404(request, ref)
    things = InventoryItem.objects.visible_to(request.user).of(grant)
    rows = (
        [
            thing.name,
            thing.mark,
            thing.bought_on,
            thing.price,
            thing.place,
            thing.voucher.number if thing.voucher else "",
            thing.gone_on,
            thing.gone_because,
        ]
        for thing in things.for_list()
    )
    answer = csv_response if ending == "csv" else xlsx_response
    return answer(_("inventory"), INVENTORY_HEADINGS, rows)


@role_required(Role.MANAGER)
@require_safe
def enterprise_awards(request, ref):
    """What went on from the grant to enterprises: grants and financial instruments."""
    grant = grant_or_404(request, ref)
    context = {"grant": grant, "awards": awards_of(request, grant)}
    return render(request, "reports/enterprise_awards.html", context)


@list_file(
    gettext_lazy("awards-to-enterprises"),
    ENTERPRISE_AWARDS,
    page="reports:enterprise_awards",
    roles=[Role.MANAGER],
)
def enterprise_awards_export(request, ref):
    return awards_of(request, grant_or_404(request, ref))


def awards_of(request, grant):
    return EnterpriseAward.objects.visible_to(request.user).of(grant).for_list()


@dataclass(frozen=True)
class Part:
    """Something small that belongs to a grant: its model, its form, the titles, where it stands."""

    model: type
    form: type
    new_title: str
    title: str
    home: str


PARTS = {
    "thing": Part(
        InventoryItem,
        InventoryForm,
        gettext_lazy("Add a thing to the inventory"),
        gettext_lazy("Change the thing in the inventory"),
        "reports:inventory",
    ),
    "award": Part(
        EnterpriseAward,
        EnterpriseAwardForm,
        gettext_lazy("Add an award to an enterprise"),
        gettext_lazy("Change the award to an enterprise"),
        "reports:enterprise_awards",
    ),
    "rate": Part(
        StaffRate,
        StaffRateForm,
        gettext_lazy("Add an hourly rate"),
        gettext_lazy("Change the hourly rate"),
        "reports:money",
    ),
    "result": Part(
        Deliverable,
        DeliverableForm,
        gettext_lazy("Add a result with a lump sum"),
        gettext_lazy("Change the result with a lump sum"),
        "reports:money",
    ),
}


@role_required(Role.MANAGER)
def part_new(request, ref, kind):
    grant, part = grant_or_404(request, ref), PARTS[kind]
    form = part.form(request.POST or None, grant=grant)
    return save_part(request, grant, part, form, part.new_title)


@role_required(Role.MANAGER)
def part_edit(request, ref, pk, kind):
    grant, part = grant_or_404(request, ref), PARTS[kind]
    row = get_object_or_404(part.model.objects.of(grant), pk=pk)
    form = part.form(request.POST or None, instance=row, grant=grant)
    deletes = row if hasattr(row, "withdraw") else None
    return save_part(request, grant, part, form, part.title, deletes)


def save_part(request, grant, part, form, title, deletes=None):
    request.draft.fill(form)
    home = reverse(part.home, args=[grant.ref])
    if form.is_valid():
        try:
            form.keep(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect(home)
    context = {"form": form, "title": title, "grant": grant, "home": home, "deletes": deletes}
    return render(request, "reports/money_form.html", context)


@role_required(Role.MANAGER)
@require_safe
def cost_rules(request):
    """The cost methods and the limits, with where each comes from."""
    context = {"methods": CostMethod.objects.all(), "rules": AccountingRule.objects.all()}
    return render(request, "reports/cost_rules.html", context)


RULES = {
    "method": (CostMethod, CostMethodForm, gettext_lazy("Cost method")),
    "limit": (AccountingRule, AccountingRuleForm, gettext_lazy("Rule of accounting")),
}
NEW = {"method": gettext_lazy("New cost method"), "limit": gettext_lazy("New rule of accounting")}


@role_required(Role.MANAGER)
def cost_rule_new(request, kind):
    _model, form, _title = RULES[kind]
    return save_rule(request, form(request.POST or None), NEW[kind])


@role_required(Role.MANAGER)
def cost_rule_edit(request, pk, kind):
    model, form, title = RULES[kind]
    row = get_object_or_404(model.objects.all(), pk=pk)
    return save_rule(request, form(request.POST or None, instance=row), title)


def save_rule(request, form, title):
    request.draft.fill(form)
    if form.is_valid():
        try:
            form.keep(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect("reports:cost_rules")
    context = {"form": form, "title": title, "home": reverse("reports:cost_rules")}
    return render(request, "reports/money_form.html", context)

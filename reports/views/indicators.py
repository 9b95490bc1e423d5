"""Indicators and their rules, sets of them, and a whole set for a grant."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.lists import list_file
from best_portal.refusals import tell
from reports.forms.indicators import IndicatorForm, IndicatorSetForm, SetForm
from reports.listing import INDICATORS
from reports.models import Grant, Indicator, IndicatorSet, Target
from reports.rule_words import told
from reports.views.grants import save_noun


@role_required(Role.MANAGER, Role.FUNDER)
@require_safe
def indicators(request):
    context = {
        "indicators": told(Indicator.objects.for_list()),
        "sets": IndicatorSet.objects.for_list(),
        "unused": set(Indicator.objects.unused().values_list("pk", flat=True)),
    }
    return render(request, "reports/indicator_list.html", context)


@list_file(
    gettext_lazy("indicators"),
    INDICATORS,
    page="reports:indicators",
    roles=(Role.MANAGER, Role.FUNDER),
)
def indicators_export(request):
    return told(Indicator.objects.for_list())


@role_required(Role.MANAGER)
def indicator_new(request):
    initial = {"starts_on": timezone.localdate()}
    form = request.draft.fill(IndicatorForm(request.POST or None, initial=initial))
    if form.is_valid():
        try:
            Indicator.objects.introduce(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("reports:indicators")
    return render(request, "reports/indicator_form.html", {"form": form})


@role_required(Role.MANAGER)
@require_POST
def indicator_remove(request, pk):
    """Remove an indicator no grant has; the version before it counts on."""
    indicator = get_object_or_404(Indicator.objects.unused(), pk=pk)
    try:
        Indicator.objects.remove(indicator, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The indicator is removed."))
    return redirect("reports:indicators")


@role_required(Role.MANAGER)
def set_new(request):
    return save_noun(request, IndicatorSetForm, None, _("Add a set"), home="reports:indicators")


@role_required(Role.MANAGER)
def set_edit(request, pk):
    chosen = get_object_or_404(IndicatorSet, pk=pk)
    title = _("Change the set")
    return save_noun(request, IndicatorSetForm, chosen, title, home="reports:indicators")


@role_required(Role.MANAGER)
@require_POST
def indicators_take(request, ref):
    """Give a grant a whole set of indicators; their targets are typed in afterwards."""
    grant = get_object_or_404(Grant.objects.editable_by(request.user), ref=ref)
    form = SetForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("Choose one of the sets."))
        taken = Target.objects.take(form.cleaned_data["chosen"], by=request.user, grant=grant)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("reports:set_up", grant.ref)
    messages.success(
        request,
        ngettext("One indicator was added.", "%(count)d indicators were added.", taken)
        % {"count": taken},
    )
    return redirect(f"{reverse('reports:grant_edit', args=[grant.ref])}#targets")

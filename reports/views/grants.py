"""Grants: what each funder gave for which project, and its setting up by the manager."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports.forms.grants import FundForm, GrantSetup, ProgrammeForm
from reports.models import Fund, Grant, Indicator, Programme, Report


@role_required(Role.MANAGER)
@require_safe
def grants(request):
    user = request.user
    context = {
        "grants": Grant.objects.visible_to(user).for_list(),
        "programmes": Programme.objects.visible_to(user).for_list(),
    }
    return render(request, "reports/grant_list.html", context)


@role_required(Role.MANAGER, Role.FUNDER)
@require_safe
def grant(request, ref):
    grant = get_object_or_404(Grant.objects.visible_to(request.user).for_list(), ref=ref)
    context = {
        "grant": grant,
        "targets": grant.targets.select_related("indicator"),
        "reports": Report.objects.visible_to(request.user).of(grant),
    }
    return render(request, "reports/grant_detail.html", context)


@role_required(Role.MANAGER)
def grant_new(request):
    return set_up(request, instance=None, title=_("Set up a grant"))


@role_required(Role.MANAGER)
def grant_edit(request, ref):
    instance = get_object_or_404(Grant.objects.editable_by(request.user), ref=ref)
    return set_up(request, instance=instance, title=_("Change the grant"))


def set_up(request, *, instance, title):
    setup = GrantSetup(request.POST or None, instance=instance)
    if request.method == "POST" and setup.is_valid():
        with transaction.atomic():
            grant = setup.save()
            Event.objects.record_saved(
                actor=request.user, form=setup.form, created=instance is None
            )
        messages.success(request, _("The grant is saved."))
        return redirect(grant)
    context = {"setup": setup, "title": title, "grant": instance}
    return render(request, "reports/grant_form.html", context)


@role_required(Role.MANAGER)
def programme_new(request):
    return save_noun(request, ProgrammeForm, None, _("Set up a programme"))


@role_required(Role.MANAGER)
def programme_edit(request, pk):
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=pk)
    return save_noun(request, ProgrammeForm, programme, _("Change the programme"))


@role_required(Role.MANAGER)
def fund_new(request):
    return save_noun(request, FundForm, None, _("Set up a fund"))


def save_noun(request, form_class, instance, title):
    form = form_class(request.POST or None, instance=instance)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            Event.objects.record_saved(actor=request.user, form=form, created=instance is None)
        messages.success(request, _("Saved."))
        return redirect("reports:grants")
    context = {"form": form, "title": title, "funds": Fund.objects.all()}
    return render(request, "reports/noun_form.html", context)


@role_required(Role.MANAGER, Role.FUNDER)
@require_safe
def indicators(request):
    context = {"indicators": Indicator.objects.order_by("code", "-version")}
    return render(request, "reports/indicator_list.html", context)

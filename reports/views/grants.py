"""Grants: what each funder gave for which project, and its setting up by the manager."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.conflicts import check_all, refuse
from best_portal.lists import list_file
from reports import duties, retention
from reports.forms.grants import GrantSetup
from reports.forms.programmes import FundForm, ProgrammeSetup
from reports.listing import GRANTS, PROGRAMMES
from reports.models import Fund, FunderPaper, Grant, Programme, Report, Target, ThresholdKey
from reports.views.sheets import saved


@role_required(Role.MANAGER)
@require_safe
def grants(request):
    user = request.user
    context = {
        "grants": Grant.objects.visible_to(user).for_list(),
        "programmes": Programme.objects.visible_to(user).for_list(),
        "funds": Fund.objects.all(),
    }
    return render(request, "reports/grant_list.html", context)


@list_file(gettext_lazy("grants"), GRANTS, page="reports:grants", roles=(Role.MANAGER,))
def grants_export(request):
    return Grant.objects.visible_to(request.user).for_list()


@list_file(gettext_lazy("programmes"), PROGRAMMES, page="reports:grants", roles=(Role.MANAGER,))
def programmes_export(request):
    return Programme.objects.visible_to(request.user).for_list()


@role_required(Role.MANAGER, Role.FUNDER)
@require_safe
def grant(request, ref):
    grant = get_object_or_404(Grant.objects.visible_to(request.user).for_list(), ref=ref)
    is_manager = request.user.role == Role.MANAGER
    thresholds = grant.thresholds.all()
    keeping = retention.rules_of(grant) if is_manager else []
    context = {
        "grant": grant,
        "targets": Target.objects.promised(grant, min(timezone.localdate(), grant.ends_on)),
        "papers": FunderPaper.objects.visible_to(request.user).of(grant).for_list(),
        "reports": Report.objects.visible_to(request.user).of(grant),
        "thresholds": thresholds if is_manager else thresholds.exclude(key=ThresholdKey.KEEPING),
        "publicity": grant.publicity.all(),
        "lines": grant.plan_lines.select_related("method"),
        "notices": grant.notices.select_related("letter").prefetch_related("changes__changed_by"),
        "dues": duties.of_grants([grant], timezone.localdate()),
        "is_manager": is_manager,
        "keeping": keeping,
        "kept_until": retention.last_day(keeping),
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
    if grant := saved(request, setup, _("The grant is saved.")):
        return redirect("reports:set_up" if instance is None else "reports:grant", grant.ref)
    context = {"setup": setup, "title": title, "grant": instance}
    return render(request, "reports/grant_form.html", context)


@role_required(Role.MANAGER)
def programme_new(request):
    return set_up_programme(request, None, _("Set up a programme"))


@role_required(Role.MANAGER)
def programme_edit(request, pk):
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=pk)
    return set_up_programme(request, programme, _("Change the programme"))


def set_up_programme(request, instance, title):
    setup = ProgrammeSetup(request.POST or None, instance=instance)
    if saved(request, setup, _("Saved.")):
        return redirect("reports:grants")
    return render(request, "reports/programme_form.html", {"setup": setup, "title": title})


@role_required(Role.MANAGER)
def fund_new(request):
    return save_noun(request, FundForm, None, _("Set up a fund"))


@role_required(Role.MANAGER)
def fund_edit(request, pk):
    return save_noun(request, FundForm, get_object_or_404(Fund, pk=pk), _("Change the fund"))


def save_noun(request, form_class, instance, title, home="reports:grants"):
    form = request.draft.fill(form_class(request.POST or None, instance=instance))
    if form.is_valid():
        try:
            keep(form, by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect(home)
    context = {"form": form, "title": title, "home": home, "funds": Fund.objects.all()}
    return render(request, "reports/noun_form.html", context)


@transaction.atomic
def keep(form, *, by):
    created = form.instance.pk is None
    check_all(form)
    form.save()
    Event.objects.record_saved(actor=by, form=form, created=created)

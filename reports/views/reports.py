"""Reports: asked for and released by the manager, read and downloaded by their funders."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.lists import list_file
from best_portal.refusals import tell
from reports import checks
from reports.data_check import check, hindering
from reports.desk import trays, years
from reports.finding import TOLD
from reports.forms.reports import ReportForm, VersionForm
from reports.listing import REPORTS
from reports.models import Grant, Query, Report, ReportVersion, Step, VersionStatus
from reports.money_reading import MoneyReading
from reports.reading import Reading
from reports.releasing import release as let_out
from reports.settlement_reading import SettlementReading
from reports.tasks import render_report, sweep

PAGE = 20
# htmx then leaves the page as it is, so that a step is announced once and not at each look.
NO_CHANGE = 204


@role_required(Role.MANAGER, Role.FUNDER)
@require_safe
def reports(request):
    """The newest version of each report; a funder's desk by programme."""
    if request.user.role == Role.FUNDER:
        context = {"trays": trays(request.user, timezone.localdate()), "years": years(request.user)}
        return render(request, "reports/desk.html", context)
    versions = ReportVersion.objects.visible_to(request.user).newest_of_each_report().for_list()
    page = Paginator(versions, PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/report_list.html", {"page": page})


@list_file(gettext_lazy("reports"), REPORTS, page="reports:list", roles=(Role.MANAGER, Role.FUNDER))
def export(request):
    return ReportVersion.objects.visible_to(request.user).newest_of_each_report().for_list()


@role_required(Role.MANAGER)
@require_safe
def report_new(request):
    grants = Grant.objects.visible_to(request.user).for_list()
    return render(request, "reports/report_choose_grant.html", {"grants": grants})


@role_required(Role.MANAGER)
def report_for(request, ref):
    grant = get_object_or_404(Grant.objects.visible_to(request.user).for_list(), ref=ref)
    presets = checks.presets(grant, timezone.localdate())
    preset = next((one for one in presets if one.key == request.GET.get("zeitraum")), presets[0])
    form = request.draft.fill(ReportForm(request.POST or None, initial=vars(preset)))
    if form.is_valid() and (
        version := queue(form, Report.objects.request, by=request.user, grant=grant)
    ):
        return redirect(version.report)
    context = {
        "form": form,
        "grant": grant,
        "presets": presets,
        "chosen": preset,
        "hints": form_hints(grant, form, preset),
    }
    return render(request, "reports/report_form.html", context)


def form_hints(grant, form, preset):
    """Hints about what was typed, or about the preset; none while the days make no period."""
    names = ("kind", "starts_on", "ends_on")
    if form.is_bound and any(form.has_error(name) for name in names):
        return []
    typed = getattr(form, "cleaned_data", {})
    period = [typed.get(name, getattr(preset, name)) for name in names]
    return checks.hints(grant, *period, timezone.localdate())


def queue(form, verb, **who_and_what):
    """Ask for a version with what the form says and ring for a worker; None if it is refused."""
    try:
        version = verb(**who_and_what, **form.cleaned_data)
    except ValidationError as refusal:
        tell(form, refusal)
        return None
    render_report.delay_on_commit(version.pk)
    return version


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_safe
def report(request, pk):
    reports = Report.objects.visible_to(request.user).for_list().with_state()
    report = get_object_or_404(reports, pk=pk)
    versions = report.versions.visible_to(request.user).newest_first().with_downloads().with_life()
    versions = list(versions)
    shown = next((version for version in versions if version.is_readable), None)
    reading = Reading(shown.frozen) if shown else None
    context = {
        "report": report,
        "versions": versions,
        "newest": versions[0] if versions else None,
        "shown": shown,
        "volumes": shown.volumes.for_list() if shown else [],
        "reading": reading,
        "released": next((version for version in versions if version.is_released), None),
        "reviews": shown.reviews.for_list() if shown else [],
        "queries": Query.objects.visible_to(request.user).of_report(report).for_list(),
        "money": MoneyReading(shown.frozen) if shown else None,
        "settlement": SettlementReading(shown.frozen) if shown else None,
        "steps": len(Step),
        **release_panel(request.user, report, shown),
    }
    return render(request, "reports/report_detail.html", context)


def release_panel(user, report, version):
    """What stands beside the button of the release: how much hinders it, and what comes first."""
    if user.role != Role.MANAGER or version is None or version.status != VersionStatus.READY:
        return {}
    version.report = report
    found = hindering(version, user)
    return {"hindering": found, "told": found[:TOLD]}


@role_required(Role.MANAGER)
def version_new(request, pk):
    report = get_object_or_404(Report.objects.visible_to(request.user).for_list(), pk=pk)
    form = request.draft.fill(VersionForm(request.POST or None))
    if form.is_valid() and queue(form, report.add_version, by=request.user):
        return redirect(report)
    return render(request, "reports/version_form.html", {"form": form, "report": report})


@role_required(Role.MANAGER)
@require_GET
def progress(request, pk):
    """What the page asks each second while a version is made; a dead beat strands nobody here."""
    version = get_object_or_404(ReportVersion.objects.visible_to(request.user).for_list(), pk=pk)
    if not version.is_under_way:
        if version.is_readable:
            messages.success(request, _("The version is made."))
        return HttpResponseClientRefresh() if request.htmx else redirect(version.report)
    sweep()
    if request.GET.get("known") == version.state_key:
        return HttpResponse(status=NO_CHANGE)
    return render(request, "reports/_progress.html", {"version": version, "steps": len(Step)})


@role_required(Role.MANAGER)
@require_POST
def cancel(request, pk):
    version = get_object_or_404(ReportVersion.objects.visible_to(request.user).for_list(), pk=pk)
    try:
        version.cancel(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The version is cancelled."))
    return redirect(version.report)


@role_required(Role.MANAGER)
@require_POST
def retry(request, pk):
    version = get_object_or_404(ReportVersion.objects.visible_to(request.user).for_list(), pk=pk)
    try:
        version.retry(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        render_report.delay_on_commit(version.pk)
        messages.success(request, _("The version is made again."))
    return redirect(version.report)


@role_required(Role.MANAGER)
def release(request, pk):
    """Publishing is the one thing that asks first: nobody can take it back."""
    versions = ReportVersion.objects.visible_to(request.user).for_list().defer(None)
    version = get_object_or_404(versions, pk=pk)
    if request.method == "POST":
        try:
            let_out(version, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The report is released. Its funder can read it now."))
        return redirect(version.report)
    if version.status not in (VersionStatus.READY, VersionStatus.IN_REVIEW):
        return redirect(version.report)
    context = {
        "version": version,
        "report": version.report,
        "reading": Reading(version.frozen),
        "check": check(version.report, version, request.user),
    }
    return render(request, "reports/version_release.html", context)

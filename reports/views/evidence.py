"""The rows behind a number of a report, as they were frozen with it: no names, no notes."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.export import ENDINGS, file_response
from reports.days import DAYS
from reports.models import ReportVersion
from reports.reading import Reading

PAGE = 500
# Rows of these are no hours of advice.
WITHOUT_MINUTES = (
    "begun",
    "entered",
    "left",
    "later",
    "year_after",
    "declared",
    "completed",
    "introduced",
    "signed",
    "granted",
    "hidden",
)


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_safe
def figure(request, pk, code, cumulated=False):
    version = find_version(request.user, pk)
    reading = Reading(version.frozen)
    evidence = found(reading.evidence(code, cumulated=cumulated))
    context = {"figure": reading.figure(code)} | context_of(request, version, evidence)
    return render(request, "reports/figure.html", context)


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_safe
def part(request, pk, code, part, cumulated=False):
    """What a figure is made of: women, micro enterprises; or what stands beside it."""
    version = find_version(request.user, pk)
    evidence = found(Reading(version.frozen).evidence_of_part(code, part, cumulated=cumulated))
    context = {"code": code, "part": part} | context_of(request, version, evidence)
    return render(request, "reports/figure_part.html", context)


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_safe
def cell(request, pk, table, line, column):
    version = find_version(request.user, pk)
    evidence = found(Reading(version.frozen).evidence_of_cell(table, line, column))
    address = {"table": table, "line": line, "column": column}
    context = context_of(request, version, evidence) | {"address": address}
    return render(request, "reports/cell.html", context)


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_GET
def figure_rows(request, pk, code, ending, cumulated=False):
    version = find_version(request.user, pk)
    evidence = found(Reading(version.frozen).evidence(code, cumulated=cumulated))
    part = f"{code}-seit-beginn" if cumulated else code
    return hand_out(version, evidence, part, ending, by=request.user)


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_GET
def part_rows(request, pk, code, part, ending, cumulated=False):
    version = find_version(request.user, pk)
    evidence = found(Reading(version.frozen).evidence_of_part(code, part, cumulated=cumulated))
    name = f"{code}-teil-{part}-seit-beginn" if cumulated else f"{code}-teil-{part}"
    return hand_out(version, evidence, name, ending, by=request.user)


@role_required(*STAFF_ROLES, Role.FUNDER)
@require_GET
def cell_rows(request, pk, table, line, column, ending):
    version = find_version(request.user, pk)
    evidence = found(Reading(version.frozen).evidence_of_cell(table, line, column))
    return hand_out(version, evidence, f"{table}-{line}-{column}", ending, by=request.user)


def find_version(user, pk):
    versions = ReportVersion.objects.visible_to(user).readable().for_list().defer(None)
    return get_object_or_404(versions, pk=pk)


def found(evidence):
    if evidence is None:
        raise Http404
    return evidence


def context_of(request, version, evidence):
    return {
        "version": version,
        "report": version.report,
        "evidence": evidence,
        "headings": headings(evidence),
        "page": Paginator(evidence.rows, PAGE).get_page(request.GET.get("page")),
    }


def headings(evidence):
    """Name of a field -> its heading, for the columns these rows have."""
    columns = {
        "on": DAYS.get(evidence.dated, _("Date")),
        "kind": _("Kind"),
        "minutes": heading_of_minutes(evidence),
        "people": _("People"),
        "fte": _("Full-time equivalents"),
        "amount": _("Amount (EUR)"),
        "district": _("Neighbourhood"),
        "case_number": _("Case number"),
    }
    # A job has no minutes; people, full-time equivalents and EUR stand only where they add up.
    left_out = {"people", "fte", "amount"} - {evidence.measure}
    if evidence.dated in WITHOUT_MINUTES:
        left_out.add("minutes")
    return {name: heading for name, heading in columns.items() if name not in left_out}


def heading_of_minutes(evidence):
    if evidence.dated not in ("first", "founded", "reached"):
        return _("Minutes")
    if evidence.is_cumulated:
        return _("Minutes of advice since the start")
    return _("Minutes of advice in the period")


def hand_out(version, evidence, part, ending, *, by):
    """The rows as a file; that somebody took them is kept like every download."""
    if ending not in ENDINGS:
        raise Http404
    version.hand_out_rows(by=by, of=part)
    columns = headings(evidence)
    rows = ([row.get(name) for name in columns] for row in evidence.rows)
    name = f"{version.file_stem}_{slugify(part)}"
    return file_response(ending, name, [str(heading) for heading in columns.values()], rows)

"""Writing the Sachbericht: its sections, with the figures and what was reached beside them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from reports.data_check import check
from reports.forms.reports import TextsForm
from reports.models import Report
from reports.outlines import left_over
from reports.proposals import last_writers, results, sentence_of
from reports.reading import Reading


@role_required(*STAFF_ROLES)
def texts(request, pk):
    report = get_object_or_404(Report.objects.writable_by(request.user).for_list(), pk=pk)
    counted = check(report).counted
    form = TextsForm(request.POST or None, report=report, missed=to_explain(report, counted))
    form = request.draft.fill(form)
    if form.is_valid():
        try:
            form.write(by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The texts are saved. The next version prints them."))
            return redirect(report if is_open_to(request.user, report) else request.path)
    found = results(report)
    context = {
        "form": form,
        "report": report,
        "counted": counted,
        "is_open": is_open_to(request.user, report),
        "sections": form.sections(found, last_writers(report)),
        "sentences": [sentence_of(each) for each in counted],
        "results": found,
        "left_over": left_over(report),
    }
    return render(request, "reports/report_texts.html", context)


def is_open_to(user, report):
    """Whether the report's own page is: an advisor of its team may write and not read it."""
    return Report.objects.visible_to(user).filter(pk=report.pk).exists()


def to_explain(report, counted):
    """(code, name) of each target that is missed now, or was in the newest version."""
    drafted = report.versions.readable().order_by("-number").first()
    missed = Reading(drafted.frozen).missed if drafted else []
    found = {each.code: each.name for each in missed}
    found |= {each.code: each.target.indicator.name for each in counted if each.needs_a_reason}
    return list(found.items())

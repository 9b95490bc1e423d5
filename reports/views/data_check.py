"""The check of a report's data before it goes out, and why something goes out all the same."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.refusals import tell
from reports.data_check import check
from reports.forms.life import ExplainForm
from reports.models import Report


def find(request, pk):
    return get_object_or_404(Report.objects.visible_to(request.user).for_list(), pk=pk)


@role_required(Role.MANAGER)
@require_safe
def data_check(request, pk):
    report = find(request, pk)
    context = {"report": report, "check": check_of(report, request.user)}
    return render(request, "reports/data_check.html", context)


def check_of(report, user):
    """With the newest version there is to read: the one that is to be released or submitted."""
    version = report.versions.readable().newest_first().first()
    if version:
        version.report = report
    return check(report, version, user)


@role_required(Role.MANAGER)
def explain(request, pk, code):
    report = find(request, pk)
    about = [each for each in check(report).found if each.code == code and each.may_be_explained]
    if not about:
        raise Http404
    initial = {"reason": report.exceptions.get(code, "")}
    form = request.draft.fill(ExplainForm(request.POST or None, initial=initial))
    if form.is_valid():
        try:
            report.explain(code, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            is_kept = code in report.exceptions
            told = _("The reason is kept.") if is_kept else _("The reason is taken back.")
            messages.success(request, told)
            return redirect("reports:data_check", report.pk)
    context = {"report": report, "form": form, "about": about}
    return render(request, "reports/explain_form.html", context)

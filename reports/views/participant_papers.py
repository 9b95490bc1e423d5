"""The Teilnehmerliste of a project: its page for a period, its files, and its two papers."""

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from best_portal.lists import UnclearQuestionError, list_file
from best_portal.widgets import DateInput
from consultations.models import Project
from reports import participant_papers
from reports.listing import PARTICIPANTS
from reports.models import Handed
from reports.participant_papers import ParticipantList
from reports.views.group_papers import paper


class PeriodForm(forms.Form):
    """From which day until which; both days count."""

    since = forms.DateField(label=_("From"), widget=DateInput)
    until = forms.DateField(label=_("until"), widget=DateInput)

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is not before the first."))
        return cleaned


def project_or_404(request, key):
    return get_object_or_404(Project.objects.with_participants(request.user), key=key)


def asked(request, project):
    """The form of the period and the list; without a question it is the project's so far."""
    is_asked = "since" in request.GET or "until" in request.GET
    last = max(project.starts_on, min(project.ends_on, timezone.localdate()))
    days = {"since": project.starts_on, "until": last}
    form = PeriodForm(request.GET if is_asked else None, initial=days)
    if is_asked:
        if not form.is_valid():
            return form, None
        days = form.cleaned_data
    found = ParticipantList.of(project, days["since"], days["until"], by=request.user)
    return form, found


@role_required(*STAFF_ROLES)
@require_safe
def page(request, key):
    """What stands in the list that is handed on, before it is printed."""
    project = project_or_404(request, key)
    form, found = asked(request, project)
    context = {"project": project, "form": form, "found": found}
    return render(request, "reports/participant_list.html", context)


@list_file(
    _("participant-list"),
    PARTICIPANTS,
    page="reports:participant_list",
    roles=STAFF_ROLES,
    subject=project_or_404,
)
def export(request, key):
    """The list without names, of the period the address asks for."""
    _form, found = asked(request, project_or_404(request, key))
    if found is None:
        raise UnclearQuestionError
    return found.participants


# No HEAD: who printed a list with names is kept, and HEAD prints none.
@role_required(*STAFF_ROLES)
@never_cache
@require_GET
def pdf(request, key, with_names=False):
    """The paper: with a number for each person, or with names to be signed; the log keeps it."""
    project = project_or_404(request, key)
    back = redirect(f"{reverse('reports:participant_list', args=[key])}?{request.GET.urlencode()}")
    _form, found = asked(request, project)
    if found is None:
        return back
    Event.objects.record(
        actor=request.user,
        verb="participants.printed" if with_names else "participants.numbered",
        subject=project,
        since=found.since.isoformat(),
        until=found.until.isoformat(),
    )

    def printing():
        with translation.override("de"):
            return participant_papers.paper(found, with_names=with_names)

    name = f"teilnehmerliste-{project.key}-{found.since}-{found.until}"
    name = f"{name}-namen" if with_names else name
    return paper(request, printing, name, kind=Handed.PARTICIPANTS, back=back)

"""The life of a report: reviewed, submitted, asked about, answered, accepted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.refusals import tell
from reports.forms.life import (
    AcceptForm,
    LetterForm,
    QueryForm,
    ReplyForm,
    ReviewerForm,
    SubmissionForm,
    VerdictForm,
)
from reports.models import Acceptance, Query, ReportVersion, Review, Submission
from reports.reading import Reading


def find(request, pk):
    versions = ReportVersion.objects.visible_to(request.user).readable().for_list()
    return get_object_or_404(versions.defer(None), pk=pk)


def take(request, form, verb, success, back):
    """Do what a valid form says, or put the refusal beside what was typed; None if not done."""
    if not form.is_valid():
        return None
    try:
        verb()
    except ValidationError as refusal:
        tell(form, refusal)
        return None
    messages.success(request, success)
    return redirect(back)


def show(request, template, version, form, **context):
    context |= {"form": form, "version": version, "report": version.report}
    return render(request, f"reports/{template}.html", context)


# --- inside the agency ---


@role_required(Role.MANAGER)
def review_ask(request, pk):
    version = find(request, pk)
    reviewers = Review.objects.reviewers_of(version, request.user)
    form = request.draft.fill(ReviewerForm(request.POST or None, reviewers=reviewers))
    done = take(
        request,
        form,
        lambda: Review.objects.ask(version, by=request.user, **form.cleaned_data),
        _("The second person gets a mail."),
        version.report,
    )
    return done or show(request, "review_ask", version, form, reviewers=reviewers)


@role_required(*STAFF_ROLES)
def review(request, pk):
    """The draft beside the question whether it is in order; for whoever was asked."""
    review = get_object_or_404(Review.objects.visible_to(request.user).for_list(), pk=pk)
    version = find(request, review.version_id)
    form = request.draft.fill(VerdictForm(request.POST or None))
    done = take(
        request,
        form,
        lambda: review.decide(by=request.user, **form.cleaned_data),
        _("The manager gets your result."),
        review,
    )
    reading = Reading(version.frozen)
    return done or show(request, "review", version, form, review=review, reading=reading)


@role_required(Role.MANAGER)
@require_POST
def review_call_back(request, pk):
    review = get_object_or_404(Review.objects.visible_to(request.user).for_list(), pk=pk)
    try:
        review.call_back(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The review is called back; the version is a draft again."))
    return redirect(review.version.report)


# --- between agency and funder ---


@role_required(Role.MANAGER)
def submit(request, pk):
    version = find(request, pk)
    form = request.draft.fill(SubmissionForm(request.POST or None))
    done = take(
        request,
        form,
        lambda: Submission.objects.hand_in(version, by=request.user, **form.cleaned_data),
        _("The report is submitted. Its funder can ask about it and accept it."),
        version.report,
    )
    return done or show(request, "submission_form", version, form)


@role_required(Role.FUNDER)
def query_new(request, pk):
    version = find(request, pk)
    parts = Reading(version.frozen).parts
    initial = {"section": request.GET.get("teil", "")}
    form = request.draft.fill(QueryForm(request.POST or None, parts=parts, initial=initial))
    done = take(
        request,
        form,
        lambda: Query.objects.ask(version, by=request.user, **form.question),
        _("The agency gets your query."),
        version.report,
    )
    return done or show(request, "query_form", version, form)


@role_required(Role.MANAGER)
def reply(request, pk):
    query = get_object_or_404(Query.objects.visible_to(request.user).for_list(), pk=pk)
    form = request.draft.fill(ReplyForm(request.POST or None))
    done = take(
        request,
        form,
        lambda: query.answer(by=request.user, **form.cleaned_data),
        _("The funder gets your answer."),
        query,
    )
    return done or show(request, "reply_form", query.version, form, query=query)


def unanswered(version):
    """The queries that stand in the way of an acceptance."""
    return {"open_queries": version.report.open_queries.for_list()}


@role_required(Role.FUNDER)
def accept(request, pk):
    version = find(request, pk)
    form = request.draft.fill(AcceptForm(request.POST or None))
    done = take(
        request,
        form,
        lambda: Acceptance.objects.accept(version, by=request.user, **form.cleaned_data),
        _("The report is accepted. The agency gets a mail."),
        version.report,
    )
    return done or show(request, "acceptance_form", version, form, **unanswered(version))


@role_required(Role.MANAGER)
def accept_letter(request, pk):
    """An acceptance that came on paper, entered by the manager."""
    version = find(request, pk)
    form = request.draft.fill(LetterForm(request.POST or None))
    done = take(
        request,
        form,
        lambda: Acceptance.objects.note_letter(version, by=request.user, **form.cleaned_data),
        _("The acceptance is entered, and its period is locked."),
        version.report,
    )
    return done or show(request, "letter_form", version, form, **unanswered(version))

"""Pages of surveys: answering without an account, planning, and what came of it."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.conflicts import refuse
from best_portal.lists import list_file
from best_portal.pages.models import SmallCellRule
from best_portal.refusals import tell
from districts.models import Survey, SurveyReply
from districts.survey_forms import QuestionForm, ResponseForm, SurveyForm
from districts.survey_results import people_told, results

reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])
SURVEYS = [
    (gettext_lazy("Survey"), "title"),
    (gettext_lazy("Where"), lambda survey: ", ".join(area.name for area in survey.areas.all())),
    (gettext_lazy("Open from"), "opens_on"),
    (gettext_lazy("Open until"), "closes_on"),
]
QUESTIONS = [
    (gettext_lazy("Position"), "position"),
    (gettext_lazy("Question"), "words"),
    (gettext_lazy("Kind of answer"), "get_kind_display"),
    (gettext_lazy("Answers to choose from"), "options"),
    (gettext_lazy("Must be answered"), "is_required"),
]
REPLIES = [
    (gettext_lazy("Form"), "response_id"),
    (gettext_lazy("Day"), "response.given_on"),
    (gettext_lazy("Neighbourhood"), "response.district.name"),
    (gettext_lazy("Question"), "question.words"),
    (gettext_lazy("Answer"), "answer"),
]


def visible(request, slug):
    return get_object_or_404(Survey.objects.visible_to(request.user), slug=slug)


@login_not_required
@require_safe
def index(request):
    """Those that can be answered, and those that are over; drafts for the staff."""
    surveys = Survey.objects.visible_to(request.user).for_list()
    context = {
        "surveys": surveys,
        "is_staff": request.user.is_authenticated and request.user.is_staff_member,
    }
    return render(request, "districts/survey_list.html", context)


@login_not_required
@never_cache
@reads_and_writes
def answer(request, slug):
    """The questions, on one page; who answers stays unknown."""
    survey = visible(request, slug)
    form = ResponseForm(request.POST or None, survey=survey)
    if form.is_valid():
        if form.is_by_a_robot:
            return redirect("districts:survey_thanks", survey.slug)
        if not ratelimit.consume(request, action="survey"):
            form.add_error(None, _("Too many at once. Please try again in an hour, or call us."))
        elif thanks := given(form, survey):
            return thanks
    return render(request, "districts/survey_answer.html", {"survey": survey, "form": form})


def given(form, survey):
    """The way on once the answers are kept; None where they were refused."""
    try:
        form.give()
    except ValidationError as refusal:
        tell(form, refusal)
        return None
    return redirect("districts:survey_thanks", survey.slug)


@login_not_required
@require_safe
def thanks(request, slug):
    return render(request, "districts/survey_thanks.html", {"survey": visible(request, slug)})


@login_not_required
@require_safe
def figures(request, slug):
    """What came of it: for everyone once it is over, for the staff at any time."""
    survey = visible(request, slug)
    is_staff = request.user.is_authenticated and request.user.is_staff_member
    if not (is_staff or survey.shows_results):
        raise Http404
    context = {
        "survey": survey,
        "results": results(survey, request.user),
        "people": people_told(survey, request.user),
        "fewest": SmallCellRule.objects.fewest(),
        "is_staff": is_staff,
    }
    return render(request, "districts/survey_results.html", context)


@list_file(gettext_lazy("survey"), REPLIES, page="districts:survey_results", roles=STAFF_ROLES)
def export(request, slug):
    """Every single answer, for the staff."""
    return SurveyReply.objects.visible_to(request.user).of(visible(request, slug)).for_list()


@list_file(gettext_lazy("surveys"), SURVEYS, page="districts:surveys")
def surveys_export(request):
    return Survey.objects.visible_to(request.user).for_list()


# --- planning ---


def editable(request, slug):
    return get_object_or_404(Survey.objects.editable_by(request.user), slug=slug)


@role_required(Role.MANAGER)
@reads_and_writes
def new(request):
    return kept(request, SurveyForm(request.POST or None), _("Plan a survey"), None)


@role_required(Role.MANAGER)
@reads_and_writes
def edit(request, slug):
    survey = editable(request, slug)
    form = SurveyForm(request.POST or None, instance=survey)
    return kept(request, form, _("Change the survey"), survey)


@role_required(Role.MANAGER)
@require_safe
def manage(request, slug):
    """The questions in their order, and what is to be done with the survey."""
    survey = editable(request, slug)
    context = {"survey": survey, "questions": survey.questions.all()}
    return render(request, "districts/survey_manage.html", context)


@list_file(
    gettext_lazy("questions"), QUESTIONS, page="districts:survey_manage", roles=[Role.MANAGER]
)
def questions_export(request, slug):
    return editable(request, slug).questions.all()


@role_required(Role.MANAGER)
@reads_and_writes
def question_new(request, slug):
    survey = editable(request, slug)
    form = QuestionForm(request.POST or None, survey=survey)
    return kept(request, form, _("New question"), survey)


@role_required(Role.MANAGER)
@reads_and_writes
def question_edit(request, slug, pk):
    survey = editable(request, slug)
    question = get_object_or_404(survey.questions, pk=pk)
    form = QuestionForm(request.POST or None, survey=survey, instance=question)
    return kept(request, form, _("Change the question"), survey)


def kept(request, form, title, survey):
    """Answer with the form until it is saved, then with the survey's questions."""
    request.draft.fill(form)
    if form.is_valid():
        try:
            row = form.keep(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect("districts:survey_manage", (survey or row).slug)
    context = {"form": form, "title": title, "survey": survey}
    return render(request, "districts/survey_form.html", context)


@role_required(Role.MANAGER)
@require_POST
def question_remove(request, slug, pk):
    survey = editable(request, slug)
    question = get_object_or_404(survey.questions, pk=pk)
    return done(request, survey, question.remove, _("The question is removed."))


@role_required(Role.MANAGER)
@require_POST
def publish(request, slug):
    survey = editable(request, slug)
    return done(request, survey, survey.publish, _("It is published."))


@role_required(Role.MANAGER)
@require_POST
def end(request, slug):
    survey = editable(request, slug)
    return done(request, survey, survey.end, _("The survey is over; nobody can answer any more."))


def done(request, survey, verb, success):
    try:
        verb(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
    return redirect("districts:survey_manage", survey.slug)

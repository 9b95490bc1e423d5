"""The required pages, as everyone reads and the manager writes them; and reported barriers."""

from datetime import timedelta

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Language, Role
from best_portal.lists import list_file
from best_portal.pages.cookies import cookies_we_set
from best_portal.pages.forms import AnswerForm, BarrierForm, PageForm, SmallCellForm
from best_portal.pages.marks import explained, marks
from best_portal.pages.markup import html_of
from best_portal.pages.models import Barrier, Page, PageVersion, SmallCellRule
from best_portal.refusals import tell

PAGE = 50
# RFC 9116 asks for a day that is less than a year away.
SECURITY_TXT_HOLDS = timedelta(days=180)
VERSIONS = [
    (gettext_lazy("Version"), "number"),
    (gettext_lazy("Written"), "written_at"),
    (gettext_lazy("By"), "written_by.name"),
    (gettext_lazy("Checked on"), "checked_on"),
    (gettext_lazy("Text"), "text"),
]
BARRIERS = [
    (gettext_lazy("Reported"), "reported_at"),
    (gettext_lazy("Page"), "place"),
    (gettext_lazy("What does not work"), "text"),
    (gettext_lazy("To be answered by"), "due_on"),
    (gettext_lazy("Answered"), "answered_at"),
    (gettext_lazy("Answer"), "answer"),
    (gettext_lazy("Answered by"), "answered_by.name"),
]
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


def rendered(text):
    return html_of(text, marks(cookies_we_set()))


def language_now():
    return (get_language() or settings.LANGUAGE_CODE)[:2]


@login_not_required
@require_safe
def page(request, name):
    """What the page says now, in the reader's language."""
    version = PageVersion.objects.current(Page(name), language_now())
    context = {
        "version": version,
        "body": rendered(version.text),
        "may_edit": request.user.is_authenticated and request.user.role == Role.MANAGER,
    }
    return render(request, "pages/page.html", context)


@login_not_required
@require_safe
def security_txt(request):
    """Whom to tell of a security hole, as RFC 9116 has it."""
    email = settings.AGENCY["email"]
    contact = settings.SECURITY_CONTACT or (email and f"mailto:{email}")
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact or settings.PUBLIC_URL + reverse('imprint')}",
        f"Expires: {(midnight + SECURITY_TXT_HOLDS).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.PUBLIC_URL}{request.path}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


# --- what the manager writes ---


@role_required(Role.MANAGER)
@reads_and_writes
def index(request):
    """The pages in both languages, and the rule for small numbers."""
    form = request.draft.fill(SmallCellForm(request.POST or None))
    if form.is_valid():
        try:
            form.set_rule(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The rule is saved."))
            return redirect("pages:list")
    current = PageVersion.objects.current
    context = {
        "pages": [current(name, language) for name in Page for language in Language],
        "rules": SmallCellRule.objects.newest_first(),
        "form": form,
    }
    return render(request, "pages/page_list.html", context)


def asked(page, language):
    """The page and language an address names."""
    if page not in Page.values or language not in Language.values:
        raise Http404
    return page, language


@role_required(Role.MANAGER)
@reads_and_writes
def edit(request, page, language):
    """Write a new version; the preview shows it and saves nothing."""
    page, language = asked(page, language)
    current = PageVersion.objects.current(page, language)
    form = request.draft.fill(PageForm(request.POST or None, version=current))
    preview = ""
    if form.is_valid():
        if "preview" in request.POST:
            preview = rendered(form.cleaned_data["text"])
        elif answer := written(request, form):
            return answer
    context = {
        "version": current,
        "form": form,
        "preview": preview,
        "marks": explained(),
        "versions": PageVersion.objects.visible_to(request.user).of(page, language).newest_first(),
    }
    return render(request, "pages/page_form.html", context)


def written(request, form):
    """The way to the page once it is saved; None where it was refused, with the reason."""
    try:
        form.write(by=request.user)
    except ValidationError as refusal:
        tell(form, refusal)
        return None
    messages.success(request, _("Saved. The former version stays readable."))
    return redirect("pages:list")


@list_file(gettext_lazy("versions"), VERSIONS, page="pages:edit", roles=[Role.MANAGER])
def versions_export(request, page, language):
    page, language = asked(page, language)
    return PageVersion.objects.visible_to(request.user).of(page, language).newest_first()


@role_required(Role.MANAGER)
@require_safe
def version(request, page, language, number):
    versions = PageVersion.objects.visible_to(request.user).of(*asked(page, language))
    one = get_object_or_404(versions.select_related("written_by"), number=number)
    context = {"version": one, "body": rendered(one.text)}
    return render(request, "pages/page_version.html", context)


# --- barriers ---


def due_on():
    return timezone.localdate() + timedelta(days=settings.BARRIER_ANSWER_DAYS)


@login_not_required
@never_cache
@reads_and_writes
def barrier_new(request):
    """Tell of a barrier without an account; the agency gets a letter, the list a deadline."""
    form = BarrierForm(request.POST or None)
    if form.is_valid():
        if form.is_by_a_robot:
            return redirect("pages:barrier_sent")
        if not ratelimit.consume(request, action="barrier"):
            form.add_error(None, _("Too many at once. Please try again in an hour, or call us."))
        else:
            form.report(language=language_now())
            return redirect("pages:barrier_sent")
    context = {"form": form, "due_on": due_on(), "days": settings.BARRIER_ANSWER_DAYS}
    return render(request, "pages/barrier_new.html", context)


@login_not_required
@require_safe
def barrier_sent(request):
    return render(request, "pages/barrier_sent.html", {"due_on": due_on()})


@role_required(Role.MANAGER)
@require_safe
def barriers(request):
    pages = Paginator(Barrier.objects.visible_to(request.user).for_list(), PAGE)
    context = {"page": pages.get_page(request.GET.get("page"))}
    return render(request, "pages/barrier_list.html", context)


@list_file(gettext_lazy("barriers"), BARRIERS, page="pages:barriers", roles=[Role.MANAGER])
def barriers_export(request):
    return Barrier.objects.visible_to(request.user).for_list()


@role_required(Role.MANAGER)
@reads_and_writes
def barrier(request, pk):
    """What was reported, and the answer to it."""
    one = get_object_or_404(Barrier.objects.visible_to(request.user).for_list(), pk=pk)
    form = request.draft.fill(AnswerForm(request.POST or None))
    if form.is_valid():
        try:
            one.reply(form.cleaned_data["words"], by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Answered."))
            return redirect(one)
    return render(request, "pages/barrier_detail.html", {"barrier": one, "form": form})

"""Pages of the log: the form, what follows from the organisation, what was like last time."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.drafts.sheets import resume
from best_portal.refusals import tell
from consultations.forms.log import LogForm
from consultations.funder_view import FunderView
from consultations.known import known_for, known_from
from consultations.models import TextPart

PAGE = "consultations/consultation_log.html"


@role_required(*STAFF_ROLES)
def log(request):
    """The log form; what was sent twice is logged once."""
    if request.method != "POST":
        form = LogForm(by=request.user, initial=known_for(request.user, request.GET))
        request.draft.fill(form)
        return render(request, PAGE, {"form": form})
    if reopening := [REOPENING[name] for name in REOPENING if name in request.POST]:
        return reopen(request, reopening[0])
    form = request.draft.fill(LogForm(request.POST, by=request.user))
    consultation = form.logged_before()
    if consultation is None and form.is_valid():
        try:
            consultation = form.log()
        except ValidationError as refusal:
            tell(form, refusal)
    if consultation is None:
        return render(request, PAGE, {"form": form} | seen(form))
    messages.success(request, said("_logged", consultation, form.booked))
    if "again" in request.POST:
        return redirect(f"{reverse('consultations:log')}?like={consultation.pk}")
    return redirect("consultations:list")


def reopen(request, change):
    """The form with what was typed, changed by one of its buttons; nothing is saved."""
    form = LogForm(by=request.user)
    resume(form, request.POST)
    context = change(request.draft.fill(form), request.POST)
    sent = LogForm(request.POST, by=request.user)
    sent.is_valid()
    return render(request, PAGE, {"form": form} | seen(sent) | context)


def like_last_time(form, _sent):
    taken = form.take_over()
    return {"taken": taken, "none_before": taken is None}


def insert_block(form, sent):
    if sent["insert"] in TextPart.values:
        form.insert(sent["insert"])
    return {}


def unchanged(_form, _sent):
    """For the preview: it is there on every page that is opened again."""
    return {}


REOPENING = {"same": like_last_time, "insert": insert_block, "preview": unchanged}


def seen(form):
    """What a funder would see of a form that was sent, and what to know before saving it."""
    return {"seen": FunderView.of(form), "cautions": form.cautions}


@role_required(*STAFF_ROLES)
@require_POST
def log_preview(request):
    """What a funder would see, while somebody types; nothing is kept.

    Who changes a consultation sends no key: its own hours count already, so nothing is warned of.
    """
    form = LogForm(request.POST, by=request.user)
    form.is_valid()
    context = seen(form) if "form_key" in request.POST else {"seen": FunderView.of(form)}
    return render(request, "consultations/_log_preview.html", context)


def said(template, consultation, booked=None):
    """A message with links in it."""
    context = {"consultation": consultation, "booked": booked}
    return render_to_string(f"consultations/{template}.html", context)


@role_required(*STAFF_ROLES)
@require_safe
def log_known(request):
    """The parts of the log form that follow from the organisation just chosen."""
    form = LogForm(by=request.user, initial=known_from(request.user, request.GET))
    return render(request, "consultations/_log_known.html", {"form": form})

"""Pages of confirmations: asking, the rule, and the page behind the link of the mails.

Opening the link changes nothing, so the scanners of mail programs may open it: only buttons act.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.refusals import tell
from enterprises.forms.confirmations import AnswerForm, AskForm, ConfirmationRuleForm
from enterprises.models import Confirmation, ConfirmationRule, Reply
from enterprises.views.organisations import do, editable_or_404


@role_required(*STAFF_ROLES)
def ask(request, pk):
    organisation = editable_or_404(request, pk)
    form = request.draft.fill(AskForm(request.POST or None, organisation=organisation))
    title = _("Ask for a confirmation")
    return do(request, form, organisation, title, lambda: form.ask(by=request.user))


@role_required(*STAFF_ROLES)
@require_POST
def revoke(request, pk):
    return done(request, pk, Confirmation.revoke, _("The question is taken back."))


@role_required(*STAFF_ROLES)
@require_POST
def settle(request, pk):
    return done(request, pk, Confirmation.settle, _("Saved."))


def done(request, pk, verb, success):
    row = get_object_or_404(Confirmation.objects.editable_by(request.user).for_list(), pk=pk)
    try:
        verb(row, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
    return redirect(f"{row.organisation.get_absolute_url()}#confirmations")


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request):
    """The rules of all times, and a form for the next one."""
    form = request.draft.fill(ConfirmationRuleForm(request.POST or None))
    if form.is_valid():
        try:
            form.settle(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The rule is saved."))
            return redirect("enterprises:confirmation_rules")
    found = ConfirmationRule.objects.visible_to(request.user).for_list()
    return render(request, "enterprises/confirmation_rules.html", {"form": form, "rules": found})


@login_not_required
@never_cache
@require_safe
def link(request, token):
    """One question and three buttons; afterwards what was answered."""
    return question(request, token)


@login_not_required
@require_POST
def answer(request, token):
    row = get_object_or_404(Confirmation.objects.by_token(token))
    form = AnswerForm(request.POST, action=request.path)
    if form.is_valid():
        by = request.user if request.user.is_authenticated else None
        try:
            row.answer(by=by, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            return redirect("enterprises:confirmation_link", token)
    return question(request, token, form)


def question(request, token, form=None):
    row = Confirmation.objects.by_token(token).first()
    if row is None:
        return render(request, "enterprises/confirmation_gone.html", status=404)
    action = reverse("enterprises:confirmation_answer", args=[token])
    form = form or AnswerForm(initial={"reply": Reply.DIFFERENT}, action=action)
    context = {"confirmation": row, "token": token, "form": form}
    return render(request, "enterprises/confirmation_link.html", context)

"""Pages of payment requests: ask for money, note that it came, the paper for the authority."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.refusals import tell
from reports.forms.money import PaidForm, PaymentForm
from reports.models import FunderPaper, Handed, PaymentRequest
from reports.payment_paper import payment_request
from reports.views.group_papers import paper as answer_with_paper
from reports.views.money import grant_or_404

STEPS = {
    "unpay": gettext_lazy("It is noted that the money has not come yet."),
    "call_back": gettext_lazy("The payment request is called back."),
    "renew": gettext_lazy("The money is asked for again."),
}


@role_required(Role.MANAGER)
def new(request, ref):
    """Ask for money; the page says what may still be asked for."""
    grant = grant_or_404(request, ref)
    form = request.draft.fill(PaymentForm(request.POST or None, grant=grant))
    if form.is_valid():
        try:
            asked = PaymentRequest.objects.request(
                by=request.user, grant=grant, **form.cleaned_data
            )
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The payment request is noted."))
            return redirect(asked)
    context = {
        "grant": grant,
        "form": form,
        "left": grant.amount - grant.payment_requests.asked_for(),
        "months": grant.spending_months,
        "surplus": grant.accounts().surplus,
    }
    return render(request, "reports/payment_new.html", context)


@role_required(Role.MANAGER)
def payment(request, ref, pk):
    """One payment request with the books of its day; open, it can be noted as paid."""
    asked = payment_or_404(request, ref, pk)
    form = PaidForm(request.POST or None, initial={"paid_amount": asked.amount})
    request.draft.fill(form)
    if request.method == "POST" and form.is_valid():
        try:
            asked.note_paid(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
            if not asked.is_open:  # the page has no form to say it in
                messages.error(request, refusal.messages[0])
                return redirect(asked)
        else:
            messages.success(request, _("It is noted that the money came."))
            return redirect(asked)
    papers = FunderPaper.objects.visible_to(request.user).filter(payment=asked).for_list()
    context = {"grant": asked.grant, "payment": asked, "papers": papers, "form": form}
    return render(request, "reports/payment_detail.html", context)


@role_required(Role.MANAGER)
@require_POST
def step(request, ref, pk, step):
    """Take back that it was paid, call it back, or ask for it again."""
    if step not in STEPS:
        raise Http404
    asked = payment_or_404(request, ref, pk)
    try:
        getattr(asked, step)(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, STEPS[step])
    return redirect(asked)


@role_required(Role.MANAGER)
@never_cache
@require_safe
def paper(request, ref, pk):
    """The request for the authority."""
    asked = payment_or_404(request, ref, pk)
    return answer_with_paper(
        request,
        lambda: payment_request(asked),
        f"mittelabruf-{asked.grant.ref}-{asked.number}",
        kind=Handed.PAYMENT,
        back=redirect(asked),
    )


def payment_or_404(request, ref, pk):
    rows = PaymentRequest.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, pk=pk, grant__ref=ref)

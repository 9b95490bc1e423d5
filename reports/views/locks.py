"""Locked periods: which work is accounted for, and opening it again with a reason."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.lists import list_file
from best_portal.refusals import tell
from consultations.models import PeriodLock
from reports.forms.life import LiftForm
from reports.listing import LOCKS
from reports.models import Report

PAGE = 50


@role_required(Role.MANAGER)
@require_safe
def locks(request):
    rows = PeriodLock.objects.visible_to(request.user).for_list()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/lock_list.html", {"page": page})


@list_file(gettext_lazy("locks"), LOCKS, page="reports:locks", roles=(Role.MANAGER,))
def export(request):
    return PeriodLock.objects.visible_to(request.user).for_list()


@role_required(Role.MANAGER)
def lock(request, pk):
    """One lock with the reports it protects, and the form that opens it."""
    lock = get_object_or_404(PeriodLock.objects.visible_to(request.user).for_list(), pk=pk)
    form = request.draft.fill(LiftForm(request.POST or None))
    if form.is_valid():
        try:
            lock.lift(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The period is open. Lock it again when you are done."))
            return redirect("reports:lock", lock.pk)
    touched = Report.objects.visible_to(request.user).touched_by(lock).for_list().with_state()
    context = {"lock": lock, "form": form, "reports": touched, "renewed": lock.renewed}
    return render(request, "reports/lock_detail.html", context)


@role_required(Role.MANAGER)
@require_POST
def lock_again(request, pk):
    lock = get_object_or_404(PeriodLock.objects.visible_to(request.user), pk=pk)
    try:
        again = lock.lock_again(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("reports:lock", lock.pk)
    messages.success(request, _("The period is locked again."))
    return redirect("reports:lock", again.pk)

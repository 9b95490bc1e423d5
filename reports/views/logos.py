"""The picture of one logo of a grant's logo row."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from reports.forms.logos import LogoForm
from reports.views.money import grant_or_404


@role_required(Role.MANAGER)
def grant_logo(request, ref):
    """Upload the picture of a logo; `?text=` says of which."""
    grant = grant_or_404(request, ref)
    initial = {"text": request.GET.get("text", "")}
    form = LogoForm(request.POST or None, request.FILES or None, grant=grant, initial=initial)
    request.draft.fill(form)
    if form.is_valid():
        form.keep(by=request.user)
        messages.success(
            request, _("The logo “%(text)s” has its picture.") % {"text": form.cleaned_data["text"]}
        )
        return redirect("reports:grant_logo", grant.ref)
    return render(request, "reports/logo_form.html", {"form": form, "grant": grant})

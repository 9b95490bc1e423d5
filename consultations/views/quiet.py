"""Pages of cases gone quiet, and of the rules that say when one has."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.lists import list_file, understood
from best_portal.refusals import tell
from consultations.forms.promises import ContactRuleForm
from consultations.models import ContactRule
from consultations.project_listing import CONTACT_RULES, QUIET_CASES
from consultations.promise_filters import QuietFilter

PAGE = 50


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """Cases nobody was in touch with for longer than their stage allows, the longest first."""
    filters = QuietFilter(request.GET, user=request.user)
    paginator = Paginator(filters.rows.for_list(), PAGE)
    rules = ContactRule.objects.visible_to(request.user).valid_on(timezone.localdate())
    context = {
        "filters": filters,
        "number": paginator.count,
        "page": paginator.get_page(request.GET.get("page")),
        "rules": rules.for_list(),
        "query": request.GET.urlencode(),
    }
    return render(request, "consultations/quiet_list.html", context)


@list_file(
    gettext_lazy("quiet-cases"),
    QUIET_CASES,
    page="consultations:quiet_cases",
    roles=STAFF_ROLES,
)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return understood(QuietFilter(request.GET, user=request.user)).rows.for_list()


@role_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request):
    """The rules of contact, those of the past included, and a form for the next one."""
    form = request.draft.fill(ContactRuleForm(request.POST or None))
    if form.is_valid():
        try:
            form.settle(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The rule is saved."))
            return redirect("consultations:contact_rules")
    context = {"form": form, "rules": ContactRule.objects.visible_to(request.user).for_list()}
    return render(request, "consultations/contact_rules.html", context)


@list_file(
    gettext_lazy("rules-of-contact"),
    CONTACT_RULES,
    page="consultations:contact_rules",
    roles=(Role.MANAGER,),
)
def rules_export(request):
    return ContactRule.objects.visible_to(request.user).for_list()

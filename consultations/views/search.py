"""Search as you type: the rows a text field suggests."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.widgets import SUGGESTIONS
from enterprises.models import Organisation, Person

LONGEST = 200


@role_required(*STAFF_ROLES)
@require_safe
def organisations(request):
    """Organisations named like `q`; the combobox shows them, and without it the form asks back."""
    typed = request.GET.get("q", "").replace("\0", "")[:LONGEST].strip()
    rows = Organisation.objects.visible_to(request.user).matching(typed)
    rows = rows.select_related("district").defer("district__outline")[:SUGGESTIONS] if typed else ()
    options = [(row.pk, row.name, row.hint) for row in rows]
    return render(request, "components/options.html", {"options": options})


@role_required(*STAFF_ROLES)
@require_safe
def people(request):
    """People named like `q`, with what tells two of the same name apart."""
    typed = request.GET.get("q", "").replace("\0", "")[:LONGEST].strip()
    rows = Person.objects.visible_to(request.user).matching(typed)[:SUGGESTIONS] if typed else ()
    options = [(row.pk, row.name, row.email or row.phone) for row in rows]
    return render(request, "components/options.html", {"options": options})

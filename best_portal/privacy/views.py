"""Pages of a founder about themself: their file, what is stored, and all of it to take along."""

from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.privacy.download import pieces_of
from best_portal.privacy.inventory import told_of
from best_portal.privacy.own_file import consents_of, own_file
from best_portal.privacy.reading import readings_of
from enterprises.models import Person


def person_of(request):
    return Person.objects.of_account(request.user)


@role_required(Role.FOUNDER)
@require_safe
def my_file(request):
    """Agreements, next steps, appointments, hours and papers of this founder on one page."""
    return render(request, "privacy/my_file.html", own_file(request.user, person_of(request)))


@role_required(Role.FOUNDER)
@require_safe
def stored(request):
    """Every category stored about this founder, their consents, and who opened what."""
    person = person_of(request)
    context = {
        "person": person,
        "categories": told_of(person),
        "consents": consents_of(person),
        "readings": list(readings_of(person)),
    }
    return render(request, "privacy/stored.html", context)


@role_required(Role.FOUNDER)
@require_POST
def download(request):
    """All of it as one ZIP, written while it is sent."""
    person = person_of(request)
    pieces = pieces_of(person)
    Event.objects.record(actor=request.user, verb="person.handed_out", subject=person)
    name = f"meine-daten-{timezone.localdate():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        pieces,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )

"""The page of a person: how they are reached, their parts in organisations, what they attended."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from enterprises.duplicates import alike_to
from enterprises.models import Person

LATEST = 20


@role_required(*STAFF_ROLES)
@require_safe
def detail(request, pk):
    person = get_object_or_404(Person.objects.visible_to(request.user).known_as(pk))
    if person.pk != pk:
        return redirect(person)
    if request.method == "GET":
        Event.objects.note_opened(reader=request.user, subject=person)
    context = {
        "person": person,
        "involvements": person.involvements.valid().select_related("organisation"),
        "alike": alike_to(person, request.user),
        "consultations": person.consultations.visible_to(request.user)
        .newest_first()
        .for_list()[:LATEST],
    }
    return render(request, "enterprises/person_detail.html", context)

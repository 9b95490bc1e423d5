"""Pages of handovers: what somebody has in hand, giving it to others, and the dossiers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role, User
from best_portal.lists import list_file
from best_portal.refusals import tell
from consultations.forms.handover import DossierForm, HandoverForm
from consultations.models import Dossier, Handover, SupportCase
from consultations.models.belongings import BY_HAND, MOVED, Belongings
from consultations.plan_listing import HANDOVERS
from consultations.tasks import serve_waiting_list

PAGE = 50


@role_required(*STAFF_ROLES)
@require_safe
def index(request):
    """Handovers, the newest first, and above them the dossiers nobody has accepted yet."""
    rows = Handover.objects.visible_to(request.user).for_list()
    dossiers = Dossier.objects.visible_to(request.user).unaccepted().for_list()
    manages = request.user.role == Role.MANAGER
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "dossiers": dossiers.longest_first(),
        "staff": User.objects.staff().order_by("name") if manages else [],
    }
    return render(request, "consultations/handover_list.html", context)


@list_file(gettext_lazy("handovers"), HANDOVERS, page="consultations:handovers", roles=STAFF_ROLES)
def export(request):
    return Handover.objects.visible_to(request.user).for_list()


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def of_person(request, pk):
    """What somebody has in hand: an advisor sees their own; the management hands it over."""
    people = User.objects.visible_to(request.user).employed()
    person = get_object_or_404(people, pk=pk)
    manages = request.user.role == Role.MANAGER
    form = HandoverForm((manages and request.POST) or None, giver=person)
    if form.is_valid():
        try:
            handover = form.hand_over(by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            serve_waiting_list.delay_on_commit()
            messages.success(request, _("Everything that could be is handed over."))
            return redirect(handover)
    belongings = Belongings(person)
    cases = belongings.cases.valid().for_list().order_by("organisation__sort_name", "pk")
    context = {
        "person": person,
        "form": form,
        "may_hand_over": manages and form.colleagues.exists(),
        "manages": manages,
        "moved": belongings.counted(MOVED),
        "by_hand": belongings.counted(BY_HAND),
        "cases": with_dossiers(cases),
        **left_of(belongings),
    }
    return render(request, "consultations/handover_of_person.html", context)


def with_dossiers(cases):
    """Each case with the dossier that is written for it, or None."""
    open_ones = {each.case_id: each for each in Dossier.objects.open().filter(case__in=cases)}
    return [(case, open_ones.get(case.pk)) for case in cases]


def left_of(belongings):
    """What somebody decides by hand, as rows."""
    return {
        "sessions": belongings.sessions.order_by("pk"),
        "unlogged": belongings.unlogged.for_agenda(),
        "standing_in": belongings.standing_in.for_list(),
    }


@role_required(*STAFF_ROLES)
@require_safe
def handover(request, pk):
    """What went to whom, and what is still where it was."""
    row = get_object_or_404(Handover.objects.visible_to(request.user).for_list(), pk=pk)
    belongings, is_whole = Belongings(row.giver), row.projects.exists()
    context = {
        "handover": row,
        "moved": [(label, row.moved[name]) for name, label in MOVED.items() if name in row.moved],
        "dossiers": row.dossiers.visible_to(request.user)
        .for_list()
        .order_by("case__organisation__sort_name", "pk"),
        "appointments": row.appointments.for_agenda(),
        "untold": row.told_otherwise,
        "left": belongings.counted() if is_whole else [],
        "colliding": row.colliding(),
        **left_of(belongings),
    }
    return render(request, "consultations/handover_detail.html", context)


def visible_dossier(request, pk):
    return get_object_or_404(Dossier.objects.visible_to(request.user).for_list(), pk=pk)


# No HEAD: a manager's look at what was confided is kept, and HEAD shows none.
@role_required(*STAFF_ROLES)
@require_GET
def dossier(request, pk):
    row = visible_dossier(request, pk)
    row.read(by=request.user)
    context = {
        "dossier": row,
        "may_write": Dossier.objects.editable_by(request.user).contains(row),
        "may_accept": row.is_open and row.to == request.user,
    }
    return render(request, "consultations/dossier_detail.html", context)


# No HEAD, for the same reason.
@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "POST"])
def dossier_edit(request, pk):
    row = visible_dossier(request, pk)
    if not row.is_open:
        messages.info(request, _("This dossier is accepted and stays as it is."))
        return redirect(row)
    row.read(by=request.user)
    form = request.draft.fill(DossierForm(request.POST or None, dossier=row))
    if form.is_valid():
        try:
            form.write(by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The dossier is saved."))
            return redirect(row)
    return render(request, "consultations/dossier_edit.html", {"form": form, "dossier": row})


@role_required(*STAFF_ROLES)
@require_POST
def dossier_accept(request, pk):
    row = visible_dossier(request, pk)
    try:
        row.accept(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The dossier is accepted. From now on it stays as it is."))
    return redirect(row)


@role_required(*STAFF_ROLES)
@require_POST
def dossier_begin(request, pk):
    """Write a dossier while there is time: before anybody leaves."""
    case = get_object_or_404(SupportCase.objects.editable_by(request.user), pk=pk)
    row = Dossier.objects.begin(case, by=request.user)
    return redirect("consultations:dossier_edit", row.pk)

"""Files that may be one: suspected pairs, two side by side, what was merged, and the way back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.conflicts import refuse
from best_portal.lists import list_file
from enterprises.duplicates import pairs
from enterprises.forms.comparing import MergeForm
from enterprises.listing import PAIRS
from enterprises.models import Merge, NotTheSame, Noun

PAGE, NEAR = 20, 5


def noun_or_404(kind):
    for noun in Noun:
        if noun.folder == kind:
            return noun
    raise Http404


@role_required(*STAFF_ROLES)
@require_safe
def index(request, kind):
    """The pairs somebody should look at, and what was merged lately."""
    noun = noun_or_404(kind)
    found = pairs(noun, request.user)
    context = {
        "noun": noun,
        "tabs": [
            (each.words, reverse("enterprises:duplicates", args=[each.folder]), each == noun)
            for each in Noun
        ],
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "merges": Merge.objects.visible_to(request.user).of(noun).undoable().for_list()[:PAGE],
    }
    return render(request, "enterprises/duplicates.html", context)


@list_file(gettext_lazy("pairs"), PAIRS, page="enterprises:duplicates", roles=STAFF_ROLES)
def export(request, kind):
    """The pairs as a file."""
    return pairs(noun_or_404(kind), request.user)


@role_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request, kind, one, other):
    """Two side by side; sent, one of them is merged into the other."""
    noun = noun_or_404(kind)
    both = noun.model.every.visible_to(request.user).survivors([one, other])
    if len(both) < 2 or one == other:
        raise Http404
    if both[one].pk == both[other].pk:
        messages.info(request, _("These two are one already."))
        return redirect(both[one])
    rows = noun.model.objects.visible_to(request.user).for_comparing().in_bulk([one, other])
    if len(rows) < 2:
        return redirect("enterprises:compare", kind, both[one].pk, both[other].pk)
    form = MergeForm(request.POST or None, one=rows[one], other=rows[other], user=request.user)
    if form.is_valid():
        try:
            merge = form.merge(by=request.user)
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Merged. You can undo this for 30 days."))
            return redirect(merge)
    return render(request, "enterprises/compare.html", {"noun": noun, "form": form})


@role_required(*STAFF_ROLES)
@require_POST
def tell_apart(request, kind, one, other):
    """Say that two only look alike."""
    noun = noun_or_404(kind)
    rows = noun.model.objects.visible_to(request.user).in_bulk([one, other])
    if len(rows) < 2:
        raise Http404
    NotTheSame.objects.say(rows[one], rows[other], by=request.user)
    messages.success(request, _("Noted: these are two. They are not suspected again."))
    return redirect("enterprises:duplicates", kind)


@role_required(*STAFF_ROLES)
@require_safe
def merged(request, pk):
    """What one merge moved, and the button that takes it back."""
    merge = get_object_or_404(Merge.objects.visible_to(request.user).for_list(), pk=pk)
    return render(request, "enterprises/merge_detail.html", {"merge": merge})


@role_required(*STAFF_ROLES)
@require_POST
def undo(request, pk):
    merge = get_object_or_404(Merge.objects.visible_to(request.user), pk=pk)
    try:
        merge.undo(by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Undone: these are two again, as they were."))
    return redirect(merge)


@role_required(*STAFF_ROLES)
@require_safe
def lookalikes(request, kind):
    """What looks like what is being typed; a fragment, empty where nothing does."""
    noun = noun_or_404(kind)
    typed = {
        name: request.GET.get(name, "").replace("\0", "")[:250]
        for name in ("name", "email", "phone", "address")
    }
    if noun == Noun.PERSON:
        del typed["address"]
    rows = noun.model.objects.visible_to(request.user).for_comparing().looking_like(**typed)
    context = {"rows": rows[:NEAR]}
    return render(request, "enterprises/_lookalikes.html", context)

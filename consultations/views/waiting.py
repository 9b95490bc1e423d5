"""The waiting list for those who sign in: founders see their own places, staff the whole list."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.lists import list_file
from best_portal.outbox.models import Letter
from best_portal.refusals import tell
from consultations.forms.waiting import AddForm, JoinForm, WaitingFilter
from consultations.models import OfficeHours, WaitingEntry, WaitingOffer
from consultations.models.free_times import by_day
from consultations.models.office_hours import HORIZON
from consultations.plan_listing import WAITING
from consultations.tasks import serve_waiting_list
from consultations.views.booking import CONFLICT, DAYS_PER_PAGE
from consultations.views.guests import chosen_time
from enterprises.models import Person

ON_THE_LIST = (*STAFF_ROLES, Role.FOUNDER)
ENTRIES_PER_PAGE = 50
MANY = 20
CHOSEN_BEFORE = ("district", "channel", "advisor")
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


def visible(request, pk):
    return get_object_or_404(WaitingEntry.objects.visible_to(request.user).for_list(), pk=pk)


@role_required(*ON_THE_LIST)
@require_safe
def index(request):
    return own(request) if request.user.role == Role.FOUNDER else everyone(request)


def own(request):
    """What a founder waits for, with the offer that waits for an answer."""
    mine = WaitingEntry.objects.visible_to(request.user).for_list()
    context = {
        "places": [place_of(entry) for entry in mine.waiting()],
        "ended": mine.ended().newest_end_first()[:MANY],
    }
    return render(request, "consultations/waiting_own.html", context)


def place_of(entry):
    """What whoever waits is shown of their place."""
    return {
        "entry": entry,
        "ahead": WaitingEntry.objects.ahead_of(entry).count() if entry.is_waiting else None,
        "offer": entry.offers.open().for_list().first(),
    }


def everyone(request):
    """Everybody on the list, who has waited longest first."""
    form = filter_for(request)
    pages = Paginator(form.rows.with_offers().for_list(), ENTRIES_PER_PAGE)
    context = {
        "form": form,
        "number": pages.count,
        "page": pages.get_page(request.GET.get("page")),
        "calls": WaitingOffer.objects.visible_to(request.user).to_call().count(),
    }
    return render(request, "consultations/waiting_list.html", context)


def filter_for(request):
    return WaitingFilter(request.GET, entries=WaitingEntry.objects.visible_to(request.user))


@list_file(
    gettext_lazy("waiting-list"), WAITING, page="consultations:waiting_list", roles=STAFF_ROLES
)
def export(request):
    """The list as a file, filtered as it is on the page."""
    return filter_for(request).rows.with_offers().for_list()


@role_required(*STAFF_ROLES)
@require_safe
def entry(request, pk):
    entry = visible(request, pk)
    context = place_of(entry) | {
        "offers": entry.offers.for_list()[:MANY],
        "letters": Letter.objects.about(entry.letters_key),
    }
    return render(request, "consultations/waiting_entry.html", context)


@role_required(Role.FOUNDER)
@never_cache
@reads_and_writes
def join(request):
    """A founder joins; what was chosen on the page of free times is filled in."""
    form = JoinForm(request.POST or None, by=request.user, initial=chosen_before(request))
    request.draft.fill(form)
    if form.is_valid():
        person = Person.objects.of_account(request.user)
        if joined(request, form, person=person):
            messages.success(request, _("You are on the waiting list."))
            return redirect("consultations:waiting_list")
    return render(request, "consultations/waiting_join.html", {"form": form})


@role_required(*STAFF_ROLES)
@never_cache
@reads_and_writes
def add(request):
    """Staff put somebody on the list who called or came by."""
    form = AddForm(request.POST or None, by=request.user, initial=chosen_before(request))
    request.draft.fill(form)
    if form.is_valid() and (entry := joined(request, form)):
        messages.success(request, _("The person is on the waiting list."))
        return redirect(entry)
    return render(request, "consultations/waiting_add.html", {"form": form})


def chosen_before(request):
    """What somebody looked for on the page of free times."""
    return {name: request.GET[name] for name in CHOSEN_BEFORE if name in request.GET}


def joined(request, form, **who):
    """Join and ring for the sweep: a time that suits may be free. Refused, the form says why."""
    try:
        entry = WaitingEntry.objects.join(by=request.user, **who, **form.wishes)
    except ValidationError as refusal:
        tell(form, refusal)
        return None
    serve_waiting_list.delay_on_commit()
    return entry


@role_required(*ON_THE_LIST)
@require_POST
def stop(request, pk):
    entry = visible(request, pk)
    entry.stop(by=request.user)
    serve_waiting_list.delay_on_commit()
    messages.success(request, _("The entry is taken off the waiting list."))
    return redirect("consultations:waiting_list")


@role_required(*STAFF_ROLES)
@never_cache
@reads_and_writes
def offer(request, pk):
    """Offer a time by hand: by the same rules, but not in turn; the log says who did it."""
    entry = visible(request, pk)
    if request.method == "POST":
        return offered(request, entry)
    return times_for(request, entry)


def times_for(request, entry, *, refusal="", status=200):
    today = timezone.localdate()
    times = OfficeHours.objects.current().free_times(today, today + HORIZON)
    suiting = WaitingOffer.objects.suiting(entry, times)
    context = {
        "entry": entry,
        "refusal": refusal,
        "is_suiting": bool(suiting),
        "page": Paginator(by_day(suiting or times), DAYS_PER_PAGE).get_page(
            request.GET.get("page")
        ),
    }
    return render(request, "consultations/waiting_offer.html", context, status=status)


def offered(request, entry):
    try:
        chosen = chosen_time(request)
        WaitingOffer.objects.make_by_hand(by=request.user, entry=entry, **chosen)
    except ValidationError as refusal:
        return times_for(request, entry, refusal=refusal.messages[0], status=CONFLICT)
    messages.success(request, _("The time is held for four hours."))
    return redirect(entry)


# --- answers to offers ---


@role_required(*STAFF_ROLES)
@require_safe
def calls(request):
    """Whom to call, the most urgent first: on their own page advisors find everybody's."""
    offers = WaitingOffer.objects.visible_to(request.user).to_call()
    return render(request, "consultations/calls.html", {"offers": offers})


@role_required(*ON_THE_LIST)
@require_POST
def accept(request, pk):
    return answered(request, pk, "accept", _("The appointment is booked."))


@role_required(*ON_THE_LIST)
@require_POST
def decline(request, pk):
    return answered(request, pk, "decline", _("The time goes to the next. The place is kept."))


@role_required(*STAFF_ROLES)
@require_POST
def not_reached(request, pk):
    return answered(request, pk, "not_reached", _("The call is noted. The time stays held."))


def answered(request, pk, verb, success):
    """Let the offer act, say what came of it, and go back to where offers are answered."""
    row = get_object_or_404(WaitingOffer.objects.visible_to(request.user).for_list(), pk=pk)
    try:
        getattr(row, verb)(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
        serve_waiting_list.delay_on_commit()
    if request.user.role == Role.FOUNDER:
        return redirect("consultations:waiting_list")
    return redirect("consultations:calls" if row.entry.is_called else row.entry)

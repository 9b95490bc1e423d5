"""Pages on which staff plan group sessions and keep their lists of people."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from best_portal.conflicts import refuse
from best_portal.lists import list_file
from best_portal.outbox.models import Letter
from consultations.forms.groups import (
    CallOffForm,
    DatesFormSet,
    EditGroupSessionForm,
    GroupSessionForm,
)
from consultations.forms.registrations import SeatForForm
from consultations.history import history_of
from consultations.models import Appointment, GroupSession, GroupSessionDate, Registration
from consultations.plan_listing import GROUP_SESSIONS, REGISTRATIONS

reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


def editable(request, pk):
    mine = GroupSession.objects.editable_by(request.user).for_list()
    return get_object_or_404(mine, pk=pk)


@role_required(*STAFF_ROLES)
@require_safe
def manage(request, pk):
    """Who comes, who waits, and what is to be done."""
    sessions = GroupSession.objects.visible_to(request.user)
    session = get_object_or_404(sessions.for_list(), pk=pk)
    people = session.registrations.for_list().with_attended()
    context = {
        "session": session,
        "may_edit": sessions.editable_by(request.user).contains(session),
        "seated": people.expected(),
        "waiting": people.waiting().by_turn(),
        "others": people.neither(),
        "dates": session.dates.with_log(),
        "to_move": Appointment.objects.in_the_way_of(session),
    }
    return render(request, "consultations/groupsession_manage.html", context)


@list_file(
    gettext_lazy("registrations"),
    REGISTRATIONS,
    page="consultations:group_manage",
    roles=STAFF_ROLES,
)
def registrations_export(request, pk):
    """Everybody on the list, without what they need."""
    session = get_object_or_404(GroupSession.objects.visible_to(request.user), pk=pk)
    return session.registrations.for_list().with_attended()


@list_file(
    gettext_lazy("group-sessions"),
    GROUP_SESSIONS,
    page="consultations:group_sessions",
    roles=STAFF_ROLES,
)
def export(request):
    """What is coming and what was, drafts included, however long ago."""
    return GroupSession.objects.visible_to(request.user).for_list()


@role_required(*STAFF_ROLES)
@reads_and_writes
def new(request):
    form = GroupSessionForm(request.POST or None, by=request.user)
    dates = DatesFormSet(request.POST or None)
    request.draft.fill(form, dates)
    # Both are asked, so that one answer names all mistakes.
    if all([form.is_valid(), dates.is_valid()]):
        try:
            session = GroupSession.objects.plan(
                by=request.user,
                times=[(start, end) for _date, start, end in dates.times],
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Written down as a draft. Announce it when it is right."))
            return redirect("consultations:group_manage", session.pk)
    context = {"form": form, "dates": dates, "title": _("Plan a session")}
    return render(request, "consultations/groupsession_form.html", context)


@role_required(*STAFF_ROLES)
@reads_and_writes
def edit(request, pk):
    session = editable(request, pk)
    form = EditGroupSessionForm(request.POST or None, instance=session, by=request.user)
    request.draft.fill(form)
    if form.is_valid():
        try:
            form.amend(by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("consultations:group_manage", pk)
    context = {"form": form, "title": _("Change the session"), "session": session}
    return render(request, "consultations/groupsession_form.html", context)


@role_required(*STAFF_ROLES)
@reads_and_writes
def dates(request, pk):
    """Move, add and cancel dates; everybody on the list is told once."""
    session = editable(request, pk)
    form = request.draft.fill(DatesFormSet(request.POST or None, session=session))
    refusal = ""
    if form.is_valid():
        try:
            form.reschedule(by=request.user)
        except ValidationError as error:
            refusal = error.messages[0]
            refuse(error, form)
        else:
            messages.success(request, _("Saved."))
            return redirect("consultations:group_manage", pk)
    context = {"dates": form, "session": session, "refusal": refusal}
    return render(request, "consultations/groupsession_dates.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def publish(request, pk):
    session = editable(request, pk)
    return done(request, session, session.publish, _("It is announced; people can register."))


@role_required(*STAFF_ROLES)
@reads_and_writes
def call_off(request, pk):
    """Say why, then call it off: only the answer changes anything."""
    session = editable(request, pk)
    form = request.draft.fill(CallOffForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        return done(
            request,
            session,
            lambda by: session.cancel(by=by, **form.cleaned_data),
            _("It is called off; everybody on the list is told."),
        )
    context = {"form": form, "session": session}
    return render(request, "consultations/groupsession_call_off.html", context)


@role_required(*STAFF_ROLES)
@reads_and_writes
def register_for(request, pk):
    """A seat for somebody who called or came by."""
    session = editable(request, pk)
    form = request.draft.fill(SeatForForm(request.POST or None, by=request.user))
    if form.is_valid():
        try:
            registration = Registration.objects.register(
                by=request.user, session=session, **form.chosen
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{registration.who}: {registration.get_status_display()}")
            return redirect("consultations:group_manage", pk)
    context = {"form": form, "session": session}
    return render(request, "consultations/registration_for.html", context)


@role_required(*STAFF_ROLES)
@require_safe
def registered(request, pk):
    """One registration: how to reach the person, what they were told and when."""
    visible = Registration.objects.visible_to(request.user).for_list().with_attended()
    registration = get_object_or_404(visible, pk=pk)
    context = {
        "registration": registration,
        "session": registration.session,
        "may_edit": Registration.objects.editable_by(request.user).contains(registration),
        "history": history_of(registration),
        "letters": Letter.objects.about(registration.letters_key),
    }
    return render(request, "consultations/registration_staff.html", context)


@role_required(*STAFF_ROLES)
@require_POST
def cancel_registration(request, pk):
    registration = get_object_or_404(Registration.objects.editable_by(request.user), pk=pk)
    return done(
        request, registration.session, registration.cancel, _("The registration is cancelled.")
    )


@role_required(*STAFF_ROLES)
@require_POST
def cancel_date(request, pk):
    """A date of several does not take place; or nobody came to it."""
    mine = GroupSessionDate.objects.editable_by(request.user).for_agenda()
    date = get_object_or_404(mine, pk=pk)
    return done(request, date.session, date.cancel, _("The date is cancelled."))


def done(request, session, verb, success):
    """Let the verb act, say what came of it, and show the session's list."""
    try:
        verb(by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
    return redirect("consultations:group_manage", session.pk)

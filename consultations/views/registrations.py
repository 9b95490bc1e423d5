"""Registering for a group session: with an account, without one, and the page behind the link.

Opening a page changes nothing, so the scanners of mail programs may open it: only buttons act.
"""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.models import Role
from consultations.forms.registrations import GuestSeatForm, OwnSeatForm
from consultations.group_calendar import published_file
from consultations.models import Attendance, GroupSession, Proceedings, Registration
from consultations.views.guests import reads_and_writes, too_often
from enterprises.models import Person

MANY = 50


def visible(request, pk):
    sessions = GroupSession.objects.visible_to(request.user).for_list()
    return get_object_or_404(sessions, pk=pk)


@login_not_required
@require_safe
def group_sessions(request):
    """What is coming, and what was where it may be read about; staff see all, founders theirs."""
    user = request.user
    sessions = GroupSession.objects.visible_to(user).for_list()
    is_staff = user.is_authenticated and user.is_staff_member
    earlier = sessions.not_upcoming() if is_staff else sessions.not_upcoming().documented()
    context = {
        "is_staff": is_staff,
        "upcoming": sessions.upcoming(),
        "earlier": earlier.reverse()[:MANY],
    }
    if user.is_authenticated and user.role == Role.FOUNDER:
        attended = Attendance.objects.of_user(user).valid()
        context["own"] = Registration.objects.visible_to(user).for_own_page()
        context["minutes"] = attended.total_minutes()
        context["minutes_in_groups"] = attended.in_groups().total_minutes()
    return render(request, "consultations/groupsession_list.html", context)


@login_not_required
@never_cache
@require_safe
def group_session(request, pk):
    """One session, and how to get a seat."""
    return session_page(request, visible(request, pk))


def session_page(request, session, *, form=None, status=200):
    user = request.user
    proceedings = Proceedings.objects.filter(session=session, is_public=True).first()
    context = {
        "session": session,
        "free": session.seats - session.taken,
        "proceedings": proceedings,
        "findings": session.findings.for_list() if proceedings else (),
    }
    if user.is_authenticated and user.is_staff_member:
        context["is_staff"] = True
    elif user.is_authenticated and user.role == Role.FOUNDER:
        own = Registration.objects.visible_to(user).of_session(session)
        context["registration"] = own.active().first()
        context["form"] = form or OwnSeatForm(by=user)
    return render(request, "consultations/groupsession_detail.html", context, status=status)


@login_not_required
@require_safe
def group_session_ics(request, pk):
    session = visible(request, pk)
    response = HttpResponse(
        published_file(session, language=get_language()),
        content_type="text/calendar; charset=utf-8",
    )
    name = f"qualifizierung-{session.reference}.ics"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@role_required(Role.FOUNDER)
@require_POST
def register(request, pk):
    """One press of a button: a seat, or a place on the waiting list."""
    session = visible(request, pk)
    form = OwnSeatForm(request.POST, by=request.user)
    if not form.is_valid():
        return session_page(request, session, form=form)
    try:
        registration = Registration.objects.register(
            by=request.user,
            session=session,
            person=Person.objects.of_account(request.user),
            **form.cleaned_data,
        )
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, said(registration))
    return redirect(session)


def said(registration):
    if registration.seat:
        return _("You are registered and have a seat.")
    return _("All seats are taken: you are on the waiting list.")


@role_required(Role.FOUNDER)
@require_POST
def cancel_own(request, pk):
    """Give back a seat or a place on the waiting list."""
    registration = get_object_or_404(Registration.objects.visible_to(request.user), pk=pk)
    act(request, lambda: registration.cancel(by=request.user))
    return redirect(registration.session)


def act(request, cancel):
    try:
        cancel()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Your registration is cancelled."))


@login_not_required
@never_cache
@reads_and_writes
def register_guest(request, pk):
    """A name and an address; then the mail with the link goes out."""
    session = visible(request, pk)
    form = GuestSeatForm(request.POST or None, initial={"language": get_language()})
    if form.is_valid():
        if form.is_by_a_robot:
            return redirect("consultations:registration_sent")
        if not ratelimit.consume(request, action="guest_contact"):
            return too_often(request)
        try:
            Registration.objects.ask(session=session, **form.contact)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("consultations:registration_sent")
    return render(
        request, "consultations/registration_guest.html", {"form": form, "session": session}
    )


@login_not_required
@require_safe
def registration_sent(request):
    """Look into your mail; says the same to a robot."""
    return render(request, "consultations/registration_sent.html")


def by_token(token):
    return get_object_or_404(Registration.objects.by_token(token))


@login_not_required
@never_cache
@require_safe
def registration(request, token):
    """What the link opens: to be confirmed, a seat, a place in line, or over."""
    found = Registration.objects.by_token(token).first()
    if found is None:
        return render(request, "consultations/registration_gone.html", status=404)
    context = {"registration": found, "session": found.session, "token": token}
    return render(request, "consultations/registration_detail.html", context)


@login_not_required
@require_POST
def confirm(request, token):
    """Take the place; whoever confirms first has it."""
    registration = by_token(token)
    try:
        registration = registration.confirm()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, said(registration))
    return redirect("consultations:registration", token)


@login_not_required
@require_POST
def cancel(request, token):
    registration = by_token(token)
    act(request, lambda: registration.cancel(by=None))
    return redirect("consultations:registration", token)

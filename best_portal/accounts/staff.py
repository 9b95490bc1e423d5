"""Pages where managers decide who may enter, wearing which hat."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from best_portal.accounts.access import role_required
from best_portal.accounts.emails import send_invitation, send_notification
from best_portal.accounts.forms import AccountForm, InviteForm
from best_portal.accounts.leaving import in_hand
from best_portal.accounts.models import Role, User
from best_portal.lists import list_file

NOT_SENT = _("The mail could not be sent. Please send the invitation again later.")


def state_of(person):
    return _("may sign in") if person.is_active else _("closed")


def second_step_of(person):
    if person.has_second_factor:
        return _("set up")
    return _("still missing") if person.needs_second_factor else _("not needed")


ACCOUNTS = [
    (_("Name"), "name"),
    (_("E-mail address"), "email"),
    (_("Role"), "get_role_display"),
    (_("State"), state_of),
    (_("Second step"), second_step_of),
    (_("Last sign-in"), "last_login"),
]


@role_required(Role.MANAGER)
@require_safe
def accounts(request):
    people = User.objects.visible_to(request.user).with_second_factor()
    return render(request, "accounts/user_list.html", {"people": people})


@list_file(_("accounts"), ACCOUNTS, page="accounts:list", roles=(Role.MANAGER,))
def export(request):
    return User.objects.visible_to(request.user).with_second_factor()


@role_required(Role.MANAGER)
def invite(request):
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            user = User.objects.invite(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("email", refusal)
        else:
            tell_about_invitation(request, user)
            return redirect("accounts:list")
    return render(request, "accounts/user_invite.html", {"form": form})


@role_required(Role.MANAGER)
def edit(request, pk):
    people = User.objects.visible_to(request.user).with_second_factor()
    person = get_object_or_404(people, pk=pk)
    form = AccountForm(request.POST or None, person=person)
    if form.is_valid():
        try:
            form.change(by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The account is changed."))
            return redirect("accounts:list")
    context = {
        "form": form,
        "person": person,
        "in_hand": in_hand(person) if person.works_here else [],
    }
    return render(request, "accounts/user_edit.html", context)


@role_required(Role.MANAGER)
@require_POST
def invite_again(request, pk):
    person = get_object_or_404(User.objects.visible_to(request.user).active(), pk=pk)
    tell_about_invitation(request, person)
    return redirect("accounts:edit", pk=pk)


@role_required(Role.MANAGER)
@require_POST
def remove_second_factor(request, pk):
    """For a person who lost their device; the person is told."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    person.remove_second_factor(by=request.user)
    send_notification("totp_deactivated", person)
    messages.success(request, _("At the next sign-in a new authenticator app is set up."))
    return redirect("accounts:edit", pk=pk)


def tell_about_invitation(request, user):
    if send_invitation(user):
        messages.success(request, _("%(name)s now has a mail about signing in.") % {"name": user})
    else:
        messages.error(request, NOT_SENT)

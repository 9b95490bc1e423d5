"""Pages of the entrance (sign-in, registration, second factor) and of the own account."""

import logging

from allauth.account import views as account_views
from allauth.account.internal.flows.login import clear_authentication_records, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.core import ratelimit
from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from best_portal.accounts.access import DEMO_SIGN_IN, role_required
from best_portal.accounts.forms import DemoForm, ProfileForm, RegisterForm
from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event

logger = logging.getLogger(__name__)

MAIL_FAILED = _(
    "We could not send the mail just now. Please try again in a few minutes or call us."
)
TOO_MANY = _("There were too many attempts. Please wait five minutes and try again.")

authenticate = mfa_views.authenticate
reauthenticate = mfa_views.reauthenticate
view_recovery_codes = recovery_views.view_recovery_codes
generate_recovery_codes = recovery_views.generate_recovery_codes
download_recovery_codes = recovery_views.download_recovery_codes


@method_decorator(login_not_required, name="dispatch")
class SignInView(account_views.RequestLoginCodeView):
    """Ask for the address and send a code; known and unknown addresses get the same answer."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except OSError:
            logger.exception("A sign-in code was not sent")
            form.add_error(None, MAIL_FAILED)
            return self.form_invalid(form)


@method_decorator(login_not_required, name="dispatch")
class RegisterView(SignInView):
    """Make a founder's account and send the code; an address known already just gets the code."""

    template_name = "account/signup.html"

    def get_form_class(self):
        return RegisterForm

    def _redirect_to_pending_stage(self, request, stage):
        # Whoever was told "there is no account" follows the link in that mail to this page.
        clear_login(request)

    def form_valid(self, form):
        if not ratelimit.consume(self.request, action="signup"):
            form.add_error(None, TOO_MANY)
            return self.form_invalid(form)
        if not User.objects.by_email(form.cleaned_data["email"]):
            # allauth's name for whom the code is for.
            form._user = User.objects.register(
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                language=self.request.LANGUAGE_CODE,
            )
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class CodeView(account_views.ConfirmLoginCodeView):
    """Take the code from the mail: three tries, ten minutes, and nine tries per address at most."""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        if getattr(self, "_process", True) is None:
            messages.error(request, _("The code is no longer valid. Please ask for a new one."))
        return response

    def post(self, request, *args, **kwargs):
        # Counted here and not only in the session: many requests at once share one count.
        if not ratelimit.consume(
            request, action="try_login_code", key=self._process.state["email"].lower()
        ):
            messages.error(request, TOO_MANY)
            return redirect("account_confirm_login_code")
        try:
            return super().post(request, *args, **kwargs)
        except OSError:
            logger.exception("A sign-in code was not sent again")
            messages.error(request, MAIL_FAILED)
            return redirect("account_confirm_login_code")


@method_decorator(login_not_required, name="dispatch")
class SignOutView(account_views.LogoutView):
    http_method_names = ["post"]


class ActivateView(totp_views.ActivateTOTPView):
    """Set up the authenticator app; having typed its code counts as having shown it."""

    def form_valid(self, form):
        response = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        TOTP(app)._mark_code_used(form.cleaned_data["code"])
        record_authentication(
            self.request, self.request.user, "mfa", id=app.pk, type=app.type, reauthenticated=True
        )
        self.request.session.cycle_key()
        return response


class DeactivateView(totp_views.DeactivateTOTPView):
    """Forget the authenticator app, to set up another; the session forgets having shown it."""

    def form_valid(self, form):
        response = super().form_valid(form)
        clear_authentication_records(self.request)
        return response


@role_required(*Role)
def profile(request):
    user = request.user
    form = ProfileForm(request.POST or None, person=user)
    if form.is_valid():
        try:
            form.edit()
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your details are saved."))
            return redirect("accounts:profile")
    has_app = User.objects.visible_to(user).with_second_factor().get(pk=user.pk).has_second_factor
    return render(request, "accounts/profile.html", {"form": form, "has_second_factor": has_app})


@role_required(*Role)
@require_POST
def sign_out_everywhere(request):
    request.user.sign_out_everywhere(by=request.user)
    logout(request)
    messages.success(request, _("You are signed out on all devices."))
    return redirect("account_login")


@login_not_required
@never_cache
def demo(request):
    """Sign in as one of the demo's people with one click; only where the demo is loaded."""
    people = User.objects.demo_people()
    if not settings.DEMO or not people.exists():
        raise Http404
    form = DemoForm(request.POST or None)
    if form.is_valid():
        person = form.cleaned_data["person"]
        login(request, person)
        request.session[DEMO_SIGN_IN] = person.pk
        Event.objects.record(actor=person, verb="account.signed_in", subject=person, demo=True)
        return redirect("home")
    roles = [(role, people.wearing(role)) for role in Role]
    return render(request, "accounts/demo.html", {"roles": roles, "form": form})

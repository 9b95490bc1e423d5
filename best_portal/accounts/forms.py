"""What people type about accounts: who they are, the codes, and what managers decide."""

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import PROFILE, Language, Role, User
from best_portal.conflicts import SeesConflicts


def code_field(label, help_text=""):
    """A field for a code: no spelling help, no capitals, and the phone offers the code it got."""
    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}
    )
    return forms.CharField(label=label, help_text=help_text, max_length=40, widget=widget)


def email_field():
    return forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class SignInForm(account_forms.RequestLoginCodeForm):
    email = email_field()

    def clean_email(self):
        self.cleaned_data["email"] = self.cleaned_data["email"].lower()
        return super().clean_email()


class CodeForm(account_forms.ConfirmLoginCodeForm):
    code = code_field(_("Code from the mail"), _("Eight letters, for example BCDF-GHJK."))


class SecondFactorForm(mfa_forms.AuthenticateForm):
    code = code_field(
        _("Code from the authenticator app"),
        _("Six digits. Without your device, use one of your recovery codes."),
    )


class SecondFactorAgainForm(mfa_forms.ReauthenticateForm):
    code = code_field(
        _("Code from the authenticator app"),
        _("Six digits. Without your device, use one of your recovery codes."),
    )


class ActivateForm(totp_forms.ActivateTOTPForm):
    code = code_field(_("Code from the authenticator app"), _("Six digits."))


class RegisterForm(SignInForm):
    """A founder's own account: name and address, nothing else can be chosen."""

    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["name", "email"]


class ProfileForm(SeesConflicts, forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("For these pages and for the mails you receive."),
    )
    has_shortcuts = forms.BooleanField(
        label=_("Shortcuts of one letter"),
        required=False,
        help_text=_(
            "B logs a consultation, wherever you are and while you are not typing. Switch this off "
            "if letters reach the page by accident."
        ),
    )

    has_daily_mail = forms.BooleanField(
        label=_("Mail in the morning"),
        required=False,
        help_text=_("On working days, if a promise or a next step of yours is due."),
    )

    def __init__(self, *args, person, **kwargs):
        self.person = person
        super().__init__(*args, initial=self.stored(person), **kwargs)
        if not person.is_staff_member:
            del self.fields["has_shortcuts"], self.fields["has_daily_mail"]

    @property
    def row(self):
        return self.person

    def stored(self, row):
        return {name: getattr(row, name) for name in PROFILE}

    @transaction.atomic
    def edit(self):
        self.check()
        self.person.edit_profile(by=self.person, **self.cleaned_data)


class InviteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)


class AccountForm(SeesConflicts, forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        help_text=_("A new role signs the person out on all devices."),
    )
    is_active = forms.BooleanField(label=_("May sign in"), required=False)

    def __init__(self, *args, person, **kwargs):
        self.person = person
        super().__init__(*args, initial=self.stored(person), **kwargs)

    @property
    def row(self):
        return self.person

    def stored(self, row):
        return {"name": row.name, "role": row.role, "is_active": row.is_active}

    @transaction.atomic
    def change(self, *, by):
        self.check()
        self.person.change(by=by, **self.cleaned_data)


class DemoForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.demo_people()

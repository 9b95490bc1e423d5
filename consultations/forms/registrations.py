"""The forms by which people get a seat in a group session: with an account, without, by phone."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language
from best_portal.widgets import SearchChoiceField
from consultations.forms.on_behalf import BookForForm
from consultations.models import ToldBy
from consultations.models.guests import Need
from enterprises.models import Organisation, Person


class NeedsField(forms.MultipleChoiceField):
    """What somebody needs in order to take part."""

    def __init__(self):
        super().__init__(
            label=_("Do you need any of these?"),
            choices=Need,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class OwnSeatForm(forms.Form):
    """A founder's own registration: one press of the button, the rest may stay as it is."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("For which organisation?"), required=False
    )
    needs = NeedsField()

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = own = Organisation.objects.visible_to(by)
        self.fields["organisation"].empty_label = _("only for myself")
        self.fields["organisation"].initial = own.first()
        self.helper = FormHelper()
        self.helper.add_input(Submit("register", _("Sign up")))


class GuestSeatForm(forms.Form):
    """Somebody without an account; the last field is for robots only."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("As it shall stand on the certificate of attendance."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send you a link to confirm. No e-mail? Then please call us."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"), choices=Language
    )
    needs = NeedsField()
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("register", _("Sign up")))

    @property
    def is_by_a_robot(self):
        return bool(self.data.get("website"))

    @property
    def contact(self):
        names = ("name", "email", "language", "needs")
        return {name: self.cleaned_data[name] for name in names}


class SeatForForm(BookForForm):
    """Somebody who called or came by: on file already, or new."""

    needs = NeedsField()

    TOLD_BY = [(choice.value, choice.label) for choice in (ToldBy.MAIL, ToldBy.NOBODY)]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        del self.fields["concern"]
        self.fields["told_by"].choices = self.TOLD_BY
        self.fields["needs"].label = _("Needs")
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "form_key",
            "person",
            Fieldset(
                _("Or somebody new"),
                Row(Column("name"), Column("phone")),
                Row(Column("email"), Column("language")),
            ),
            "organisation",
            "needs",
            "told_by",
        )
        self.helper.add_input(Submit("register", _("Sign up")))

    @property
    def chosen(self):
        """What `Registration.objects.register` needs."""
        cleaned = self.cleaned_data
        names = ("form_key", "person", "organisation", "needs", "told_by")
        contact = {name: cleaned[name] for name in ("name", "phone", "email")}
        contact["language"] = cleaned["language"] or Language.GERMAN
        return {name: cleaned[name] for name in names} | {"contact": contact}


class WalkInForm(forms.Form):
    """Somebody who just came: found by name, or new."""

    person = SearchChoiceField(
        Person.objects.none(),
        search_url="consultations:person_search",
        label=_("Person on file"),
        required=False,
        help_text=_("Type a name, an e-mail address or a phone number."),
    )
    name = forms.CharField(label=_("Or the name of somebody new"), max_length=150, required=False)
    organisation = SearchChoiceField(
        Organisation.objects.none(),
        search_url="consultations:organisation_search",
        label=_("Organisation"),
        required=False,
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.visible_to(by)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by)
        self.helper = FormHelper()
        self.helper.add_input(Submit("add", _("Note as present")))

    def clean(self):
        cleaned = super().clean()
        if "person" in self.errors:
            return cleaned
        person, name = cleaned.get("person"), " ".join((cleaned.get("name") or "").split())
        if person and name:
            self.add_error("name", _("Leave this empty, or empty the person on file: not both."))
        elif not person and not name:
            self.add_error("person", _("Choose a person on file, or write the name of a new one."))
        return cleaned

    @property
    def who(self):
        """What `CheckIn.objects.walk_in` needs."""
        cleaned = self.cleaned_data
        return {
            "person": cleaned["person"],
            "contact": {"name": cleaned["name"]},
            "organisation": cleaned["organisation"],
        }

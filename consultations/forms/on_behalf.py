"""The form with which an advisor books for somebody who called or came by."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language
from best_portal.widgets import DateInput, SearchChoiceField, TimeInput
from consultations.clock import moments
from consultations.forms.barred import MindsBars
from consultations.forms.fields import NEAR
from consultations.forms.text_messages import MobileField, offer_sms
from consultations.models import ToldBy
from enterprises.models import Organisation, Person


class BookForForm(MindsBars):
    """Whom for, what about, and how they are told; a person on file or a new one."""

    # What stands before whom it is for, where the time is not chosen yet.
    WHEN = ()

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    person = SearchChoiceField(
        Person.objects.none(),
        search_url="consultations:person_search",
        label=_("Person on file"),
        required=False,
        help_text=_("Type a name, an e-mail address or a phone number."),
    )
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=Language, initial=Language.GERMAN, required=False
    )
    organisation = SearchChoiceField(
        Organisation.objects.none(),
        search_url="consultations:organisation_search",
        label=_("Organisation"),
        required=False,
    )
    concern = forms.CharField(
        label=_("What is it about?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )
    told_by = forms.ChoiceField(
        label=_("Confirmation"), choices=ToldBy, widget=forms.RadioSelect, initial=ToldBy.MAIL
    )
    mobile = MobileField(
        help_text=_("If the person wants one: it comes a day and two hours before.")
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.visible_to(by)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by)
        offer_sms(self)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "form_key",
            "despite_bar",
            *self.WHEN,
            "person",
            Fieldset(
                _("Or somebody new"),
                Row(Column("name"), Column("phone")),
                Row(Column("email"), Column("language")),
            ),
            "organisation",
            "concern",
            "told_by",
            *(["mobile"] if "mobile" in self.fields else []),
        )
        self.helper.add_input(Submit("book", _("Book this appointment")))

    def clean(self):
        cleaned = super().clean()
        if "person" in self.errors or "email" in self.errors:
            return cleaned
        person, name = cleaned.get("person"), cleaned.get("name")
        if person and name:
            self.add_error("name", _("Leave this empty, or empty the person on file: not both."))
        elif not person and not name:
            self.add_error("person", _("Choose a person on file, or write the name of a new one."))
        email = person.email if person else cleaned.get("email")
        if cleaned.get("told_by") == ToldBy.MAIL and not email:
            self.add_error(
                "told_by",
                ValidationError(
                    _("There is no e-mail address. Choose a letter, or tell the person yourself.")
                ),
            )
        return cleaned

    @property
    def chosen(self):
        """What `Appointment.objects.book_for` needs."""
        cleaned = self.cleaned_data
        names = ("form_key", "person", "organisation", "concern", "told_by", "mobile")
        contact = {name: cleaned[name] for name in ("name", "phone", "email")}
        contact["language"] = cleaned["language"] or Language.GERMAN
        return {name: cleaned[name] for name in names if name in cleaned} | {"contact": contact}


class AgreedForm(BookForForm):
    """The same for a time both sides have agreed on, in office hours by agreement."""

    WHEN = (Row(Column("day"), Column("clock")),)

    day = forms.DateField(label=_("Date"), widget=DateInput, validators=NEAR)
    clock = forms.TimeField(label=_("From"), widget=TimeInput)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("day") and cleaned.get("clock"):
            found = moments(cleaned["day"], cleaned["clock"])
            if not found:
                self.add_error(
                    "clock",
                    _("The clocks are changed that night, and this hour does not exist."),
                )
            cleaned["starts_at"] = next(iter(found), None)
        return cleaned

    @property
    def chosen(self):
        return super().chosen | {"starts_at": self.cleaned_data["starts_at"], "is_agreed": True}

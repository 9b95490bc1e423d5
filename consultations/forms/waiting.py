"""The forms of the waiting list: when somebody can come, and for whom and what they wait."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language, User
from best_portal.widgets import DateInput, SearchChoiceField
from consultations.forms.barred import MindsBars
from consultations.forms.guests import CHANNELS, ContactForm, funded_districts
from consultations.forms.office_hours import NEAR
from consultations.models import (
    DayPart,
    OfficeHours,
    Project,
    ReachedBy,
    Topic,
    Weekday,
)
from consultations.models.guests import Need
from districts.models import District
from enterprises.models import Organisation, Person

WORKING_WEEK = 5


def project_in(district):
    """The project that works there today; none where that leaves a choice."""
    running = Project.objects.running_on(timezone.localdate())
    if district:
        running = running.filter(districts=district)
    found = list(running[:2])
    return found[0] if len(found) == 1 else None


class WhenForm(forms.Form):
    """When somebody can come; nothing chosen means always."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days can you come?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen means: on any day."),
    )
    day_parts = forms.MultipleChoiceField(
        label=_("At what time of day?"),
        choices=DayPart,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen means: at any time."),
    )
    earliest_on = forms.DateField(
        label=_("Not before"), required=False, widget=DateInput, validators=NEAR
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = set(OfficeHours.objects.current().values_list("weekday", flat=True))
        self.fields["weekdays"].choices = [
            (day.value, day.label) for day in Weekday if day <= WORKING_WEEK or day in held
        ]

    @property
    def wishes(self):
        """What `WaitingEntry.objects.join` and `ask` need."""
        return {name: self.cleaned_data[name] for name in ("weekdays", "day_parts", "earliest_on")}


class GuestWaitingForm(WhenForm, ContactForm):
    """When, who, and where the link goes; the last field is for robots only."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send you a link to confirm, and later the times we offer you."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    field_order = ["weekdays", "day_parts", "earliest_on", "name", "email", "phone", "website"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # There is no appointment yet to be reminded of.
        self.fields.pop("sms", None)
        self.helper = FormHelper()
        self.helper.add_input(Submit("join", _("Join the waiting list")))

    def asked_for(self, answers):
        """Everything `WaitingEntry.objects.ask` needs, with the answers to the six questions."""
        district = District.objects.filter(pk=answers["district_id"]).first()
        contact = {name: self.cleaned_data[name] for name in ("name", "email", "phone")}
        return self.wishes | contact | answers | {"project": project_in(district)}


class WhatForm(WhenForm):
    """Where, how, with whom and about what; and when."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    district = forms.ModelChoiceField(
        District.objects.none(),
        label=_("Neighbourhood"),
        required=False,
        empty_label=_("Any neighbourhood"),
    )
    channel = forms.ChoiceField(label=_("How"), required=False)
    advisor = forms.ModelChoiceField(
        User.objects.none(), label=_("With"), required=False, empty_label=_("Anyone")
    )
    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        label=_("Topic"),
        required=False,
        empty_label=_("Something else, or not clear yet"),
    )
    concern = forms.CharField(
        label=_("What is it about?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        help_text=_("Two or three sentences are enough. Only your advisors read this."),
    )
    needs = forms.MultipleChoiceField(
        label=_("Do you need any of these?"),
        choices=Need,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = funded_districts()
        self.fields["advisor"].queryset = User.objects.advisors()
        self.fields["channel"].choices = [
            ("", _("Any way")),
            *((channel.value, channel.label) for channel in CHANNELS),
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "form_key",
            *self.who_first(by),
            Row(Column("district"), Column("channel")),
            Row(Column("advisor"), Column("topic")),
            "concern",
            "needs",
            Row(Column("weekdays"), Column("day_parts")),
            "earliest_on",
        )
        self.helper.add_input(Submit("join", self.button))

    @property
    def wishes(self):
        cleaned = self.cleaned_data
        names = ("form_key", "district", "channel", "advisor", "topic", "concern", "needs")
        chosen = {name: cleaned[name] for name in names}
        return super().wishes | chosen | {"project": project_in(cleaned["district"])}


class JoinForm(WhatForm):
    """A founder joins for themself."""

    button = _("Join the waiting list")
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("For which undertaking?"),
        required=False,
        empty_label=_("None of these, or not started yet"),
    )

    def who_first(self, by):
        mine = Organisation.objects.visible_to(by).order_by("sort_name", "pk")
        self.fields["organisation"].queryset = mine
        return ["organisation"] if mine else []

    @property
    def wishes(self):
        return super().wishes | {"organisation": self.cleaned_data.get("organisation")}


class AddForm(MindsBars, WhatForm):
    """An advisor puts somebody on the list who called or came by."""

    button = _("Put on the waiting list")
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
    reached_by = forms.ChoiceField(
        label=_("How do we tell them of a free time?"),
        choices=ReachedBy,
        initial=ReachedBy.PHONE,
        widget=forms.RadioSelect,
    )

    def who_first(self, by):
        self.fields["person"].queryset = Person.objects.visible_to(by)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by)
        self.fields["weekdays"].label = _("On which days can they come?")
        self.fields["needs"].label = _("Do they need any of these?")
        self.fields["concern"].help_text = ""
        return [
            "despite_bar",
            "person",
            Fieldset(
                _("Or somebody new"),
                Row(Column("name"), Column("phone")),
                Row(Column("email"), Column("language")),
            ),
            "reached_by",
            "organisation",
        ]

    def clean(self):
        cleaned = super().clean()
        person, name = cleaned.get("person"), cleaned.get("name")
        if person and name:
            self.add_error("name", _("Leave this empty, or empty the person on file: not both."))
        elif not person and not name and "person" not in self.errors:
            self.add_error("person", _("Choose a person on file, or write the name of a new one."))
        whose = {name: getattr(person, name) for name in ("email", "phone")} if person else cleaned
        if cleaned.get("reached_by") == ReachedBy.MAIL and not whose.get("email"):
            if "email" not in self.errors:
                self.add_error("reached_by", _("There is no e-mail address. Choose to call."))
        elif cleaned.get("reached_by") == ReachedBy.PHONE and not whose.get("phone"):
            self.add_error("reached_by", _("There is no phone number to call."))
        return cleaned

    @property
    def wishes(self):
        cleaned = self.cleaned_data
        contact = {name: cleaned[name] for name in ("name", "phone", "email")}
        contact["language"] = cleaned["language"] or Language.GERMAN
        who = {name: cleaned[name] for name in ("person", "organisation", "reached_by")}
        return super().wishes | who | {"contact": contact}


class WaitingFilter(forms.Form):
    """Which entries of the list are shown."""

    district = forms.ModelChoiceField(
        District.objects.none(),
        label=_("Neighbourhood"),
        required=False,
        empty_label=_("Any neighbourhood"),
    )
    topic = forms.ModelChoiceField(
        Topic.objects.all(), label=_("Topic"), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("on the list")), ("ended", _("ended"))],
    )

    def __init__(self, data, *, entries):
        super().__init__(data)
        self.entries = entries
        used = entries.exclude(district=None).order_by().values("district")
        self.fields["district"].queryset = District.objects.filter(pk__in=used).defer("outline")

    @property
    def rows(self):
        """The entries asked for; a choice that is not on offer any more does not count."""
        self.full_clean()
        chosen = self.cleaned_data
        rows = self.entries.ended() if chosen.get("state") == "ended" else self.entries.waiting()
        wanted = {name: chosen.get(name) for name in ("district", "topic")}
        return rows.filter(**{name: value for name, value in wanted.items() if value})

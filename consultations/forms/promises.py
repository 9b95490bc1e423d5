"""Forms for promises: writing one down, another day, dropping it; and for rules of contact."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.conflicts import SeesConflicts
from best_portal.widgets import DateInput, SearchChoiceField
from consultations.forms.fields import NEAR
from consultations.models import ContactRule, Promise, Promiser
from consultations.models.contact import ACCOMPANIED, LONGEST
from enterprises.models import Organisation, Person


class PromiseForm(forms.Form):
    """Who promised what by when.

    Where the organisation or the consultation is known, only its people are offered.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    organisation = SearchChoiceField(
        Organisation.objects.none(),
        search_url="consultations:organisation_search",
        label=_("Organisation"),
    )
    promiser = forms.ChoiceField(
        label=_("Who promised?"),
        choices=Promiser,
        initial=Promiser.ADVISOR,
        widget=forms.RadioSelect,
    )
    person = SearchChoiceField(
        Person.objects.none(),
        search_url="consultations:person_search",
        label=_("Person of the organisation"),
        required=False,
        help_text=_("Who promised it, or to whom it was promised. Then only this person reads it."),
    )
    what = forms.CharField(
        label=_("What?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        help_text=_("The organisation can read this."),
    )
    due_on = forms.DateField(
        label=_("By when?"),
        required=False,
        widget=DateInput,
        validators=NEAR,
        help_text=_("Empty: without a date."),
    )
    made_on = forms.DateField(label=_("Promised on"), widget=DateInput, validators=NEAR)
    advisor = forms.ModelChoiceField(
        User.objects.none(), label=_("Who of us?"), empty_label=None, required=False
    )

    def __init__(self, *args, by, organisation=None, consultation=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.organisation, self.consultation = by, organisation, consultation
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by)
        self.fields["person"].queryset = Person.objects.visible_to(by)
        self.fields["advisor"].queryset = User.objects.staff()
        self.fields["advisor"].initial = by.pk
        self.fields["made_on"].initial = (
            consultation.held_on if consultation else timezone.localdate()
        )
        if organisation:
            self._know(organisation)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "form_key",
            *([] if organisation else ["organisation"]),
            "promiser",
            "person",
            "what",
            Row(Column("due_on"), Column("made_on")),
            "advisor",
        )
        self.helper.add_input(Submit("make", _("Save the promise")))

    def _know(self, organisation):
        del self.fields["organisation"]
        self.fields["person"] = forms.ModelChoiceField(
            Person.objects.part_of(organisation),
            label=self.fields["person"].label,
            required=False,
            empty_label=_("nobody in particular"),
            help_text=self.fields["person"].help_text,
        )

    def clean(self):
        cleaned = super().clean()
        by_person = cleaned.get("promiser") == Promiser.PERSON
        if by_person and "person" not in self.errors and not cleaned.get("person"):
            self.add_error("person", _("Say which person of the organisation promised it."))
        made_on, due_on = cleaned.get("made_on"), cleaned.get("due_on")
        if made_on and due_on and due_on < made_on:
            self.add_error("due_on", _("A promise cannot be due before it was made."))
        return cleaned

    def make(self):
        answers = dict(self.cleaned_data)
        return Promise.objects.make(
            by=self.by,
            organisation=answers.pop("organisation", None) or self.organisation,
            advisor=answers.pop("advisor") or self.by,
            consultation=self.consultation,
            case=self.consultation.case if self.consultation else None,
            **answers,
        )


class PostponeForm(SeesConflicts, forms.Form):
    """Another day, and why; shows the day somebody else has agreed on meanwhile."""

    due_on = forms.DateField(label=_("New day"), widget=DateInput, validators=NEAR)
    reason = forms.CharField(
        label=_("Why?"), max_length=300, help_text=_("The organisation can read this.")
    )

    def __init__(self, *args, promise, **kwargs):
        self.promise = promise
        super().__init__(*args, initial=self.stored(promise), **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("postpone", _("Postpone")))

    @property
    def row(self):
        return self.promise

    def stored(self, row):
        return {"due_on": row.due_on}

    @transaction.atomic
    def postpone(self, *, by):
        self.check()
        answers = self.cleaned_data
        self.promise.postpone(answers["due_on"], reason=answers["reason"], by=by)


class DropForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=300, help_text=_("The organisation can read this.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("drop", _("Drop the promise")))


class ContactRuleForm(forms.Form):
    """After how many days a case of a stage has gone quiet, from which day on."""

    stage = forms.ChoiceField(label=_("Stage"), choices=ACCOMPANIED)
    days = forms.IntegerField(label=_("Days without contact"), min_value=1, max_value=LONGEST)
    starts_on = forms.DateField(
        label=_("Valid from"), widget=DateInput, validators=NEAR, initial=timezone.localdate
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("Where the number comes from: own practice, or a rule and its source."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("stage"), Column("days"), Column("starts_on")), "note"
        )
        self.helper.add_input(Submit("settle", _("Save the rule")))

    def settle(self, *, by):
        return ContactRule.objects.settle(by=by, **self.cleaned_data)

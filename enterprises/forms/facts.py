"""Forms of what is known of an organisation: criteria, income mix, jobs, people, members."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput, NumberField, SearchChoiceField
from enterprises.forms.accounted import AccountedForm, AsksBeforeAccounted
from enterprises.forms.base import NounForm
from enterprises.models import (
    CriterionAssessment,
    Health,
    HealthNote,
    IncomeMix,
    Innovation,
    Involvement,
    Job,
    Membership,
    Organisation,
    Person,
    SizeDeclaration,
)

YES_NO = [(True, _("met")), (False, _("not met"))]


class AssessmentForm(NounForm):
    is_met = forms.TypedChoiceField(
        label=_("Result"),
        choices=YES_NO,
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = CriterionAssessment
        fields = ["criterion", "is_met", "assessed_on", "evidence"]
        widgets = {"assessed_on": DateInput, "evidence": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"evidence": _("What shows it: statute, accounts, a visit.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assessed_on"].initial = timezone.localdate


class IncomeMixForm(NounForm):
    class Meta:
        model = IncomeMix
        fields = ["year", "public_contracts", "private_sales", "unpaid_hours", "note"]
        field_classes = {
            "public_contracts": NumberField,
            "private_sales": NumberField,
            "unpaid_hours": NumberField,
        }


class AccountableForm(AccountedForm, NounForm):
    """A fact that reports count; asks before it changes what accepted ones have counted."""

    @property
    def fact(self):
        return self.instance.fact

    def changes_since(self):
        counted = {name: self.cleaned_data[name] for name in self.instance.counted_fields}
        return self.instance.differs_since(**counted)


class JobForm(AccountableForm):
    class Meta:
        model = Job
        fields = ["title", "kind", "fte", "since", "until", "confirmed_on", "confirmed_by"]
        field_classes = {"fte": NumberField}
        widgets = {
            "since": DateInput,
            "until": DateInput,
            "confirmed_on": DateInput,
        }


class DropForm(AsksBeforeAccounted, forms.Form):
    """Delete a fact that accepted reports have counted."""

    button = _("Delete")

    def __init__(self, *args, row, **kwargs):
        self.row = row
        super().__init__(*args, **kwargs)
        self.periods = row.accounted
        if self.periods:
            self._ask()

    def _periods(self):
        return self.row.accounted

    def drop(self, *, by):
        self.row.withdraw(by=by, because=self.because)


class SizeForm(AccountableForm):
    class Meta:
        model = SizeDeclaration
        fields = [
            "as_of",
            "employees",
            "turnover",
            "balance_sheet",
            "value_added",
            "is_publicly_owned",
            "source",
        ]
        field_classes = {
            "employees": NumberField,
            "turnover": NumberField,
            "balance_sheet": NumberField,
            "value_added": NumberField,
        }
        widgets = {"as_of": DateInput}
        help_texts = {
            "as_of": _("The last day of the year the numbers are of."),
            "employees": _("Full-time equivalents; linked enterprises are added."),
            "value_added": _("Only where a report asks for it; see the annual accounts."),
            "is_publicly_owned": _("Then it does not count as small or medium-sized."),
            "source": _("For instance: declaration signed on 3 March, annual accounts."),
        }


class InnovationForm(AccountableForm):
    class Meta:
        model = Innovation
        fields = [
            "kind",
            "what",
            "introduced_on",
            "is_in_house",
            "evidence",
            "confirmed_on",
            "confirmed_by",
        ]
        widgets = {"introduced_on": DateInput, "confirmed_on": DateInput}
        help_texts = {
            "evidence": _("For instance: price list, photograph, letter of 3 March."),
            "confirmed_on": _("Reports count only what the enterprise has confirmed."),
        }


class InvolvementForm(NounForm):
    """A part in the organisation, of somebody who is on file."""

    class Meta:
        model = Involvement
        fields = ["role", "since", "until"]
        widgets = {"since": DateInput, "until": DateInput}


class NewcomerForm(InvolvementForm):
    """A part in the organisation, of somebody new; who has the same e-mail is the same person."""

    lookalikes = "personen"

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)

    field_order = ["name", "email", "phone", "role", "since", "until"]

    class Meta(InvolvementForm.Meta):
        pass

    def save(self, commit=True):
        contact = {name: self.cleaned_data[name] for name in ("name", "email", "phone")}
        self.instance.person = Person.objects.met(**contact)
        return super().save(commit)


class PersonForm(NounForm):
    class Meta:
        model = Person
        fields = ["name", "email", "phone", "language"]


class HealthForm(NounForm):
    class Meta:
        model = HealthNote
        fields = ["health", "noted_on", "note"]
        widgets = {
            "health": forms.RadioSelect,
            "noted_on": DateInput,
            "note": forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["health"].choices = Health.choices


class MembershipForm(NounForm):
    member = SearchChoiceField(
        Organisation.objects.all(),
        search_url="consultations:organisation_search",
        label=_("Member"),
    )

    class Meta:
        model = Membership
        fields = ["member", "since", "until"]
        widgets = {"since": DateInput, "until": DateInput}

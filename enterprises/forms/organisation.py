"""Forms of an organisation: opening its file, changing it, founding it, moving its stage."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput
from districts.models import District
from enterprises.accounted import accounted
from enterprises.forms.accounted import AccountedForm, AsksBeforeAccounted
from enterprises.forms.base import NounForm
from enterprises.models import LegalForm, Organisation, OrganisationKind, Stage


class WebsiteField(forms.URLField):
    """An address typed without its scheme is meant with https."""

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", **kwargs)


# An initiative and what it becomes are one kind of enterprise, before and after a day.
FOUNDED = {OrganisationKind.FOUNDING_INITIATIVE, OrganisationKind.SOCIAL_ENTERPRISE}


def enterprise_since(kind, founded_on):
    """From which day on an organisation counts as founded: ever since, or not yet."""
    if kind == OrganisationKind.FOUNDING_INITIATIVE:
        return date.max
    return founded_on or date.min


class OrganisationForm(AccountedForm, NounForm):
    """The file of an organisation; asks before it changes what accepted reports have counted."""

    class Meta:
        model = Organisation
        fields = [
            "name",
            "kind",
            "district",
            "purpose",
            "legal_form",
            "founded_on",
            "address",
            "email",
            "phone",
            "website",
        ]
        field_classes = {"website": WebsiteField}
        widgets = {"founded_on": DateInput, "purpose": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        areas = self.fields["district"]
        areas.queryset = District.objects.for_directory().defer("outline")
        areas.label_from_instance = lambda area: area.name_with_end
        areas.empty_label = _("outside the funded areas")

    @property
    def organisation(self):
        return self.instance

    def changes_since(self):
        """Another founding day tells differently of what lies between, and another kind of all."""
        kinds = {self.instance.kind, self.cleaned_data["kind"]}
        if len(kinds) > 1 and not kinds <= FOUNDED:
            return date.min
        days = {
            enterprise_since(self.instance.kind, self.instance.founded_on),
            enterprise_since(self.cleaned_data["kind"], self.cleaned_data["founded_on"]),
        }
        return min(days) if len(days) > 1 else None

    def _periods(self):
        """The area stands beside an organisation wherever a figure lists it, from the first on."""
        periods = super()._periods()
        if self.instance.pk and self.instance.district != self.cleaned_data["district"]:
            shown = accounted(self.instance, date.min, "area")
            periods += [each for each in shown if each not in periods]
        return periods

    def clean_name(self):
        """Refuse a second file of one name: it would be one organisation counted twice."""
        name = " ".join(self.cleaned_data["name"].split())
        same = Organisation.objects.named(name).exclude(pk=self.instance.pk).first()
        if same:
            raise ValidationError(
                _(
                    "“%(name)s” is on file already. If it is another one, add what tells them "
                    "apart, such as the place."
                ),
                params={"name": same},
            )
        return name


class RegisterForm(OrganisationForm):
    """A new file, with the stage the organisation is in today."""

    # What is on file already is hinted at while somebody types (enterprises:lookalikes).
    lookalikes = "betriebe"

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage, initial=Stage.IDEA)
    since = forms.DateField(label=_("In this stage since"), widget=DateInput)

    field_order = ["name", "kind", "stage", "since", "district", "purpose"]

    class Meta(OrganisationForm.Meta):
        pass

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = timezone.localdate

    def clean_stage(self):
        if self.cleaned_data["stage"] == Stage.GIVEN_UP:
            raise ValidationError(_("Open the file first; then note when and why it was given up."))
        return self.cleaned_data["stage"]

    def register(self, *, by):
        return Organisation.objects.register(by=by, **self.cleaned_data)


class FoundForm(AsksBeforeAccounted, forms.Form):
    """The founding of an initiative; asks where its day lies in what was accepted or before it."""

    on = forms.DateField(label=_("Founded on"), widget=DateInput)
    legal_form = forms.ChoiceField(
        label=_("Legal form"),
        choices=[("", _("please choose")), *(c for c in LegalForm.choices if c[0])],
    )
    organisation = None  # given by the view; the mixin would ask a row

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def changes_since(self):
        return self.cleaned_data["on"]

    @transaction.atomic
    def found(self, *, by):
        self.organisation.found(by=by, **self.cleaned_data)
        self.note_why(self.organisation, by=by)


class StageForm(AsksBeforeAccounted, forms.Form):
    """Another stage; asks where giving up, or going on, lies in what was accepted."""

    fact = "stage"

    stage = forms.ChoiceField(label=_("New stage"), choices=Stage)
    on = forms.DateField(label=_("From"), widget=DateInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed when it was given up: what can be learnt from it."),
    )

    organisation = None  # given by the view; the mixin would ask a row

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["on"].initial = timezone.localdate

    def changes_since(self):
        """Reports count who goes on, and who was given up: no other stage is told apart."""
        new, on = self.cleaned_data["stage"], self.cleaned_data["on"]
        was_given_up = self.organisation.stage_on(on) == Stage.GIVEN_UP
        return on if was_given_up != (new == Stage.GIVEN_UP) else None

    @transaction.atomic
    def move(self, *, by):
        self.organisation.move_to(by=by, **self.cleaned_data)
        self.note_why(self.organisation, by=by)

"""Forms of partnerships: offers and needs, agreements and their parts, contributions."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.widgets import DateInput, NumberField
from enterprises.forms.base import NounForm
from enterprises.forms.local import NEAR, keep_days_near, offer_areas, organisation_field
from enterprises.models import (
    Agreement,
    AgreementParty,
    AgreementStage,
    Contribution,
    Forum,
    Milestone,
    Organisation,
    Pledge,
    Resource,
    ServiceBlock,
)


class ResourceForm(NounForm):
    organisation = organisation_field(_("Partner"))

    class Meta:
        model = Resource
        fields = [
            "side",
            "organisation",
            "kind",
            "title",
            "text",
            "districts",
            "amount",
            "unit",
            "since",
            "until",
        ]
        field_classes = {"amount": NumberField}
        widgets = {
            "side": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 3}),
            "districts": forms.CheckboxSelectMultiple,
            "since": DateInput,
            "until": DateInput,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = Resource._meta.get_field("side").choices
        offer_areas(self.fields["districts"])
        keep_days_near(self, "since", "until")


class BlockForm(NounForm):
    """The partners to choose from are those who have put something in writing, and networks."""

    class Meta:
        model = ServiceBlock
        fields = ["name", "service", "takes", "tried_where", "providers"]
        widgets = {
            "service": forms.Textarea(attrs={"rows": 6}),
            "takes": forms.Textarea(attrs={"rows": 3}),
            "providers": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = self.instance.providers.all() if self.instance.pk else Organisation.objects.none()
        partners = Organisation.objects.filter(
            Q(pk__in=Organisation.objects.partners()) | Q(pk__in=chosen)
        )
        self.fields["providers"].queryset = partners.order_by("sort_name")


class SettleForm(forms.Form):
    because = forms.CharField(
        label=_("What became of it?"),
        max_length=300,
        help_text=_("Such as: the association uses the room on Tuesdays."),
    )


class AgreementForm(NounForm):
    class Meta:
        model = Agreement
        fields = [
            "name",
            "purpose",
            "alliance",
            "districts",
            "advisor",
            "signed_on",
            "starts_on",
            "ends_on",
            "review_on",
        ]
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "districts": forms.CheckboxSelectMultiple,
            "signed_on": DateInput,
            "starts_on": DateInput,
            "ends_on": DateInput,
            "review_on": DateInput,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_areas(self.fields["districts"])
        keep_days_near(self, "signed_on", "starts_on", "ends_on", "review_on")
        self.fields["alliance"].queryset = Forum.hosts()
        self.fields["advisor"].queryset = User.objects.staff()
        self.fields["advisor"].empty_label = None

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class PartyForm(NounForm):
    organisation = organisation_field(_("Partner"))

    class Meta:
        model = AgreementParty
        fields = ["organisation"]


class PledgeForm(NounForm):
    class Meta:
        model = Pledge
        fields = ["party", "kind", "what", "value"]
        field_classes = {"value": NumberField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        parties = self.instance.agreement.parties.valid().select_related("organisation")
        self.fields["party"].queryset = parties
        self.fields["party"].empty_label = _("please choose")


class StageOfAgreementForm(NounForm):
    class Meta:
        model = AgreementStage
        fields = ["title", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        keep_days_near(self, "starts_on", "ends_on")


class MilestoneForm(NounForm):
    class Meta:
        model = Milestone
        fields = ["title", "due_on", "reached_on"]
        widgets = {"due_on": DateInput, "reached_on": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        keep_days_near(self, "due_on", "reached_on")


class ReviewForm(forms.Form):
    held_on = forms.DateField(label=_("Reviewed on"), widget=DateInput, validators=NEAR)
    result = forms.CharField(
        label=_("What was found?"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    next_on = forms.DateField(
        label=_("Next review on"),
        widget=DateInput,
        validators=NEAR,
        required=False,
        help_text=_("Empty: none before the end."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = timezone.localdate


class EndForm(forms.Form):
    on = forms.DateField(label=_("Last day"), widget=DateInput, validators=NEAR)
    because = forms.CharField(label=_("Reason"), max_length=300)


class ContributionForm(NounForm):
    organisation = organisation_field(_("Partner"))

    class Meta:
        model = Contribution
        fields = [
            "organisation",
            "kind",
            "what",
            "given_on",
            "district",
            "hours",
            "value",
            "agreement",
            "offer",
        ]
        field_classes = {"hours": NumberField, "value": NumberField}
        widgets = {"given_on": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_areas(self.fields["district"])
        self.fields["district"].empty_label = _("no single area")
        keep_days_near(self, "given_on")
        self.fields["agreement"].queryset = Agreement.objects.order_by("-starts_on", "sort_name")
        self.fields["offer"].queryset = Resource.objects.valid().offers().newest_first()

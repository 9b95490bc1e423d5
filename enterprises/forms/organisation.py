"""Forms of an organisation: opening its file, changing it, founding it, moving its stage."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput
from districts.models import District
from enterprises.forms.base import NounForm
from enterprises.models import LegalForm, Organisation, Stage


class WebsiteField(forms.URLField):
    """An address typed without its scheme is meant with https."""

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", **kwargs)


class OrganisationForm(NounForm):
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


class FoundForm(forms.Form):
    on = forms.DateField(label=_("Founded on"), widget=DateInput)
    legal_form = forms.ChoiceField(
        label=_("Legal form"),
        choices=[("", _("please choose")), *(c for c in LegalForm.choices if c[0])],
    )


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("New stage"), choices=Stage)
    on = forms.DateField(label=_("From"), widget=DateInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed when it was given up: what can be learnt from it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate

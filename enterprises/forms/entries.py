"""Forms of the directory: an entry, as staff or the enterprise writes it, and its consent."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput
from districts.models import District
from enterprises.forms.base import NounForm
from enterprises.forms.organisation import WebsiteField
from enterprises.models import ConsentWay, Entry, EntryPart, OrganisationKind
from enterprises.models.entry_care import WRITTEN

FIELDS = [
    "name",
    "kind",
    "text",
    "text_en",
    "district",
    "address",
    "latitude",
    "longitude",
    "email",
    "phone",
    "website",
    "keeper_name",
    "keeper_email",
    "language",
]
# What an entry says of itself that its file says, too; the file's own words are a beginning.
FROM_FILE = ("name", "kind", "district", "address", "email", "phone", "website")


class EntryForm(NounForm):
    """What the directory says of an enterprise."""

    class Meta:
        model = Entry
        fields = FIELDS
        field_classes = {"website": WebsiteField}
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5}),
            "text_en": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        areas = self.fields["district"]
        areas.queryset = District.objects.for_directory().defer("outline")
        areas.label_from_instance = lambda area: area.name_with_end
        areas.empty_label = _("outside the funded areas")


class ConsentForm(forms.Form):
    """What an enterprise agreed to, who said so, when and how."""

    parts = forms.MultipleChoiceField(
        label=_("The enterprise agrees that everyone sees"),
        choices=EntryPart,
        widget=forms.CheckboxSelectMultiple,
    )
    given_by = forms.CharField(
        label=_("Who agreed?"), max_length=150, help_text=_("The name of the person; not public.")
    )
    given_on = forms.DateField(label=_("When?"), widget=DateInput)
    way = forms.ChoiceField(
        label=_("How?"),
        choices=[choice for choice in ConsentWay.choices if choice[0] != ConsentWay.FORM],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["given_on"].initial = timezone.localdate

    def clean_given_on(self):
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Consent is given on a day that has been."))
        return day


class RecordForm(EntryForm):
    """A new entry of an organisation on file, together with its consent."""

    parts = ConsentForm.base_fields["parts"]
    given_by = ConsentForm.base_fields["given_by"]
    given_on = ConsentForm.base_fields["given_on"]
    way = ConsentForm.base_fields["way"]

    class Meta(EntryForm.Meta):
        pass

    def __init__(self, *args, organisation, **kwargs):
        initial = {name: getattr(organisation, name) for name in FROM_FILE}
        initial |= {"text": organisation.purpose, "given_on": timezone.localdate()}
        initial |= {"keeper_email": organisation.email}
        super().__init__(*args, initial=initial, **kwargs)
        self.organisation = organisation

    def clean_given_on(self):
        return ConsentForm.clean_given_on(self)

    def clean_parts(self):
        if EntryPart.ENTRY not in self.cleaned_data["parts"]:
            raise ValidationError(_("Without consent to the entry nothing is published."))
        return self.cleaned_data["parts"]

    def record(self, *, by):
        return Entry.objects.record(by=by, organisation=self.organisation, **self.cleaned_data)


# What enters itself; public bodies and initiatives are entered by the staff.
OWN_KINDS = [
    choice
    for choice in OrganisationKind.choices
    if choice[0] not in (OrganisationKind.PUBLIC_BODY, OrganisationKind.FOUNDING_INITIATIVE)
]


class OwnForm(forms.ModelForm):
    """What an enterprise writes of itself."""

    class Meta:
        model = Entry
        fields = WRITTEN
        field_classes = {"website": WebsiteField}
        widgets = EntryForm.Meta.widgets

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds, kind = dict(OWN_KINDS), self.instance.kind
        if kind and kind not in kinds:
            kinds[kind] = self.instance.get_kind_display()
        self.fields["kind"].choices = [("", _("please choose")), *kinds.items()]
        areas, today = self.fields["district"], District.objects.valid_on(timezone.localdate())
        # What it says already can be left as it is.
        offered = today | District.objects.filter(pk=self.instance.district_id)
        areas.queryset = offered.for_directory().defer("outline")
        areas.empty_label = _("another one, or I do not know")


class AskForm(OwnForm):
    """A new entry without an account: what it says, who wrote it, and what everyone may see."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    parts = forms.MultipleChoiceField(
        label=_("We agree that everyone sees"),
        choices=EntryPart,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You can take back each of them at any time, by the link we send you."),
    )
    keeper_name = forms.CharField(label=_("Your name"), max_length=150, help_text=_("Not public."))
    keeper_email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("Not public. The link goes there, and once a year a question."),
    )

    class Meta(OwnForm.Meta):
        pass

    def clean_parts(self):
        return RecordForm.clean_parts(self)

    @property
    def is_by_a_robot(self):
        """Whether the field nobody sees was filled in."""
        return bool(self.data.get("fax"))

    def ask(self, *, language):
        return Entry.objects.ask(language=language, **self.cleaned_data)


class ChangeForm(OwnForm):
    """What an enterprise writes anew; an advisor looks at it before it is public."""

    class Meta(OwnForm.Meta):
        pass

    def __init__(self, *args, instance, **kwargs):
        # What was proposed before and waits is gone on with, not lost.
        self.waiting = instance.proposed or {}
        super().__init__(*args, instance=instance, initial=self.waiting, **kwargs)

    def written(self):
        """The changed fields as they are kept until then, those that wait already included."""
        values = {name: self.cleaned_data[name] for name in self.changed_data}
        if values.get("district"):
            values["district"] = values["district"].pk
        return self.waiting | values if values else {}


class BecauseForm(forms.Form):
    because = forms.CharField(
        label=_("Why not?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The enterprise reads this in an e-mail."),
    )

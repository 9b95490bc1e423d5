"""Which extract goes to the funder, and of which period."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput
from reports.models import PaperKind

EXTRACTS = [(kind.value, kind.label) for kind in (PaperKind.TIME, PaperKind.PARTICIPANTS)]


class ExtractForm(forms.Form):
    """Both days count; they lie within the period of the grant."""

    kind = forms.ChoiceField(label=_("Paper"), choices=EXTRACTS, widget=forms.RadioSelect)
    starts_on = forms.DateField(label=_("From"), widget=DateInput)
    ends_on = forms.DateField(label=_("until"), widget=DateInput)

    def __init__(self, *args, grant, **kwargs):
        super().__init__(*args, **kwargs)
        self.grant = grant

    def clean(self):
        cleaned = super().clean()
        if "starts_on" in cleaned and "ends_on" in cleaned:
            try:
                self.grant.check_period(cleaned["starts_on"], cleaned["ends_on"])
            except ValidationError as refusal:
                self.add_error(None, refusal)
        return cleaned

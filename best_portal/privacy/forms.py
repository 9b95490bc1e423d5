"""Forms around erasing: the wish, the decision with what is kept, and the refusal."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from best_portal.privacy.erasing import KeptKind
from best_portal.privacy.models import AskedBy
from best_portal.widgets import DateInput

TOLD = (AskedBy.PHONE, AskedBy.LETTER, AskedBy.SPOKEN)


class WishForm(forms.Form):
    """The wish of whoever asks on their own page."""

    words = forms.CharField(
        label=_("Do you want to tell us something?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You need not give a reason."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("ask", _("Ask to be erased")))


class RecordForm(WishForm):
    """The wish of somebody who called or wrote."""

    channel = forms.ChoiceField(
        label=_("How was it said?"), choices=[(each.value, each.label) for each in TOLD]
    )

    field_order = ["channel", "words"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("In their words")
        self.fields["words"].help_text = ""


class DecideForm(forms.Form):
    """What is kept of the person, why and until when; everything else is erased."""

    def __init__(self, *args, keepable, **kwargs):
        super().__init__(*args, **kwargs)
        self.keepable = keepable
        sets = []
        for each in keepable:
            kind = each.kind
            self.fields[f"keep_{kind}"] = forms.BooleanField(
                label=_("Keep this"), required=False, initial=each.is_advised
            )
            self.fields[f"reason_{kind}"] = forms.CharField(
                label=_("Reason"), max_length=300, required=False, initial=each.reason
            )
            self.fields[f"until_{kind}"] = forms.DateField(
                label=_("Kept until"), required=False, initial=each.until, widget=DateInput
            )
            names = [f"{part}_{kind}" for part in ("keep", "reason", "until")]
            sets.append(Fieldset(capfirst(KeptKind(kind).label), *names))
        self.fields["is_sure"] = forms.BooleanField(
            label=_("Erase this person now. It cannot be undone.")
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(*sets, "is_sure")
        self.helper.add_input(Submit("erase", _("Erase")))

    def clean(self):
        for each in self.keepable:
            kind = each.kind
            if not self.cleaned_data.get(f"keep_{kind}"):
                continue
            if not self.cleaned_data.get(f"reason_{kind}"):
                self.add_error(f"reason_{kind}", _("Say why it must be kept."))
            until = self.cleaned_data.get(f"until_{kind}")
            if f"until_{kind}" not in self.errors and (
                until is None or until <= timezone.localdate()
            ):
                self.add_error(f"until_{kind}", _("Choose a day that is still to come."))

    @property
    def keep(self):
        """(kind, reason, until) of each that is kept."""
        data = self.cleaned_data
        return [
            (each.kind, data[f"reason_{each.kind}"], data[f"until_{each.kind}"])
            for each in self.keepable
            if data[f"keep_{each.kind}"]
        ]


class RefuseForm(forms.Form):
    """Why nothing is erased; the person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads this on their page."),
    )

    def __init__(self, *args, action="", **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.add_input(Submit("refuse", _("Refuse")))

    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        if not reason:
            raise ValidationError(_("Say why it is refused."))
        return reason

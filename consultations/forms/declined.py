"""The form for a request that is declined, filled in while the phone is still warm."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import SuggestedInput
from consultations.models import DeclinedRequest, DeclineReason, RequestChannel, Topic
from districts.models import District

# What an advisor says no to in the same way several times a day.
SAME_AS_LAST = ("reason", "referred_to", "channel")
# What the web records comes from the public page.
CHANNELS = [choice for choice in RequestChannel.choices if choice[0] != RequestChannel.WEB]


class DeclinedForm(forms.Form):
    """From where, why not, whom we named, what about; the last answers stand there already."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    place = forms.CharField(
        label=_("From where?"),
        max_length=120,
        widget=SuggestedInput({"autofocus": True}),
        help_text=_("A neighbourhood, a street or a town. No names of people."),
    )
    reason = forms.ChoiceField(
        label=_("Why not?"), choices=DeclineReason, initial=DeclineReason.OUTSIDE
    )
    referred_to = forms.CharField(
        label=_("Named instead"),
        max_length=120,
        required=False,
        widget=SuggestedInput,
    )
    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        label=_("What was it about?"),
        required=False,
        empty_label=_("Something else, or not clear yet"),
    )
    channel = forms.ChoiceField(
        label=_("How did they ask?"), choices=CHANNELS, initial=RequestChannel.PHONE
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, initial=same_as_last(by), **kwargs)
        self.by = by
        areas = District.objects.valid_on(timezone.localdate())
        self.fields["place"].widget.suggestions = areas.values_list("name", flat=True)
        named = DeclinedRequest.objects.visible_to(by).exclude(referred_to="").order_by()
        self.fields["referred_to"].widget.suggestions = (
            named.values_list("referred_to", flat=True).distinct().order_by("referred_to")[:50]
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "form_key",
            "place",
            Row(Column("reason"), Column("referred_to")),
            Row(Column("topic"), Column("channel")),
        )
        self.helper.add_input(Submit("record", _("Record")))

    def record(self):
        return DeclinedRequest.objects.note(by=self.by, **self.cleaned_data)


def same_as_last(advisor):
    last = DeclinedRequest.objects.last_recorded_by(advisor)
    return {name: getattr(last, name) for name in SAME_AS_LAST} if last else {}

"""Forms for finding a time and booking it."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from consultations.forms.text_messages import MobileField, offer_sms
from consultations.models import Channel
from districts.models import District
from enterprises.models import Organisation


class FreeTimesFilter(forms.Form):
    """With whom, where and how; nothing chosen shows every free time."""

    advisor = forms.ModelChoiceField(
        User.objects.none(), label=_("With"), required=False, empty_label=_("Anyone")
    )
    district = forms.ModelChoiceField(
        District.objects.none(),
        label=_("Neighbourhood"),
        required=False,
        empty_label=_("Any neighbourhood"),
    )
    channel = forms.ChoiceField(label=_("How"), required=False)

    def __init__(self, data, *, office_hours):
        super().__init__(data)
        self.fields["advisor"].queryset = (
            User.objects.advisors().filter(office_hours__in=office_hours).distinct()
        )
        self.fields["district"].queryset = District.objects.filter(
            office_hours__in=office_hours
        ).distinct()
        offered = set(office_hours.values_list("channel", flat=True))
        self.fields["channel"].choices = [
            ("", _("Any way")),
            *(choice for choice in Channel.choices if choice[0] in offered),
        ]

    def wanted(self):
        """What is chosen; a choice that is not on offer any more does not count."""
        self.full_clean()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class BookingForm(forms.Form):
    """What a founder tells before an appointment."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    concern = forms.CharField(
        label=_("What is it about?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
        help_text=_("Two or three sentences are enough. Only your advisors read this."),
        error_messages={"required": _("Write in a few words what it is about.")},
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("For which undertaking?"),
        required=False,
        blank=True,
        widget=forms.RadioSelect,
        empty_label=_("None of these, or not started yet"),
    )
    mobile = MobileField()

    def __init__(self, *args, founder, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.visible_to(founder).order_by("sort_name", "pk")
        self.fields["organisation"].queryset = mine
        if not mine:
            del self.fields["organisation"]
        elif len(mine) == 1:
            self.fields["organisation"].initial = mine[0]
        offer_sms(self)
        self.helper = FormHelper()
        self.helper.add_input(Submit("check", _("Continue")))

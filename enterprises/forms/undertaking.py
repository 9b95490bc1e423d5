"""Forms of single undertakings: whom an organisation is linked with, and until when."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput, SearchChoiceField
from enterprises.forms.base import NounForm
from enterprises.models import LINKS, Link, Organisation, Undertaking, UndertakingMember


class LinkedForm(forms.Form):
    """Which organisation, by what, since when."""

    other = SearchChoiceField(
        Organisation.objects.all(),
        search_url="consultations:organisation_search",
        label=_("Linked with"),
    )
    link = forms.ChoiceField(label=_("Linked by"), choices=LINKS)
    since = forms.DateField(label=_("Since"), widget=DateInput, initial=timezone.localdate)
    until = forms.DateField(label=_("Until"), widget=DateInput, required=False)

    def join(self, organisation, *, by):
        return Undertaking.objects.join(organisation, by=by, **self.cleaned_data)


class MemberForm(NounForm):
    """How long it belongs to the single undertaking, and by what."""

    class Meta:
        model = UndertakingMember
        fields = ["link", "since", "until"]
        widgets = {"since": DateInput, "until": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.link == Link.HEAD:
            del self.fields["link"]
        else:
            self.fields["link"].choices = LINKS

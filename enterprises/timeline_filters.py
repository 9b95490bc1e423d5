"""Which entries of a timeline are shown: every filter is a part of the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.widgets import DateInput
from enterprises.models import Person
from enterprises.timeline import Timeline, kinds


class TimelineFilter(forms.Form):
    """Of what happened with an organisation, what somebody asks for."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    advisor = forms.ModelChoiceField(
        User.objects.none(), label=_("Advisor"), required=False, empty_label=_("everyone")
    )
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Person"), required=False, empty_label=_("everyone")
    )
    since = forms.DateField(label=_("From"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Until"), required=False, widget=DateInput)

    def __init__(self, data, *, organisation, user):
        super().__init__(data)
        self.organisation, self.user = organisation, user
        choices = {kind.choice: kind.label for kind in reversed(kinds())}
        self.fields["kind"].choices = [("", _("all")), *reversed(choices.items())]
        if user.is_staff_member:
            self.fields["advisor"].queryset = User.objects.staff().order_by("name", "pk")
            self.fields["person"].queryset = Person.objects.part_of(organisation)
        else:
            del self.fields["advisor"], self.fields["person"]

    @property
    def timeline(self):
        """The entries asked for; none for a faulty question."""
        if not self.is_valid():
            return Timeline(self.organisation, self.user, kind="none")
        return Timeline(self.organisation, self.user, **self.cleaned_data)

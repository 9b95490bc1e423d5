"""What of the team's calendar is shown: the day or week, and of whom, where."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.widgets import DateInput
from consultations.forms.fields import NEAR
from consultations.models import GroupSession, OfficeHours
from districts.models import District


class TeamCalendarFilter(forms.Form):
    """Nothing chosen shows everybody; the days stay what they are unless another is named."""

    wer = forms.CharField(widget=forms.HiddenInput, required=False)
    woche = forms.CharField(widget=forms.HiddenInput, required=False)
    tag = forms.CharField(widget=forms.HiddenInput, required=False)
    advisor = forms.ModelChoiceField(
        User.objects.none(), label=_("With"), required=False, empty_label=_("everyone")
    )
    district = forms.ModelChoiceField(
        District.objects.none(), label=_("Neighbourhood"), required=False, empty_label=_("all")
    )
    place = forms.ChoiceField(label=_("Place"), required=False)
    to = forms.DateField(label=_("Go to"), widget=DateInput, validators=NEAR, required=False)

    CHOSEN = ("advisor", "district", "place")

    def __init__(self, data):
        super().__init__(data)
        for name in ("wer", "woche", "tag"):
            if not data.get(name):
                del self.fields[name]
        hours, sessions = OfficeHours.objects.current(), GroupSession.objects.upcoming()
        self.fields["advisor"].queryset = User.objects.advisors()
        self.fields["district"].queryset = (
            District.objects.filter(
                Q(pk__in=hours.values("district")) | Q(pk__in=sessions.values("district"))
            )
            .defer("outline")
            .order_by("sort_name", "pk")
        )
        places = (
            hours.order_by().values_list("place").union(sessions.order_by().values_list("place"))
        )
        self.fields["place"].choices = [
            ("", _("all")),
            *((place, place) for (place,) in sorted(places) if place),
        ]
        self.full_clean()

    @property
    def chosen(self):
        """What is chosen; a choice that is not on offer any more does not count."""
        values = {name: self.cleaned_data.get(name) for name in self.CHOSEN}
        return {name: value for name, value in values.items() if value}

    @property
    def query(self):
        """The choices as they stand in an address."""
        return {name: getattr(value, "pk", value) for name, value in self.chosen.items()}

    @property
    def day(self):
        """The day to go to, or None."""
        return self.cleaned_data.get("to")

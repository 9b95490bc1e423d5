"""What the forms of forums, networks and partnerships share: areas to tick, days within reason."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import SearchChoiceField
from districts.models import District
from enterprises.models import Organisation, Person

TOO_FAR = _("Choose a day between 1990 and 2100.")
NEAR = [
    MinValueValidator(date(1990, 1, 1), TOO_FAR),
    MaxValueValidator(date(2100, 12, 31), TOO_FAR),
]
BERLIN = ZoneInfo("Europe/Berlin")
NEAR_MOMENTS = [
    MinValueValidator(datetime(1990, 1, 1, tzinfo=BERLIN), TOO_FAR),
    MaxValueValidator(datetime(2100, 12, 31, tzinfo=BERLIN), TOO_FAR),
]


def offer_areas(field):
    """Let all areas be chosen, the former ones with the day they ended."""
    field.queryset = District.objects.for_directory().defer("outline")
    field.label_from_instance = lambda area: area.name_with_end


def keep_days_near(form, *names):
    """Beyond a lifetime no day was meant."""
    for name in names:
        form.fields[name].validators += NEAR


def organisation_field(label, *, required=True, **more):
    return SearchChoiceField(
        Organisation.objects.all(),
        search_url="consultations:organisation_search",
        label=label,
        required=required,
        **more,
    )


def person_field(label, *, required=True, **more):
    return SearchChoiceField(
        Person.objects.all(),
        search_url="consultations:person_search",
        label=label,
        required=required,
        **more,
    )


class ReasonForm(forms.Form):
    """Why something will not be done."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

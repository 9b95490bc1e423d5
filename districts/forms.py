"""What people ask of the neighbourhoods."""

from django import forms
from django.utils.translation import gettext_lazy as _

EARLIEST, LATEST = 1990, 2100


class YearForm(forms.Form):
    year = forms.IntegerField(
        label=_("Valid in the year"), min_value=EARLIEST, max_value=LATEST, required=False
    )

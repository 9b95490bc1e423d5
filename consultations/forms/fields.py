"""Fields of the log form that understand how people write: durations, areas, running cases."""

from datetime import date, time

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from best_portal.imports.cells import Refused
from consultations.logbook.sentences import sentence
from consultations.logbook.values import bare_number, read_minutes, read_time
from districts.models import District

# Beyond these no calendar can be counted on.
NEAR = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
# A bare 8 means eight hours, a bare 10 ten minutes: nobody writes ten hours as "10".
MINUTES_FROM = 10


class DurationField(forms.CharField):
    """Minutes from "1,5", "1:30", "90" or "90 min"; says how to write what it cannot read."""

    widget = forms.TextInput(attrs={"autocomplete": "off"})

    def clean(self, value):
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            number = bare_number(text)
            whole_minutes = number is not None and number >= MINUTES_FROM
            return read_minutes(text, unit="minutes" if whole_minutes else "hours")
        except Refused as refusal:
            raise ValidationError(
                sentence(refusal.code, refusal.params), code=refusal.code
            ) from refusal

    def prepare_value(self, value):
        return written(value) if isinstance(value, int) else value


class ClockField(forms.CharField):
    """A time of day from "9", "9:30", "930" or "9.30 Uhr"."""

    widget = forms.TextInput(attrs={"autocomplete": "off"})

    def clean(self, value):
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            return read_time(text)
        except Refused as refusal:
            raise ValidationError(
                sentence(refusal.code, refusal.params), code=refusal.code
            ) from refusal

    def prepare_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, time) else value


def written(minutes):
    """The way a duration stands in its field: 90 as 1:30."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02d}"


class AreaField(forms.ChoiceField):
    """An area, none, or the one on file for the organisation.

    Returns a District, None, or AreaField.ON_FILE.
    """

    ON_FILE = "on_file"
    OUTSIDE = "outside"

    def __init__(self, **kwargs):
        super().__init__(initial=self.ON_FILE, **kwargs)

    def load(self, on_file=None):
        """Offer the areas, grouped by borough; `on_file` names what would be taken."""
        first = _("as on file")
        if on_file:
            first = _("as on file: %(area)s") % {"area": on_file}
        boroughs, self.areas = {}, {}
        for area in District.objects.for_directory():
            self.areas[str(area.pk)] = area
            boroughs.setdefault(str(area.borough), []).append((str(area.pk), area.name_with_end))
        self.choices = [
            (self.ON_FILE, first),
            (self.OUTSIDE, _("outside the funded areas")),
            *boroughs.items(),
        ]

    def prepare_value(self, value):
        return str(value.pk) if isinstance(value, District) else value

    def clean(self, value):
        chosen = super().clean(value) or self.ON_FILE
        if chosen == self.ON_FILE:
            return chosen
        return self.areas.get(chosen)

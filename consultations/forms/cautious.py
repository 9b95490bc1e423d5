"""What the apps above have to say of a consultation before it is saved, and the tick against it."""

from functools import cached_property

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.cautions import cautions
from consultations.models import Consultation


class Cautious(forms.Form):
    """Refuses what a caution asks about, until it is confirmed; stands before ConsultationForm."""

    cautions_confirmed = forms.BooleanField(label=_("I have read this. Save it all the same."))

    # What a consultation is judged by.
    JUDGED = ("organisation", "project", "held_on", "kind", "minutes", "case")

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("cautions_confirmed"):
            for caution in self.cautions:
                if caution.asks:
                    self.add_error("cautions_confirmed", f"{caution.title}. {caution.text}")
        return cleaned

    @cached_property
    def cautions(self):
        """As soon as enough is typed to judge; nothing where all of that was on file already."""
        values = {name: self.cleaned_data.get(name) for name in self.JUDGED}
        if not all(value for name, value in values.items() if name != "case"):
            return []
        before = self.before()
        if before and all(getattr(before, name) == value for name, value in values.items()):
            return []
        return cautions(Consultation(pk=before and before.pk, **values))

    def before(self):
        """The consultation on file that this form changes, or None."""
        return

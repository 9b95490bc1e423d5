"""What is odd is said before it is saved, and saved at the second press."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SecondPress(forms.Form):
    """Refuses once what `cautions()` names, until it is confirmed; stands before its form."""

    cautions_confirmed = forms.BooleanField(
        label=_("I have read this. Save it all the same."), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.order_fields([*(name for name in self.fields if name != "cautions_confirmed")])
        else:
            del self.fields["cautions_confirmed"]

    def cautions(self):
        """Sentences about what was typed; asked when everything could be read."""
        return []

    def clean(self):
        cleaned = super().clean()
        found = [] if self.errors else list(self.cautions())
        if not found:
            self.fields.pop("cautions_confirmed", None)
        elif not cleaned.get("cautions_confirmed"):
            for sentence in found:
                self.add_error("cautions_confirmed", str(sentence))
        cleaned.pop("cautions_confirmed", None)
        return cleaned

"""Whoever asked not to be contacted again: the form says so, and goes on only on purpose."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations.models import Visit


class MindsBars(forms.Form):
    """Mixin for forms with `person` and `organisation` that make somebody be contacted."""

    despite_bar = forms.BooleanField(
        label=_("They came to us themselves, or agree: go on"),
        required=False,
        widget=forms.HiddenInput,
    )

    def clean(self):
        cleaned = super().clean()
        bar = Visit.objects.barring_contact_with(
            organisation=cleaned.get("organisation"), person=cleaned.get("person")
        ).newest_first()
        if not cleaned.get("despite_bar") and (visit := bar.first()):
            self.fields["despite_bar"].widget = forms.CheckboxInput()
            told = _("“%(whom)s” asked on %(day)s not to be contacted again.")
            params = {"whom": visit.whom, "day": f"{visit.visited_on:%d.%m.%Y}"}
            self.add_error("despite_bar", ValidationError(told, params=params))
        return cleaned

"""Forms of the required pages: a version, a barrier and its answer, a rule for small numbers."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.pages.models import (
    LONGEST_PAGE,
    LONGEST_TEXT,
    Barrier,
    PageVersion,
    SmallCellRule,
)
from best_portal.widgets import DateInput


class PageForm(forms.Form):
    """What a page says; `after` is the version it was opened with."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_PAGE, widget=forms.Textarea(attrs={"rows": 24})
    )
    checked_on = forms.DateField(
        label=_("Checked on"),
        widget=DateInput,
        help_text=_("When somebody last made sure that all of it is true."),
    )

    def __init__(self, *args, version, **kwargs):
        initial = {
            "after": version.number,
            "text": version.text,
            "checked_on": timezone.localdate(),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.version = version

    def clean_checked_on(self):
        day = self.cleaned_data["checked_on"]
        if day.year < 2000 or day > timezone.localdate():
            raise ValidationError(_("Choose a day that has been."))
        return day

    def write(self, *, by):
        return PageVersion.objects.write(
            by=by, page=self.version.page, language=self.version.language, **self.cleaned_data
        )


class BarrierForm(forms.ModelForm):
    """What does not work, where, and, if an answer is wanted, for whom."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = Barrier
        fields = ["text", "place", "name", "email"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}

    @property
    def is_by_a_robot(self):
        """Whether the field nobody sees was filled in."""
        return bool(self.data.get("fax"))

    def report(self, *, language):
        return Barrier.objects.report(language=language, **self.cleaned_data)


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Goes to the e-mail address that was left, if there is one."),
    )


class SmallCellForm(forms.ModelForm):
    class Meta:
        model = SmallCellRule
        fields = ["fewest", "starts_on", "note"]
        widgets = {"starts_on": DateInput}

    def set_rule(self, *, by):
        return SmallCellRule.objects.set_rule(by=by, **self.cleaned_data)

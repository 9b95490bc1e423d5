"""NounForm: a form that saves one row, sees conflicts, and refuses in the database's words."""

from datetime import timedelta

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.db import explained


class NounForm(SeesConflicts, forms.ModelForm):
    @transaction.atomic
    def keep(self, *, by):
        """Save and note who did; raises ValidationError where the database refuses the row."""
        created = self.instance.pk is None
        self.check()
        with explained(self._meta.model):
            row = self.save()
        Event.objects.record_saved(actor=by, form=self, created=created)
        return row


class LastingForm(NounForm):
    """A row that holds from a day until a day: the database takes no period that ends before."""

    PERIODS = (("since", "until"), ("starts_on", "ends_on"))

    def clean(self):
        cleaned = super().clean()
        for start, end in self.PERIODS:
            first, last = cleaned.get(start), cleaned.get(end)
            if first and last and last < first:
                self.add_error(end, _("A rule cannot end before it starts."))
        return cleaned


class RuleForm(LastingForm):
    """A row that holds from a day on: a new one ends the open one before it the day before."""

    @transaction.atomic
    def keep(self, *, by):
        with explained(self._meta.model):
            if self.instance.pk is None:
                starts_on = self.cleaned_data["starts_on"]
                rows = self._meta.model.objects.filter(starts_on__lt=starts_on, ends_on=None)
                rows.update(ends_on=starts_on - timedelta(days=1))
            return super().keep(by=by)

    def _get_validation_exclusions(self):
        """Whether two hold at one time, the database says once the open one has ended."""
        return {*super()._get_validation_exclusions(), "starts_on"}

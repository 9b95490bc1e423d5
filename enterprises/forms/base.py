"""NounForm: a form that saves one row, sees conflicts, and refuses in the database's words."""

from django import forms
from django.db import transaction

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

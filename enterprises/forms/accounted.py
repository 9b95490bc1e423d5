"""A form that asks before it changes what was accounted for, and wants to know why."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from enterprises.accounted import accounted

TICK, WHY = "all_the_same", "because"


class Aside:
    """A field that is no part of the row: what is written into it changes nothing."""

    def has_changed(self, initial, data):
        return False


class Tick(Aside, forms.BooleanField):
    pass


class Why(Aside, forms.CharField):
    pass


class AsksBeforeAccounted:
    """Mixin, before NounForm: facts and foundings belong to no project, so that no lock keeps them.

    `organisation` is whose facts they are, `fact` which, where not all reports count such ones,
    `project_of_fact` the only project whose reports do, where it is one's, and `changes_since()`
    the first day from which reports would count something else, or None.
    """

    periods, because, fact, project_of_fact = (), "", "", None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and any(self.add_prefix(name) in self.data for name in (TICK, WHY)):
            self._ask()

    @property
    def organisation(self):
        return self.instance.organisation

    def clean(self):
        cleaned = super().clean()
        ticked, self.because = cleaned.pop(TICK, False), cleaned.pop(WHY, "")
        self.periods = [] if set(self.errors) - {WHY} else self._periods()
        if self.periods:
            self._ask()
            if not ticked:
                self.add_error(TICK, _("Tick this, or leave it as it was accepted."))
            if not self.because and not self.has_error(WHY):
                self.add_error(WHY, _("Say why; the log keeps it."))
        return cleaned

    def _periods(self):
        if self.organisation.pk is None:
            return []
        since = self.changes_since()
        if not since:
            return []
        return accounted(self.organisation, since, self.fact, self.project_of_fact)

    def _ask(self):
        self.fields[TICK] = Tick(label=_("Change it all the same"), required=False)
        self.fields[WHY] = Why(label=_("Why?"), max_length=300, required=bool(self.periods))
        if self.periods:
            told = _("Reports of this were accepted: %(periods)s. They may say something else.")
            self.fields[TICK].help_text = told % {"periods": "; ".join(self.periods)}
        # What was sent has been read already, from a field without this hint.
        self._bound_fields_cache.clear()

    def note_why(self, row, *, by):
        """Keep in the log what was changed although it was accepted, and why."""
        if self.periods:
            Event.objects.record(
                actor=by,
                verb=f"{row._meta.model_name}.changed_once_accepted",
                subject=row,
                reason=self.because,
                periods=self.periods,
            )


class AccountedForm(AsksBeforeAccounted):
    """The same for a form that keeps its row."""

    @transaction.atomic
    def keep(self, *, by):
        row = super().keep(by=by)
        self.note_why(row, by=by)
        return row

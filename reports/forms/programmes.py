"""What a manager types about funds and programmes, and the rules that hold for a programme."""

from crispy_forms.helper import FormHelper
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.widgets import DateInput
from reports.forms.grant_tables import GrantTable, ends_after_start, one_at_a_time
from reports.forms.sheets import Sheet
from reports.models import Fund, Programme, ProgrammeRule


class FundForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = Fund
        fields = ["code", "period", "name"]


class ProgrammeForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = Programme
        fields = ["fund", "name", "wants_review", "officers"]
        widgets = {"officers": forms.CheckboxSelectMultiple}
        help_texts = {"officers": _("They see the released reports of this programme.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.error_summary = False


class RuleForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = ProgrammeRule
        fields = ["name", "version", "is_confirmed", "note", "since", "until", "source"]
        widgets = {
            "since": DateInput,
            "until": DateInput,
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def clean(self):
        cleaned = ends_after_start(self, super().clean())
        if not (cleaned.get("is_confirmed") or cleaned.get("note") or self.has_error("note")):
            self.add_error("note", _("Say what is open, or confirm it."))
        return cleaned


class RuleTable(GrantTable):
    """The rules of a programme; of each name one at a time, and what held before stays."""

    caption = _("Rules that hold for the programme")

    def clean(self):
        super().clean()
        one_at_a_time(
            self,
            lambda typed: typed.get("name") or None,
            _("The programme has a set of rules of this name in that time."),
        )


Rules = forms.inlineformset_factory(
    Programme, ProgrammeRule, form=RuleForm, formset=RuleTable, extra=2, can_delete=True
)


class ProgrammeSetup(Sheet):
    """A programme and the rules that hold for it, saved as one."""

    def __init__(self, data=None, instance=None):
        form = ProgrammeForm(data, instance=instance)
        super().__init__(form, [Rules(data, instance=form.instance, prefix="rules")])

    @transaction.atomic
    def save(self, *, by):
        """Store both; refuses what changed meanwhile."""
        is_new = self.form.instance.pk is None
        programme = self.store()
        [rules] = self.tables
        if is_new:
            Event.objects.record_saved(actor=by, form=self.form, created=True)
        else:
            changed = [*self.form.changed_data, *(["rules"] if rules.has_changed() else [])]
            verb = "programme.changed"
            Event.objects.record(actor=by, verb=verb, subject=programme, fields=changed)
        return programme

"""A new indicator or version of one, with its rule; sets of them, and a whole set for a grant."""

from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.conflicts import SeesConflicts
from best_portal.widgets import DateInput
from reports.figures import RULES
from reports.forms.grant_tables import ends_after_start
from reports.models import Indicator, IndicatorSet


def rules():
    """What can be counted, named as the newest indicator that counts it."""
    whole = Indicator.objects.filter(task=None).order_by("version", "pk")
    named = dict(whole.values_list("rule", "name"))
    choices = [(rule, named.get(rule, rule)) for rule in RULES]
    return sorted(choices, key=lambda choice: choice[1])


class SetForm(forms.Form):
    """Which set of indicators a grant takes over."""

    chosen = forms.ModelChoiceField(
        IndicatorSet.objects.all(), label=_("Set of indicators"), empty_label=None
    )


class IndicatorSetForm(SeesConflicts, forms.ModelForm):
    """A set of a new programming period, or of our own."""

    class Meta:
        model = IndicatorSet
        fields = ["name", "starts_on", "ends_on", "source"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    def clean(self):
        return ends_after_start(self, super().clean(), ("starts_on", "ends_on"))


class IndicatorForm(forms.ModelForm):
    rule = forms.ChoiceField(
        label=_("Counting rule"),
        choices=rules,
        help_text=_("What the portal can count. Describe it below in the words of the paper."),
    )

    class Meta:
        model = Indicator
        fields = [
            "code",
            "set",
            "name",
            "unit",
            "decimals",
            "level",
            "rule",
            "task",
            "rule_text",
            "source",
            "starts_on",
        ]
        widgets = {"starts_on": DateInput, "rule_text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "code": _("Own ones begin with BEST-. A code that is there gets a new version."),
            "source": _("Where the rule is written, and what is not confirmed yet."),
        }

    def clean(self):
        cleaned = super().clean()
        rule = RULES.get(cleaned.get("rule"))
        if cleaned.get("task") is not None and rule and not rule.by_task:
            self.add_error(
                "task",
                _("This rule cannot count for one task only. Leave it empty, or choose another."),
            )
        return cleaned

    def validate_unique(self):
        # The version follows from those that are there; the database refuses two at a time.
        pass

    def validate_constraints(self):
        pass

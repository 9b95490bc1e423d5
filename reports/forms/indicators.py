"""A new indicator or version of one, with its rule; and whole sets of them for a grant."""

from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput
from reports.figures import RULES
from reports.models import Indicator, IndicatorSet


def rules():
    """What can be counted, named as the newest indicator that counts it."""
    named = dict(Indicator.objects.order_by("version", "pk").values_list("rule", "name"))
    choices = [(rule, named.get(rule, rule)) for rule in RULES]
    return sorted(choices, key=lambda choice: choice[1])


class SetForm(forms.Form):
    """Which set of indicators a grant takes over."""

    chosen = forms.ChoiceField(label=_("Set of indicators"), choices=IndicatorSet)


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
            "name",
            "unit",
            "decimals",
            "rule",
            "rule_text",
            "source",
            "starts_on",
        ]
        widgets = {"starts_on": DateInput, "rule_text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "code": _("Own ones begin with BEST-. A code that is there gets a new version."),
            "source": _("Where the rule is written, and what is not confirmed yet."),
        }

    def validate_unique(self):
        # The version follows from those that are there; the database refuses two at a time.
        pass

    def validate_constraints(self):
        pass

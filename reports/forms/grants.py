"""What a manager types about funds, programmes and grants: everything a notice says."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput, NumberField
from reports.models import (
    Deadline,
    FinancingPlanLine,
    Fund,
    Grant,
    Indicator,
    Notice,
    Programme,
    Target,
)

EU_PREFIX = "EU:"
# The address of the page that sets up a new grant.
RESERVED = "neu"


class LogosField(forms.CharField):
    """The logo row, a line each; a line that begins with "EU:" gets the European emblem."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(
            f"{EU_PREFIX} {logo['text']}" if logo["kind"] == "eu" else logo["text"]
            for logo in value
        )

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return [self._logo(line) for line in lines]

    @staticmethod
    def _logo(line):
        if line.upper().startswith(EU_PREFIX):
            text = line[len(EU_PREFIX) :].strip() or "Europäische Union"
            return {"kind": "eu", "text": text, "alt": "Emblem der Europäischen Union"}
        return {"kind": "text", "text": line, "alt": f"Platzhalter für das Logo: {line}"}


def money(**kwargs):
    return NumberField(max_digits=12, decimal_places=2, **kwargs)


class FundForm(forms.ModelForm):
    class Meta:
        model = Fund
        fields = ["code", "period", "name"]


class ProgrammeForm(forms.ModelForm):
    class Meta:
        model = Programme
        fields = ["fund", "name", "rules", "officers"]
        widgets = {"officers": forms.CheckboxSelectMultiple}
        help_texts = {"officers": _("They see the released reports of this programme.")}


class GrantForm(forms.ModelForm):
    amount = money(label=_("Amount granted (EUR)"))
    rate = NumberField(label=_("Rate (%)"), required=False)
    minimum_hours = NumberField(
        label=_("Hours from which an organisation counts"),
        required=False,
        help_text=_("Leave empty where the notice names none."),
    )
    logos = LogosField(
        label=_("Logo row"),
        required=False,
        help_text=_(
            "One logo per line, in the order of print. “EU:” at the start of a line "
            "draws the European emblem before its text."
        ),
    )

    class Meta:
        model = Grant
        fields = [
            "project",
            "programme",
            "ref",
            "profile",
            "authority",
            "reference",
            "title",
            "purpose",
            "recipient",
            "recipient_address",
            "recipient_contact",
            "amount",
            "financing",
            "rate",
            "starts_on",
            "ends_on",
            "early_start_on",
            "minimum_hours",
            "logos",
            "notes",
        ]
        widgets = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "early_start_on": DateInput,
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {"ref": {"unique": _("There is a grant with this key already.")}}
        help_texts = {"ref": _("A short name for addresses and commands, such as best-2026-esf.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("What and from whom"), "project", "programme", "ref", "profile"),
            Fieldset(
                _("As the notice says"),
                "authority",
                "reference",
                "title",
                "purpose",
                "starts_on",
                "ends_on",
                "early_start_on",
            ),
            Fieldset(_("Money"), "amount", "financing", "rate"),
            Fieldset(_("Recipient"), "recipient", "recipient_address", "recipient_contact"),
            Fieldset(_("Rules and print"), "minimum_hours", "logos", "notes"),
        )

    def clean_ref(self):
        if self.cleaned_data["ref"] == RESERVED:
            raise forms.ValidationError(_("Choose another key; this one is a page of its own."))
        return self.cleaned_data["ref"]

    def clean(self):
        """Refuse a period turned around, before PostgreSQL is asked for others in that time."""
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("A grant's period cannot end before it starts."))
        return cleaned


class NoticeForm(forms.ModelForm):
    amount = money(label=_("Amount (EUR)"))

    class Meta:
        model = Notice
        fields = ["issued_on", "reference", "amount"]
        widgets = {"issued_on": DateInput}


class DeadlineForm(forms.ModelForm):
    class Meta:
        model = Deadline
        fields = ["title", "due_on"]
        widgets = {"due_on": DateInput}


class PlanLineForm(forms.ModelForm):
    planned = money(label=_("Planned (EUR)"))
    eligible = money(label=_("Of it eligible (EUR)"), required=False)

    class Meta:
        model = FinancingPlanLine
        fields = ["kind", "position", "label", "planned", "eligible"]


class TargetForm(forms.ModelForm):
    value = NumberField(label=_("Target"), required=False)

    class Meta:
        model = Target
        fields = ["position", "indicator", "value"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = Indicator.objects.order_by("code", "version")


def table(caption, form, **kwargs):
    """A formset of one of the grant's lists, shown as a table with its caption."""
    formset = forms.inlineformset_factory(
        Grant, form._meta.model, form=form, extra=2, can_delete=True, **kwargs
    )
    formset.caption = caption
    return formset


GRANT_TABLES = {
    "notices": table(_("Notices"), NoticeForm),
    "deadlines": table(_("Deadlines"), DeadlineForm),
    "plan_lines": table(_("Financing plan"), PlanLineForm),
    "targets": table(_("Indicators and targets"), TargetForm),
}


class GrantSetup:
    """The grant's form and the tables below it, checked and saved as one."""

    def __init__(self, data=None, instance=None):
        self.form = GrantForm(data, instance=instance)
        self.tables = [
            formset(data, instance=self.form.instance, prefix=prefix)
            for prefix, formset in GRANT_TABLES.items()
        ]
        for formset in self.tables:
            formset.helper = FormHelper()
            formset.helper.form_tag = False
            formset.helper.disable_csrf = True
            formset.helper.template = "kern/table_inline_formset.html"
            formset.helper.table_caption = formset.caption

    def is_valid(self):
        # Every part is asked, so that one answer names all mistakes.
        return all([self.form.is_valid(), *[formset.is_valid() for formset in self.tables]])

    def save(self):
        """Store the grant and its lists; call it inside a transaction."""
        grant = self.form.save()
        for formset in self.tables:
            formset.instance = grant
            formset.save()
        return grant

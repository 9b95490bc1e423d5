"""What a manager types about funds, programmes and grants: everything a notice says."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db import transaction
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts, check_all
from best_portal.db import explained
from best_portal.widgets import DateInput, NumberField
from reports.models import (
    BY_VOUCHERS,
    AidRate,
    CostBase,
    Costing,
    Deadline,
    FinancingPlanLine,
    Fund,
    Grant,
    Indicator,
    Notice,
    Origin,
    Programme,
    Target,
)

# The parts of the grant's form: id and heading.
PARTS = {
    "what": _("What and from whom"),
    "notice": _("As the notice says"),
    "money": _("Money"),
    "recipient": _("Recipient"),
    "aid": _("Aid to enterprises"),
    "rules": _("Rules and print"),
}
EU_PREFIX = "EU:"
# What is read aloud for a logo unless somebody says better, German as on the paper.
EMBLEM, STAND_IN = "Emblem der Europäischen Union", "Platzhalter für das Logo: {}"
# Which methods fit what a line is made of.
BASES = {
    Costing.FLAT: (CostBase.STAFF, CostBase.DIRECT),
    Costing.HOURS: (CostBase.HOURS,),
    Costing.LUMP: (CostBase.RESULTS,),
}
# The address of the page that sets up a new grant.
RESERVED = "neu"


class LogosField(forms.CharField):
    """The logo row, a line each; a line that begins with "EU:" gets the European emblem."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(self._line(logo) for logo in value)

    @staticmethod
    def _line(logo):
        """As it is typed: what is printed, and behind a bar what is read aloud where it differs."""
        typed = f"{EU_PREFIX} {logo['text']}" if logo["kind"] == "eu" else logo["text"]
        usual = EMBLEM if logo["kind"] == "eu" else STAND_IN.format(logo["text"])
        return typed if logo["alt"] == usual else f"{typed} | {logo['alt']}"

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return [self._logo(line) for line in lines]

    @staticmethod
    def _logo(line):
        text, _bar, alt = (part.strip() for part in line.partition("|"))
        if text.upper().startswith(EU_PREFIX):
            text = text[len(EU_PREFIX) :].strip() or "Europäische Union"
            return {"kind": "eu", "text": text, "alt": alt or EMBLEM}
        return {"kind": "text", "text": text, "alt": alt or STAND_IN.format(text)}


def money(**kwargs):
    return NumberField(max_digits=12, decimal_places=2, **kwargs)


class FundForm(forms.ModelForm):
    class Meta:
        model = Fund
        fields = ["code", "period", "name"]


class ProgrammeForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = Programme
        fields = ["fund", "name", "rules", "wants_review", "officers"]
        widgets = {"officers": forms.CheckboxSelectMultiple}
        help_texts = {"officers": _("They see the released reports of this programme.")}


class GrantForm(SeesConflicts, forms.ModelForm):
    amount = money(label=_("Amount granted (EUR)"))
    rate = NumberField(label=_("Rate (%)"), required=False)
    minimum_hours = NumberField(
        label=_("Hours from which an organisation counts"),
        required=False,
        help_text=_("Leave empty where the notice names none."),
    )
    inventory_from = NumberField(
        label=_("Price from which a thing is listed in the inventory (EUR)"),
        required=False,
        max_digits=9,
        decimal_places=2,
        help_text=_("Leave empty where the notice names none."),
    )
    logos = LogosField(
        label=_("Logo row"),
        required=False,
        help_text=_(
            "One logo per line, in the order of print. “EU:” at the start of a line "
            "draws the European emblem before its text. Behind a bar (|) stands what is read aloud."
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
            "pay_until",
            "inventory_from",
            "aid_basis",
            "de_minimis_delegated",
            "minimum_hours",
            "new_enterprise_months",
            "logos",
            "keep_years",
            "keep_note",
            "notes",
        ]
        widgets = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "early_start_on": DateInput,
            "pay_until": DateInput,
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {"ref": {"unique": _("There is a grant with this key already.")}}
        help_texts = {
            "ref": _(
                "A short name for addresses and commands, such as best-2026-esf. Left empty, it is "
                "made of the project's key and the fund."
            ),
            "aid_basis": _(
                "Free advice may be aid to the enterprise that gets it. The notice says whether."
            ),
            "de_minimis_delegated": _(
                "Until then every certificate is a draft, and the authority issues its own."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ref"].required = False
        self.fields["new_enterprise_months"].required = False
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.error_summary = False
        self.helper.layout = Layout(
            part("what", side_by_side("project", "programme"), "profile", "ref"),
            part(
                "notice",
                side_by_side("authority", "reference"),
                "title",
                "purpose",
                side_by_side("starts_on", "ends_on"),
                "early_start_on",
            ),
            part(
                "money",
                side_by_side("amount", "financing", "rate"),
                side_by_side("pay_until", "inventory_from"),
            ),
            part("recipient", "recipient", side_by_side("recipient_address", "recipient_contact")),
            part("aid", "aid_basis", "de_minimis_delegated"),
            part(
                "rules",
                side_by_side("minimum_hours", "new_enterprise_months"),
                "logos",
                side_by_side("keep_years", "keep_note"),
                "notes",
            ),
        )

    def clean_ref(self):
        if self.cleaned_data["ref"] == RESERVED:
            raise forms.ValidationError(_("Choose another key; this one is a page of its own."))
        return self.cleaned_data["ref"]

    def clean_new_enterprise_months(self):
        """Left empty it is what the EU's rules say."""
        usual = Grant._meta.get_field("new_enterprise_months").default
        return self.cleaned_data["new_enterprise_months"] or usual

    def clean(self):
        cleaned = super().clean()
        self.check_period(cleaned)
        project, programme = cleaned.get("project"), cleaned.get("programme")
        if project and programme and cleaned.get("ref") == "":
            cleaned["ref"] = Grant.objects.free_ref(project, programme)
        return cleaned

    def check_period(self, cleaned):
        """Refuse a period turned around, and name the grant whose time it would share."""
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if not (starts_on and ends_on):
            return
        if ends_on < starts_on:
            self.add_error("ends_on", _("A grant's period cannot end before it starts."))
            return
        if not (cleaned.get("project") and cleaned.get("programme")):
            return
        others = Grant.objects.overlapping(
            cleaned["project"], cleaned["programme"], starts_on, ends_on
        )
        if other := others.exclude(pk=self.instance.pk).first():
            refusal = _(
                "This project has a grant of the programme in that time already: %(ref)s, from "
                "%(start)s to %(end)s. Choose days outside of it, or change that grant."
            )
            days = {"start": other.starts_on, "end": other.ends_on}
            shown = {name: date_format(day, "SHORT_DATE_FORMAT") for name, day in days.items()}
            self.add_error(
                "starts_on", forms.ValidationError(refusal, params={"ref": other.ref} | shown)
            )


def part(key, *fields):
    return Fieldset(PARTS[key], *fields, css_id=key)


def side_by_side(*names):
    return Row(*map(Column, names))


class NoticeForm(SeesConflicts, forms.ModelForm):
    amount = money(label=_("Amount (EUR)"))

    class Meta:
        model = Notice
        fields = ["issued_on", "reference", "amount"]
        widgets = {"issued_on": DateInput}


class DeadlineForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = Deadline
        fields = ["title", "due_on"]
        widgets = {"due_on": DateInput}


class PlanLineForm(SeesConflicts, forms.ModelForm):
    planned = money(label=_("Planned (EUR)"))
    eligible = money(label=_("Of it eligible (EUR)"), required=False)

    class Meta:
        model = FinancingPlanLine
        fields = [
            "kind",
            "position",
            "label",
            "planned",
            "eligible",
            "costing",
            "method",
            "origin",
        ]

    def has_changed(self):
        """A further row of which only what it is made of came back is still empty."""
        changed = set(self.changed_data)
        return bool(changed - {"costing"} if self.instance.pk is None else changed)

    def clean_costing(self):
        return self.cleaned_data["costing"] or Costing.REAL

    def clean(self):
        cleaned = super().clean()
        costing, method = cleaned.get("costing"), cleaned.get("method")
        if method and costing in BASES and method.base not in BASES[costing]:
            self.add_error("method", _("Choose a cost method that fits what the line is made of."))
        takes_none = costing not in BY_VOUCHERS or cleaned.get("origin") == Origin.GRANT
        if takes_none and self.instance.pk and self.instance.vouchers.valid().exists():
            self.add_error("costing", _("This line has vouchers. Move them to another line first."))
        return cleaned


class PlanTable(forms.BaseInlineFormSet):
    """The financing plan; a line with vouchers, rates or results cannot be deleted."""

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            line = form.instance
            if line.pk and (
                line.vouchers.exists() or line.staff_rates.exists() or line.deliverables.exists()
            ):
                raise forms.ValidationError(
                    _("“%(line)s” has vouchers, rates or results and cannot be deleted."),
                    params={"line": line},
                )


class AidRateForm(SeesConflicts, forms.ModelForm):
    rate = NumberField(label=_("EUR an hour"), max_digits=7, decimal_places=2)

    class Meta:
        model = AidRate
        fields = ["rate", "since", "until", "source"]
        widgets = {"since": DateInput, "until": DateInput}


class TargetForm(SeesConflicts, forms.ModelForm):
    value = NumberField(label=_("Target"), required=False)
    milestone = NumberField(label=_("Milestone"), required=False)

    class Meta:
        model = Target
        fields = ["position", "indicator", "value", "milestone", "milestone_on"]
        widgets = {"milestone_on": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = Indicator.objects.order_by("code", "version")

    def has_changed(self):
        """A further row of which only the proposed position came back is still empty."""
        changed = set(self.changed_data)
        return bool(changed - {"position"} if self.instance.pk is None else changed)


class TargetTable(forms.BaseInlineFormSet):
    """The grant's indicators; further rows propose the positions that come next."""

    def get_form_kwargs(self, index):
        kwargs = super().get_form_kwargs(index)
        if index is not None and index >= self.initial_form_count():
            kwargs["initial"] = {"position": self.next_position + index}
        return kwargs

    @cached_property
    def next_position(self):
        taken = [target.position for target in self.get_queryset()]
        return max([*taken, 0]) + 1 - len(taken)


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
    "plan_lines": table(_("Financing plan"), PlanLineForm, formset=PlanTable),
    "targets": table(_("Indicators and targets"), TargetForm, formset=TargetTable),
    "aid_rates": table(_("What an hour of advice is worth"), AidRateForm),
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
            formset.helper.error_summary = False

    def is_valid(self):
        # Every part is asked, so that one answer names all mistakes.
        return all([self.form.is_valid(), *[formset.is_valid() for formset in self.tables]])

    @property
    def contents(self):
        """Id and heading of every part of the page, for the way to it."""
        return [*PARTS.items(), *((table.prefix, table.caption) for table in self.tables)]

    @property
    def mistakes(self):
        """What the summary names: (where, form) of each part with an error, in its order."""
        rows = [
            (_("%(table)s, row %(number)d") % {"table": table.caption, "number": number}, form)
            for table in self.tables
            for number, form in enumerate(table.forms, start=1)
        ]
        return [(where, form) for where, form in [("", self.form), *rows] if form.errors]

    @property
    def mistakes_of_tables(self):
        """What is wrong with the rows of a table together."""
        return [
            (table, error)
            for table in self.tables
            if table.is_bound
            for error in table.non_form_errors()
        ]

    @transaction.atomic
    def save(self, *, by):
        """Store the grant and its lists; refuses what changed meanwhile or was just taken."""
        check_all(self.form, *self.tables)
        is_new = self.form.instance.pk is None
        with explained(Grant):
            grant = self.form.save()
        for formset in self.tables:
            formset.instance = grant
            formset.save()
        Event.objects.record_saved(actor=by, form=self.form, created=is_new)
        return grant

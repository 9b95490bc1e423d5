"""What is typed about de minimis aid: a declaration, an award, and why one is taken back."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.widgets import DateInput, NumberField
from enterprises.models import Undertaking
from reports.models import (
    AidForm,
    Declaration,
    DeMinimisAward,
    DeMinimisRule,
    Grant,
    RuleKey,
)

FURTHER_LINES = 3
LINE = ("granted_on", "giver", "reference", "form", "amount", "value", "regulation")


def money(**kwargs):
    return NumberField(max_digits=12, decimal_places=2, min_value=0, **kwargs)


class DeclarationForm(forms.Form):
    """Everything a declaration says but the aid received, which is a table below it."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    signed_by = forms.CharField(label=_("Signed by"), max_length=150)
    signed_on = forms.DateField(label=_("On"), widget=DateInput, initial=timezone.localdate)
    nace = forms.CharField(
        label=_("Branch (NACE)"),
        required=False,
        max_length=7,
        validators=Declaration._meta.get_field("nace").validators,
        help_text=_("The register asks for it. Example: 88.99"),
    )
    linked = forms.CharField(
        label=_("Linked undertakings"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One per line: whoever holds the majority of the votes, appoints most of the board, or "
            "decides by contract, statutes or agreement; and whoever you hold that way."
        ),
    )
    mergers = forms.CharField(
        label=_("Mergers, take-overs and splits in the last three years"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    other_aid = forms.CharField(
        label=_("Other aid for the same costs"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AidLineForm(forms.Form):
    """One aid: what a notice or a certificate says."""

    # Which line of the declaration before it was, so that a draft finds its row again.
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    granted_on = forms.DateField(label=_("Day of the notice"), widget=DateInput, required=False)
    giver = forms.CharField(label=_("Given by"), max_length=200)
    reference = forms.CharField(label=_("Reference number"), max_length=80, required=False)
    form = forms.ChoiceField(label=_("Form of the aid"), choices=AidForm, initial=AidForm.GRANT)
    amount = money(label=_("Amount (EUR)"))
    value = money(label=_("Value of the aid (EUR)"))
    regulation = forms.CharField(label=_("Regulation"), max_length=100, required=False)


AidLines = forms.formset_factory(AidLineForm, extra=FURTHER_LINES, can_delete=True, max_num=200)


class DeclarationSetup:
    """The form and its table, checked and recorded as one; begun with what was declared last."""

    caption = _("De minimis aid received or applied for")

    def __init__(self, data=None, *, organisation, by):
        self.organisation, self.by = organisation, by
        known = Declaration.objects.visible_to(by).of([organisation]).newest_first()
        self.last = known.for_list().first()
        self.form = DeclarationForm(data, initial=self._initial())
        lines = None if data else self._lines()
        self.table = AidLines(data, prefix="aids", initial=lines)
        self.table.caption = self.caption
        self.table.helper = FormHelper()
        self.table.helper.form_tag = False
        self.table.helper.disable_csrf = True
        self.table.helper.template = "kern/table_inline_formset.html"
        self.table.helper.table_caption = self.caption
        self.table.helper.error_summary = False

    def _initial(self):
        initial = {name: getattr(self.last, name) for name in ("nace", "linked") if self.last}
        if self.by.role == Role.FOUNDER:
            return initial | {"signed_by": self.by.name}
        # Founders are not told of other files; whoever advises them knows those.
        _itself, *linked = Undertaking.objects.members_of(self.organisation, timezone.localdate())
        return initial | {"linked": "\n".join(map(str, linked)) or initial.get("linked", "")}

    def _lines(self):
        """What was declared last and may still count."""
        if not self.last:
            return []
        rows = self.last.aids.all()
        return [
            {name: getattr(row, name) for name in ("pk", *LINE)}
            for row in rows
            if still_counts(row)
        ]

    def is_valid(self):
        # Both are asked, so that one answer names all mistakes.
        return all([self.form.is_valid(), self.table.is_valid()])

    @property
    def mistakes(self):
        """What the summary names: (where, form) of each part with an error."""
        rows = [
            (_("%(table)s, row %(number)d") % {"table": self.caption, "number": number}, form)
            for number, form in enumerate(self.table.forms, start=1)
        ]
        return [(where, form) for where, form in [("", self.form), *rows] if form.errors]

    @property
    def mistakes_of_tables(self):
        if not self.table.is_bound:
            return []
        return [(self.table, error) for error in self.table.non_form_errors()]

    def record(self):
        lines = [
            {name: form.cleaned_data[name] for name in LINE}
            for form in self.table.forms
            if form.cleaned_data.get("giver") and form not in self.table.deleted_forms
        ]
        return Declaration.objects.record(
            by=self.by, organisation=self.organisation, aids=lines, **self.form.cleaned_data
        )


def still_counts(aid):
    today = timezone.localdate()
    rule = DeMinimisRule.objects.valid_on(today).filter(key=RuleKey.GENERAL).first()
    return aid.granted_on is None or rule is None or aid.granted_on > rule.counts_after(today)


class AwardForm(forms.Form):
    """Which days' consultations become aid, and under which grant."""

    grant = forms.ModelChoiceField(Grant.objects.none(), label=_("Grant"), empty_label=None)
    first_day = forms.DateField(label=_("From"), widget=DateInput)
    last_day = forms.DateField(label=_("Until"), widget=DateInput)
    fee = money(
        label=_("Fee the enterprise has paid (EUR)"),
        required=False,
        help_text=_("Only for one consultation: choose its day above."),
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["grant"].queryset = Grant.objects.giving_aid_to(organisation).for_list()
        self.helper = FormHelper()
        self.helper.add_input(Submit("award", _("Grant the aid")))

    def clean(self):
        cleaned = super().clean()
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if first_day and last_day and first_day > last_day:
            self.add_error("last_day", _("The last day lies before the first."))
        return cleaned

    def award(self, *, by):
        answers = self.cleaned_data | {"fee": self.cleaned_data["fee"] or 0}
        return DeMinimisAward.objects.award_period(self.organisation, by=by, **answers)


class RevokeForm(forms.Form):
    because = forms.CharField(label=_("Why is the aid revoked?"), max_length=300)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("revoke", _("Revoke the aid")))


class AccountsForm(forms.Form):
    """Which accounts a list shows, and as of which day; in the address."""

    on = forms.DateField(label=_("As of"), widget=DateInput, required=False)
    show = forms.ChoiceField(
        label=_("Accounts"),
        required=False,
        choices=[("", _("all")), ("near", _("near the ceiling")), ("undeclared", _("undeclared"))],
    )

    @property
    def day(self):
        """The day asked for; today where none or none that is a day."""
        asked = self.cleaned_data.get("on") if self.is_valid() else None
        return asked or timezone.localdate()

    @property
    def shown(self):
        return self.cleaned_data.get("show", "") if self.is_valid() else ""

"""The lists of a grant, typed as tables below its form: notices, duties, plan, targets, rates."""

from django import forms
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from best_portal.conflicts import SeesConflicts
from best_portal.widgets import DateInput, NumberField
from reports.models import (
    BY_VOUCHERS,
    AidRate,
    CostBase,
    Costing,
    Deadline,
    FinancingPlanLine,
    Grant,
    Indicator,
    Notice,
    Origin,
    ReportDuty,
    Rhythm,
    Target,
)

# Which methods fit what a line is made of.
BASES = {
    Costing.FLAT: (CostBase.STAFF, CostBase.DIRECT),
    Costing.HOURS: (CostBase.HOURS,),
    Costing.LUMP: (CostBase.RESULTS,),
}


def money(**kwargs):
    return NumberField(max_digits=12, decimal_places=2, **kwargs)


class GrantTable(forms.BaseInlineFormSet):
    """One of the grant's lists; says of rows that exclude each other what their rule says."""

    def get_unique_error_message(self, unique_check):
        for constraint in self.model._meta.constraints:
            if set(unique_check) <= set(getattr(constraint, "fields", ())):
                return constraint.violation_error_message
        return super().get_unique_error_message(unique_check)

    def get_form_error(self):
        return _("This row says the same as another one.")


class NoticeForm(SeesConflicts, forms.ModelForm):
    amount = money(label=_("Amount (EUR)"))

    class Meta:
        model = Notice
        fields = ["issued_on", "reference", "amount"]
        widgets = {"issued_on": DateInput}


class NoticeTable(GrantTable):
    """The grant's notices; one that changed what reports have told cannot be deleted."""

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.changes.exists():
                raise forms.ValidationError(
                    _("“%(notice)s” has changed the grant and cannot be deleted."),
                    params={"notice": form.instance},
                )


class DeadlineForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = Deadline
        fields = ["title", "due_on"]
        widgets = {"due_on": DateInput}


class DutyForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = ReportDuty
        fields = ["kind", "rhythm", "every", "months", "source"]
        labels = {"months": _("Due … months after the period")}
        # The heads of the table say it for every row.
        help_texts = {"every": "", "months": ""}

    def clean(self):
        cleaned = super().clean()
        rhythm = cleaned.get("rhythm")
        if rhythm == Rhythm.MONTHS and "every" in cleaned and not cleaned["every"]:
            self.add_error("every", _("Say after how many months it is due again."))
        elif rhythm and rhythm != Rhythm.MONTHS and cleaned.get("every"):
            self.add_error("every", _("Leave this empty, or choose “every so many months”."))
        return cleaned


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


class PlanTable(GrantTable):
    """The financing plan; a line with vouchers, rates or results cannot be deleted."""

    def clean(self):
        super().clean()
        self.allow_one("costing", Costing.FLAT, _("A plan has one flat rate at most."))
        self.allow_one(
            "origin", Origin.GRANT, _("One line of the plan is the money of this grant.")
        )
        for form in self.deleted_forms:
            line = form.instance
            if line.pk and (
                line.vouchers.exists() or line.staff_rates.exists() or line.deliverables.exists()
            ):
                raise forms.ValidationError(
                    _("“%(line)s” has vouchers, rates or results and cannot be deleted."),
                    params={"line": line},
                )

    def allow_one(self, field, value, refusal):
        kept = [form for form in self.forms if form not in self.deleted_forms]
        those = [each for each in kept if getattr(each, "cleaned_data", {}).get(field) == value]
        for form in those[1:]:
            form.add_error(field, refusal)


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

    def clean(self):
        cleaned = super().clean()
        value, milestone = cleaned.get("value"), cleaned.get("milestone")
        if value is not None and milestone is not None and milestone > value:
            self.add_error(
                "milestone",
                _("The milestone is higher than the target itself. Correct one of the two."),
            )
        return cleaned

    def has_changed(self):
        """A further row of which only the proposed position came back is still empty."""
        changed = set(self.changed_data)
        return bool(changed - {"position"} if self.instance.pk is None else changed)


class TargetTable(GrantTable):
    """The grant's indicators, of its own time; further rows propose the next positions."""

    def clean(self):
        super().clean()
        begins_on = self.instance.starts_on
        if begins_on is None:
            return
        counted = set(Indicator.objects.valid_on(begins_on).values_list("pk", flat=True))
        for form in self.forms:
            indicator = getattr(form, "cleaned_data", {}).get("indicator")
            is_kept = form not in self.deleted_forms and "indicator" in form.changed_data
            if indicator and is_kept and indicator.pk not in counted:
                form.add_error(
                    "indicator",
                    _("%(code)s did not count on the first day of the grant, %(day)s.")
                    % {
                        "code": indicator.code,
                        "day": date_format(begins_on, "SHORT_DATE_FORMAT"),
                    },
                )

    def get_form_kwargs(self, index):
        kwargs = super().get_form_kwargs(index)
        if index is None:  # the row that is added in the browser
            kwargs["initial"] = {"position": self.next_position + self.total_form_count()}
        elif index >= self.initial_form_count():
            kwargs["initial"] = {"position": self.next_position + index}
        return kwargs

    @cached_property
    def next_position(self):
        taken = [target.position for target in self.get_queryset()]
        return max([*taken, 0]) + 1 - len(taken)


def table(caption, form, formset=GrantTable):
    """A formset of one of the grant's lists, shown as a table with its caption."""
    formset = forms.inlineformset_factory(
        Grant, form._meta.model, form=form, formset=formset, extra=2, can_delete=True
    )
    formset.caption = caption
    return formset


GRANT_TABLES = {
    "notices": table(_("Notices"), NoticeForm, formset=NoticeTable),
    "duties": table(_("Reports that are asked for"), DutyForm),
    "deadlines": table(_("Other deadlines"), DeadlineForm),
    "plan_lines": table(_("Financing plan"), PlanLineForm, formset=PlanTable),
    "targets": table(_("Indicators and targets"), TargetForm, formset=TargetTable),
    "aid_rates": table(_("What an hour of advice is worth"), AidRateForm),
}

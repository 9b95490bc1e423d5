"""The lists of a grant, typed as tables below its form: notices, duties, plan, targets, rates."""

from collections import defaultdict
from datetime import date

from django import forms
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    Milestone,
    Notice,
    Origin,
    Publicity,
    ReportDuty,
    Rhythm,
    Target,
    Threshold,
    ThresholdKey,
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


def ends_after_start(form, cleaned, names=("since", "until")):
    """Refuse what ends before it starts, at the field of the end."""
    since, until = (cleaned.get(name) for name in names)
    if since and until and until < since:
        form.add_error(names[1], _("It cannot end before it starts."))
    return cleaned


def one_at_a_time(table, key_of, refusal):
    """Refuse rows of one key whose days overlap; rows without days hold all the time."""
    taken = defaultdict(list)
    for form in table.forms:
        typed = getattr(form, "cleaned_data", {})
        if form in table.deleted_forms or (key := key_of(typed)) is None:
            continue
        days = (typed.get("since") or date.min, typed.get("until") or date.max)
        if any(days[0] <= last and first <= days[1] for first, last in taken[key]):
            form.add_error("since", refusal)
        taken[key].append(days)


class NoticeForm(SeesConflicts, forms.ModelForm):
    amount = money(label=_("Amount (EUR)"))

    class Meta:
        model = Notice
        fields = ["issued_on", "reference", "amount"]
        widgets = {"issued_on": DateInput}


class NoticeTable(GrantTable):
    """The grant's notices; one that changed what reports have told, or has its file, stays."""

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.changes.exists():
                raise forms.ValidationError(
                    _("“%(notice)s” has changed the grant and cannot be deleted."),
                    params={"notice": form.instance},
                )
            if form.instance.pk and hasattr(form.instance, "letter"):
                raise forms.ValidationError(
                    _("“%(notice)s” has a file. Take it away first."),
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
        fields = ["kind", "rhythm", "every", "months", "since", "until", "source"]
        widgets = {"since": DateInput, "until": DateInput}
        labels = {"months": _("Due … months after the period")}
        # The heads of the table say it for every row.
        help_texts = {"every": "", "months": ""}

    def clean(self):
        cleaned = ends_after_start(self, super().clean())
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
        if costing and self.instance.pk:
            self.check_made_of(costing)
        return cleaned

    def check_made_of(self, costing):
        """Refuse to leave behind hourly rates or results, which nothing would count any more."""
        if costing != Costing.HOURS and self.instance.staff_rates.exists():
            self.add_error(
                "costing",
                _("This line has hourly rates. Give them to another line or remove them first."),
            )
        if costing != Costing.LUMP and self.instance.deliverables.exists():
            self.add_error(
                "costing", _("This line has results. Remove them first, or add a line of its own.")
            )


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


class ThresholdForm(SeesConflicts, forms.ModelForm):
    value = NumberField(label=_("Value"), max_digits=9, decimal_places=2, min_value=0)

    class Meta:
        model = Threshold
        fields = ["key", "value", "since", "until", "source"]
        widgets = {"since": DateInput, "until": DateInput}

    def clean(self):
        cleaned = ends_after_start(self, super().clean())
        if cleaned.get("key") == ThresholdKey.KEEPING and not cleaned.get("source"):
            self.add_error("source", _("Say where it says how long papers are kept."))
        return cleaned


class ThresholdTable(GrantTable):
    """The numbers a notice names; of each one at a time, and what counted before stays."""

    def clean(self):
        super().clean()
        one_at_a_time(
            self,
            lambda typed: typed.get("key"),
            _("There is such a number in that time already."),
        )


class AidRateForm(SeesConflicts, forms.ModelForm):
    rate = NumberField(label=_("EUR an hour"), max_digits=7, decimal_places=2)

    class Meta:
        model = AidRate
        fields = ["rate", "since", "until", "source"]
        widgets = {"since": DateInput, "until": DateInput}


class TargetForm(SeesConflicts, forms.ModelForm):
    value = NumberField(label=_("Target"), required=False)

    class Meta:
        model = Target
        fields = ["position", "indicator", "value", "since", "until"]
        widgets = {"since": DateInput, "until": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = Indicator.objects.order_by("code", "version")

    def clean(self):
        return ends_after_start(self, super().clean())

    def has_changed(self):
        """A further row of which only the proposed position came back is still empty."""
        changed = set(self.changed_data)
        return bool(changed - {"position"} if self.instance.pk is None else changed)


class TargetTable(GrantTable):
    """The grant's indicators, of its own time; further rows propose the next positions."""

    def clean(self):
        super().clean()
        one_at_a_time(
            self,
            lambda typed: typed["indicator"].code if typed.get("indicator") else None,
            _("The grant has this indicator in that time already."),
        )
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


class PublicityForm(SeesConflicts, forms.ModelForm):
    url = forms.URLField(label=_("Address"), max_length=300, required=False, assume_scheme="https")

    class Meta:
        model = Publicity
        fields = ["published_on", "kind", "medium", "title", "url", "kept_at"]
        widgets = {"published_on": DateInput}

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("url") or cleaned.get("kept_at") or self.has_error("url")):
            self.add_error(
                "kept_at", _("Say where it can be seen: an address, or where a specimen is kept.")
            )
        return cleaned


class MilestoneForm(SeesConflicts, forms.ModelForm):
    value = NumberField(label=_("Milestone"))

    class Meta:
        model = Milestone
        fields = ["indicator", "value", "due_on", "since", "until"]
        widgets = {"due_on": DateInput, "since": DateInput, "until": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = Indicator.objects.order_by("code", "version")

    def clean(self):
        return ends_after_start(self, super().clean())


class MilestoneTable(GrantTable):
    """What is to be reached on the way; only of indicators the grant has."""

    def clean(self):
        super().clean()
        one_at_a_time(
            self,
            lambda typed: (
                (typed.get("indicator"), typed.get("due_on")) if typed.get("indicator") else None
            ),
            _("There is a milestone for this day already."),
        )

    def check(self, targets):
        """Refuse what the targets typed above do not hold: an indicator, or so much of it."""
        promised = defaultdict(list)
        for form in targets.forms:
            typed = getattr(form, "cleaned_data", {})
            if form not in targets.deleted_forms and typed.get("indicator"):
                promised[typed["indicator"]].append(typed.get("value"))
        for form in self.forms:
            typed = getattr(form, "cleaned_data", {})
            indicator, value = typed.get("indicator"), typed.get("value")
            if form in self.deleted_forms or not indicator or value is None:
                continue
            values = promised.get(indicator)
            if values is None:
                form.add_error(
                    "indicator", _("The grant does not have this indicator. Add it above first.")
                )
            elif None not in values and value > max(values):
                form.add_error(
                    "value",
                    _("The milestone is higher than the target itself. Correct one of the two."),
                )


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
    "milestones": table(
        pgettext_lazy("of a grant", "Milestones"), MilestoneForm, formset=MilestoneTable
    ),
    "thresholds": table(
        _("Thresholds and times the notice names"), ThresholdForm, formset=ThresholdTable
    ),
    "publicity": table(_("Press and publicity"), PublicityForm),
    "aid_rates": table(_("What an hour of advice is worth"), AidRateForm),
}

"""Forms of working time: an entry in seconds, closing a month, opening it again, contracts."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.widgets import DateInput
from consultations.forms.fields import NEAR, ClockField, DurationField
from consultations.models import Assignment, Employment, MonthSheet, Project, TimeEntry, TimeKind
from consultations.models.employment import MOST_HOURS
from consultations.models.free_times import moment
from consultations.models.working_month import last_day_of

OTHERS = [choice for choice in TimeKind.choices if choice[0] != TimeKind.PROJECT]


class TimeEntryForm(forms.Form):
    """A day, what for, how long or from when until when, and what was done."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    day = forms.DateField(label=_("Day"), widget=DateInput)
    what_for = forms.ChoiceField(label=_("What for?"))
    duration = DurationField(
        label=_("Duration"), required=False, help_text=_("Such as 1:30 or 45. Or give both times.")
    )
    starts = ClockField(label=_("From (time)"), required=False)
    ends = ClockField(label=_("Until (time)"), required=False)
    activity = forms.CharField(
        label=_("Activity"),
        max_length=200,
        required=False,
        help_text=_("Funders read this. No names, please."),
    )

    def __init__(self, *args, by, month, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.month = by, month
        self.projects = {
            f"project-{project.pk}": project
            for project in Project.objects.loggable_by(by).running_between(
                month, last_day_of(month)
            )
        }
        names = [(key, project.name) for key, project in self.projects.items()]
        self.fields["what_for"].choices = [*names, *OTHERS]
        self.fields["day"].initial = min(max(timezone.localdate(), month), last_day_of(month))
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "form_key",
            Row(Column("day"), Column("what_for")),
            Row(Column("duration"), Column("starts"), Column("ends")),
            "activity",
        )
        self.helper.add_input(Submit("enter", _("Add the time")))

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day.replace(day=1) != self.month:
            raise ValidationError(_("This day is in another month. Go to that month first."))
        return day

    def clean(self):
        answers = self.cleaned_data
        starts, ends = answers.get("starts"), answers.get("ends")
        has_times = starts is not None and ends is not None
        if (starts is None) != (ends is None) and not self.errors:
            missing = "starts" if starts is None else "ends"
            self.add_error(missing, _("Give both times, or the duration alone."))
        if not has_times and answers.get("duration") is None and not self.errors:
            self.add_error("duration", _("Say how long it took."))
        if has_times and ends <= starts:
            self.add_error("ends", _("The end comes after the start."))
        return answers

    def enter(self):
        answers = self.cleaned_data
        project = self.projects.get(answers["what_for"])
        kind = TimeKind.PROJECT if project else answers["what_for"]
        return TimeEntry.objects.enter(
            by=self.by,
            kind=kind,
            project=project,
            day=answers["day"],
            activity=answers["activity"],
            minutes=answers["duration"],
            form_key=answers["form_key"],
            **self.times(answers),
        )

    def times(self, answers):
        if answers["starts"] is None:
            return {}
        times = [moment(answers["day"], answers[name]) for name in ("starts", "ends")]
        if None in times:
            raise ValidationError(_("The clocks skip this hour on that day."))
        return dict(zip(("starts_at", "ends_at"), times, strict=True))


class CloseForm(forms.Form):
    """Close the month; a sentence where it has more hours than the contract."""

    explanation = forms.CharField(
        label=_("Why more hours than the contract?"), max_length=300, required=False
    )

    def __init__(self, *args, work, action, **kwargs):
        super().__init__(*args, **kwargs)
        self.work = work
        if not work.excess:
            del self.fields["explanation"]
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.add_input(Submit("close", _("Close the month")))

    def close(self):
        return MonthSheet.objects.close(
            by=self.work.user,
            month=self.work.month,
            explanation=self.cleaned_data.get("explanation", ""),
        )


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it opened again?"),
        max_length=300,
        help_text=_("Kept beside the version closed until now."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("reopen", _("Open the sheet again")))


class EmploymentForm(forms.Form):
    """A contract: who, as what, how many hours a week, from when, perhaps until when."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"))
    function = forms.CharField(label=_("Function"), max_length=120)
    weekly_hours = forms.DecimalField(
        label=_("Hours a week"), min_value=0, max_value=MOST_HOURS, decimal_places=2, localize=True
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput, validators=NEAR)
    ends_on = forms.DateField(
        label=_("Until"),
        widget=DateInput,
        validators=NEAR,
        required=False,
        help_text=_("Leave empty while it has no end."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.staff().order_by("name", "pk")
        self.fields["user"].label_from_instance = lambda user: user.name
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("user"), Column("function")),
            Row(Column("weekly_hours"), Column("starts_on"), Column("ends_on")),
        )
        self.helper.add_input(Submit("engage", _("Save the contract")))

    def engage(self, *, by):
        return Employment.objects.engage(by=by, **self.cleaned_data)


class EmploymentEndForm(forms.Form):
    last_day = forms.DateField(label=_("Last day"), widget=DateInput, validators=NEAR)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("end", _("Save the last day")))


class AssignmentForm(forms.Form):
    """A fixed share: who, for which project, how much of the contract, from when until when."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"))
    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"))
    percent = forms.DecimalField(
        label=_("Share in percent"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        localize=True,
        help_text=_("Of the working time of the contract."),
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput, validators=NEAR)
    ends_on = forms.DateField(
        label=_("Until"),
        widget=DateInput,
        validators=NEAR,
        required=False,
        help_text=_("Leave empty while it has no end."),
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.staff().order_by("name", "pk")
        self.fields["user"].label_from_instance = lambda user: user.name
        self.fields["project"].queryset = Project.objects.visible_to(by).order_by("name", "pk")
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("user"), Column("project")),
            Row(Column("percent"), Column("starts_on"), Column("ends_on")),
        )
        self.helper.add_input(Submit("assign", _("Save the fixed share")))

    def assign(self, *, by):
        return Assignment.objects.assign(by=by, **self.cleaned_data)

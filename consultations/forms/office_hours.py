"""Forms for keeping office hours: their rhythm, single dates that change, absences."""

from datetime import date, datetime, time, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.widgets import DateInput, TimeInput
from consultations.models import OfficeHours, Project
from consultations.models.free_times import BERLIN, moment

# Beyond these no calendar can be counted on.
NEAR = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]


class OfficeHoursForm(forms.ModelForm):
    """Office hours; an advisor's own, a manager's for anyone."""

    class Meta:
        model = OfficeHours
        fields = [
            "advisor",
            "project",
            "district",
            "channel",
            "place",
            "weekday",
            "starts_at",
            "ends_at",
            "every_weeks",
            "is_by_agreement",
            "slot_minutes",
            "pause_minutes",
            "lead_hours",
            "cancel_hours",
            "starts_on",
            "ends_on",
        ]
        widgets = {
            "starts_at": TimeInput,
            "ends_at": TimeInput,
            "starts_on": DateInput,
            "ends_on": DateInput,
        }
        help_texts = {
            "place": _("What people need to find you: house, room, or the number you call."),
            "ends_on": _("Leave empty for no end."),
            "every_weeks": _("1 is every week, 2 every other week, counted from the first day."),
            "is_by_agreement": _(
                "People see these hours with our phone number and cannot book them here."
            ),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "ends_on"):
            self.fields[name].validators += NEAR
        self.fields["project"].queryset = Project.objects.loggable_by(by)
        if by.role == Role.ADVISOR:
            del self.fields["advisor"]
            self.instance.advisor = by
        else:
            self.fields["advisor"].queryset = User.objects.advisors()
        who = [] if by.role == Role.ADVISOR else ["advisor"]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *who,
            Row(Column("project"), Column("district")),
            Row(Column("channel"), Column("place")),
            Row(Column("weekday"), Column("starts_at"), Column("ends_at")),
            Row(Column("starts_on"), Column("ends_on"), Column("every_weeks")),
            Row(Column("slot_minutes"), Column("pause_minutes")),
            Row(Column("lead_hours"), Column("cancel_hours")),
            "is_by_agreement",
        )
        self.helper.add_input(Submit("save", _("Save")))


class EndOfficeHoursForm(forms.Form):
    on = forms.DateField(label=_("Last day"), widget=DateInput, validators=NEAR)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("end", _("End office hours")))


class ChangedDayForm(forms.Form):
    """One date of office hours: cancelled, or held at another time."""

    class What(models.TextChoices):
        CANCEL = "cancel", _("It is cancelled")
        MOVE = "move", _("It is held at another time")

    day = forms.DateField(label=_("Date"), widget=DateInput, validators=NEAR)
    what = forms.ChoiceField(
        label=_("What changes?"), choices=What, initial=What.CANCEL, widget=forms.RadioSelect
    )
    new_day = forms.DateField(
        label=_("Instead on"), widget=DateInput, validators=NEAR, required=False
    )
    starts_at = forms.TimeField(label=_("From"), widget=TimeInput, required=False)
    ends_at = forms.TimeField(label=_("Until"), widget=TimeInput, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=150,
        required=False,
        help_text=_("Only your colleagues read this."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "day",
            "what",
            Row(Column("new_day"), Column("starts_at"), Column("ends_at")),
            "reason",
        )
        self.helper.add_input(Submit("change", _("Change this date")))

    def clean(self):
        if self.cleaned_data.get("what") == self.What.MOVE:
            for name in ("new_day", "starts_at", "ends_at"):
                if self.cleaned_data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("To move a date, name the day and both times."))
        return self.cleaned_data

    def apply(self, office_hours, *, by):
        """Let the office hours change this date; what they refuse stands at its field."""
        answers = dict(self.cleaned_data)
        is_move = answers.pop("what") == self.What.MOVE
        if not is_move:
            answers = {"day": answers["day"], "reason": answers["reason"]}
        verb = office_hours.move_day if is_move else office_hours.cancel_day
        return verb(by=by, **answers)


class AbsenceForm(forms.Form):
    """Away from a day to a day; with times, for some hours."""

    advisor = forms.ModelChoiceField(User.objects.none(), label=_("Advisor"))
    first_day = forms.DateField(label=_("First day"), widget=DateInput, validators=NEAR)
    starts_at = forms.TimeField(label=_("From (time)"), widget=TimeInput, required=False)
    last_day = forms.DateField(
        label=_("Last day"),
        widget=DateInput,
        validators=NEAR,
        required=False,
        help_text=_("Leave empty for one day."),
    )
    ends_at = forms.TimeField(label=_("Until (time)"), widget=TimeInput, required=False)
    reason = forms.CharField(
        label=_("Note"),
        max_length=150,
        required=False,
        help_text=_("Seen by the advisor and the management only. An illness need not be named."),
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        who = []
        if by.role == Role.ADVISOR:
            del self.fields["advisor"]
        else:
            self.fields["advisor"].queryset = User.objects.advisors()
            who = ["advisor"]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *who,
            Row(Column("first_day"), Column("last_day")),
            Row(Column("starts_at"), Column("ends_at")),
            "reason",
        )
        self.helper.add_input(Submit("note", _("Note the absence")))

    def clean(self):
        answers = self.cleaned_data
        first, last = answers.get("first_day"), answers.get("last_day") or answers.get("first_day")
        if first and last < first:
            self.add_error("last_day", _("The last day cannot be before the first."))
        return answers

    def period(self):
        """Return from when to when; refuses a time that the clocks leave out."""
        answers = self.cleaned_data
        first, last = answers["first_day"], answers["last_day"] or answers["first_day"]
        starts_at = moment(first, answers["starts_at"] or time.min)
        if answers["ends_at"]:
            ends_at = moment(last, answers["ends_at"])
        else:
            ends_at = datetime.combine(last + timedelta(days=1), time.min, BERLIN)
        if starts_at is None or ends_at is None:
            raise ValidationError(
                _("The clocks are changed that night, and this hour does not exist.")
            )
        return {"starts_at": starts_at, "ends_at": ends_at}

    def answers(self):
        """What `Absence.objects.note` takes."""
        return {
            "advisor": self.cleaned_data.get("advisor", self.by),
            "reason": self.cleaned_data["reason"],
            **self.period(),
        }


class BusyCalendarForm(forms.Form):
    """The address at which an advisor's own calendar can be read."""

    address = forms.CharField(
        label=_("Address of your calendar"),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        help_text=_(
            "Your calendar program calls it private, secret or ICS address. It begins with "
            "https:// or webcal:// and often ends in .ics."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse("consultations:busy_connect")
        self.helper.add_input(Submit("connect", _("Connect this calendar")))

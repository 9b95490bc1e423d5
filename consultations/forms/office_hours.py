"""Forms for keeping office hours: their rhythm, single dates that change, absences."""

from datetime import datetime, time, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.conflicts import SeesConflicts
from best_portal.widgets import DateInput, TimeInput
from consultations.forms.fields import NEAR
from consultations.models import OfficeHours, Project
from consultations.models.free_times import BERLIN, moment


class HeldBy(models.TextChoices):
    ADVISOR = "advisor", _("One advisor")
    TEAM = "team", _("A team: each time goes to somebody of the team who is free then")


class OfficeHoursForm(SeesConflicts, forms.ModelForm):
    """Office hours: an advisor's own or their team's; a manager's for anyone."""

    held_by = forms.ChoiceField(
        label=_("Who holds them?"),
        choices=HeldBy,
        initial=HeldBy.ADVISOR,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = OfficeHours
        fields = [
            "advisor",
            "team",
            "members",
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
            "members": forms.CheckboxSelectMultiple,
        }
        labels = {"advisor": _("Advisor")}
        error_messages = {
            "advisor": {"required": _("Choose the advisor.")},
            "team": {"required": _("Give the team a name.")},
            "members": {"required": _("Choose who is on duty.")},
        }
        help_texts = {
            "team": _("People read it when they book, such as “Team Pankow”."),
            "members": _("As many people can come at the same time as are on duty."),
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
        self.by = by
        projects = Project.objects.loggable_by(by)
        self.fields["project"].queryset = projects
        self.fields["members"].queryset = (
            User.objects.advisors().filter(projects__in=projects).distinct()
        )
        if self.instance.team:
            self.initial["held_by"] = HeldBy.TEAM
        who = []
        if by.role == Role.ADVISOR:
            del self.fields["advisor"]
            self.fields["held_by"].choices = [(HeldBy.ADVISOR, _("I do")), HeldBy.choices[1]]
        else:
            self.fields["advisor"].queryset = User.objects.advisors()
            who = [Div("advisor", css_class="held-by-advisor")]
        self._ask_for_one_or_all()
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "held_by",
            *who,
            Div("team", "members", css_class="held-by-team form-fields"),
            Row(Column("project"), Column("district")),
            Row(Column("channel"), Column("place")),
            Row(Column("weekday"), Column("starts_at"), Column("ends_at")),
            Row(Column("starts_on"), Column("ends_on"), Column("every_weeks")),
            Row(Column("slot_minutes"), Column("pause_minutes")),
            Row(Column("lead_hours"), Column("cancel_hours")),
            "is_by_agreement",
        )
        self.helper.add_input(Submit("save", _("Save")))

    def _ask_for_one_or_all(self):
        """Require an advisor or a team, as the person has chosen."""
        is_team = self["held_by"].value() == HeldBy.TEAM
        for name in {"advisor", "team", "members"} & self.fields.keys():
            belongs = is_team == (name != "advisor")
            self.fields[name].required = belongs or not self.is_bound

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("held_by") == HeldBy.TEAM:
            cleaned["advisor"] = self.instance.advisor = None
            self._refuse_others(cleaned)
        else:
            cleaned["team"], cleaned["members"] = "", User.objects.none()
            if "advisor" not in self.fields:
                self.instance.advisor = self.by
        return cleaned

    def _refuse_others(self, cleaned):
        members, project = cleaned.get("members"), cleaned.get("project")
        others = members.exclude(projects=project) if members and project else ()
        if names := ", ".join(each.name for each in others):
            told = _("Not in the team of this project: %(names)s.")
            self.add_error("members", ValidationError(told, params={"names": names}))


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


class StandInForm(forms.Form):
    """Who sees and does an advisor's work while they are away; nobody is an answer, too."""

    substitute = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who stands in?"),
        required=False,
        empty_label=_("nobody"),
        help_text=_(
            "Whoever it is sees and does the other one’s appointments, promises and cases from the "
            "beginning of the absence to its end."
        ),
    )

    def __init__(self, *args, absence, by, **kwargs):
        super().__init__(*args, initial={"substitute": absence.substitute_id}, **kwargs)
        people = User.objects.advisors().exclude(pk=absence.advisor_id)
        if by.role == Role.ADVISOR:
            # Whoever has the same team reads its notes already.
            people = people.filter(pk__in=User.objects.colleagues_of(by))
        self.fields["substitute"].queryset = people
        self.helper = FormHelper()
        self.helper.add_input(Submit("stand-in", _("Save")))


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

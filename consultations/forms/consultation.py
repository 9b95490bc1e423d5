"""What logging and amending a consultation have in common: the fields and how they are read."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.widgets import DateInput, Picked, SearchChoiceField
from consultations.clock import moments
from consultations.forms.fields import AreaField, ClockField, DurationField
from consultations.known import row_of
from consultations.logbook.sentences import sentence
from consultations.models import (
    Attendance,
    Channel,
    ConsultationKind,
    Project,
    ProjectTask,
    SupportCase,
    Topic,
)
from consultations.names import names_in
from enterprises.models import Organisation, OrganisationKind, Person

MINUTE = timedelta(minutes=1)
# Kinds that can be opened in passing; an enterprise needs the day it was founded.
NEW_KINDS = [
    choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.SOCIAL_ENTERPRISE
]


class ConsultationForm(forms.Form):
    """What logging and amending a consultation have in common."""

    organisation = SearchChoiceField(
        Organisation.objects.none(),
        search_url="consultations:organisation_search",
        label=_("Who was advised?"),
        error_messages={"required": _("Say who was advised: choose the organisation.")},
        help_text=_("Type a part of the name; spelling mistakes are forgiven."),
    )
    new_name = forms.CharField(label=_("Name of the new organisation"), max_length=200)
    # What the form itself put there, because the search found nothing of that name.
    proposed_name = forms.CharField(widget=forms.HiddenInput)
    new_kind = forms.ChoiceField(
        label=_("What is it?"), choices=[("", _("please choose")), *NEW_KINDS]
    )
    length = DurationField(label=_("How long"), max_length=30, help_text=_("1,5 or 1:30 or 90"))
    start = ClockField(label=_("Or from"), max_length=10, help_text=_("9 or 9:30"))
    end = ClockField(label=_("to"), max_length=10, help_text=_("10:45"))
    preparation_minutes = DurationField(
        label=_("Preparation"), max_length=30, help_text=_("counts for your time sheet only")
    )
    travel_minutes = DurationField(
        label=_("Travel"), max_length=30, help_text=_("counts for your time sheet only")
    )
    held_on = forms.DateField(label=_("Date"), widget=DateInput, help_text=_("the day it was held"))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=ConsultationKind, widget=forms.RadioSelect, required=True
    )
    internal_note = forms.CharField(
        label=_("Only for advice"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        help_text=_("Never leaves the team."),
    )
    result = forms.CharField(
        label=_("Goes into reports"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        help_text=_("Funders read this. No names, please."),
    )
    names_confirmed = forms.BooleanField(label=_("It is right that this name stands there."))
    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), required=True)
    task = forms.ModelChoiceField(ProjectTask.objects.none(), label=_("Task of the project"))
    district = AreaField(label=_("Neighbourhood"))
    channel = forms.ChoiceField(label=_("How"), choices=Channel)
    place = forms.CharField(label=_("Place"), max_length=150)
    advisors = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Advised by"), widget=forms.CheckboxSelectMultiple
    )
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("People attending"), widget=forms.CheckboxSelectMultiple
    )
    headcount = forms.IntegerField(
        label=_("Number of people"),
        min_value=1,
        max_value=5_000,
        help_text=_("empty: as many as chosen, at least one"),
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(), label=_("Topics"), widget=forms.CheckboxSelectMultiple
    )
    case = forms.ModelChoiceField(
        SupportCase.objects.none(),
        label=_("Support case"),
        empty_label=_("the running one, if it is accompaniment"),
    )
    next_step = forms.CharField(label=_("Next step"), max_length=300)
    next_step_on = forms.DateField(label=_("By"), widget=DateInput)

    OPTIONAL = (
        "project",
        "channel",
        "place",
        "district",
        "task",
        "case",
        "topics",
        "people",
        "headcount",
        "advisors",
        "preparation_minutes",
        "travel_minutes",
    )
    NEXT = ("next_step", "next_step_on")
    REQUIRED = ("organisation", "held_on", "kind", "project")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.is_resumed = False
        for name, field in self.fields.items():
            field.required = name in self.REQUIRED
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by)
        self.fields["project"].queryset = Project.objects.loggable_by(by).order_by(
            "-starts_on", "name"
        )
        self.fields["project"].empty_label = None
        self.fields["task"].queryset = ProjectTask.objects.filter(
            project__in=Project.objects.loggable_by(by)
        ).select_related("project")
        self.fields["advisors"].queryset = User.objects.staff()
        self.fields["channel"].initial = Channel.OFFICE
        self.known_of(self.organisation_in_question())

    def organisation_in_question(self):
        """The organisation the form is about right now, chosen or given beforehand; else None."""
        if not self.is_bound:
            known = self.initial.get("organisation")
            if not isinstance(known, Picked):
                return known
            return row_of(Organisation.objects.visible_to(self.by), known.pk)
        key = self.data.get(self.add_prefix("organisation"))
        return row_of(Organisation.objects.visible_to(self.by), key)

    def known_of(self, organisation):
        """Offer what is on file for the organisation: its area, people and cases."""
        self.fields["district"].load(organisation.district if organisation else None)
        self.to_ask = []
        if organisation:
            people = organisation.involvements.valid().values("person")
            self.to_ask = Attendance.objects.of_people(people).to_be_asked(self.by)
            self.fields["people"].queryset = Person.objects.visible_to(self.by).filter(
                pk__in=organisation.involvements.valid().values("person")
            )
            self.fields["case"].queryset = SupportCase.objects.visible_to(self.by).filter(
                organisation=organisation
            )

    def resumed(self):
        """Load what follows from the organisation of the draft; a draft is shown unfolded."""
        self.is_resumed = True
        self.known_of(self.organisation_in_question())

    @property
    def new_is_open(self):
        """Whether the fields of a new organisation must be unfolded."""
        is_due = self.is_resumed or (self.is_bound and bool(self.errors))
        return is_due and bool(self["new_name"].value())

    @property
    def more_is_open(self):
        """Whether the second group must be unfolded, because something is to be done there."""
        if not self.is_bound:
            return self.is_resumed
        return any(self[name].errors for name in self.OPTIONAL)

    @property
    def next_is_open(self):
        """Whether what comes next must be unfolded."""
        return any(self[name].errors or self[name].value() for name in self.NEXT)

    # --- reading ---

    def clean(self):
        cleaned = super().clean()
        self._read_new_organisation(cleaned)
        if cleaned.get("held_on"):
            self._read_times(cleaned)
        if self.is_valid_so_far("organisation", "held_on", "kind", "project"):
            self._fill_in(cleaned)
        self._ask_about_names(cleaned)
        return cleaned

    def is_valid_so_far(self, *names):
        return not any(name in self._errors for name in names)

    def _read_new_organisation(self, cleaned):
        """Take a new organisation in place of one on file; training may go without any."""
        name = " ".join((cleaned.get("new_name") or "").split())
        cleaned["new_name"] = "" if cleaned.get("organisation") else name
        if cleaned.get("organisation"):
            self._refuse_both(cleaned, name)
            return
        if cleaned["new_name"]:
            # What was typed into the search found nothing: that is why it is new.
            self._errors.pop("organisation", None)
            self._refuse_known(name)
            if not cleaned.get("new_kind"):
                self.add_error("new_kind", _("Say what it is, so that its file can be opened."))
        elif self.has_error("organisation", "unknown") or self.has_error("organisation", "similar"):
            self._propose_new()
        elif self.has_error("organisation", "required") and self._is_training(cleaned):
            del self._errors["organisation"]

    def _refuse_both(self, cleaned, name):
        if name and name != " ".join((cleaned.get("proposed_name") or "").split()):
            told = _("“%(name)s” is chosen above. Empty this field, or the one above: not both.")
            params = {"name": cleaned["organisation"]}
            self.add_error("new_name", ValidationError(told, params=params))

    def _is_training(self, cleaned):
        return cleaned.get("kind") == ConsultationKind.TRAINING

    def _refuse_known(self, name):
        if same := Organisation.objects.visible_to(self.by).named(name).first():
            told = _("“%(name)s” is on file already; choose it above.")
            self.add_error("new_name", ValidationError(told, params={"name": same}))

    def _propose_new(self):
        """Put what nothing is called into the name of a new one: one choice away from saving."""
        self.data = self.data.copy()
        for name in ("new_name", "proposed_name"):
            self.data[self.add_prefix(name)] = self["organisation"].value().text

    def _read_times(self, cleaned):
        day, start, end = cleaned["held_on"], cleaned.get("start"), cleaned.get("end")
        minutes = cleaned.get("length")
        if not self.is_valid_so_far("start", "end", "length"):
            return
        if end and not start:
            self.add_error("start", _("Give the start as well as the end."))
        elif not start and not minutes:
            self.add_error("length", sentence("no_duration", {}))
        elif start and not end and not minutes:
            self.add_error("end", _("Give the end too, or how long it took."))
        elif start:
            self._place(cleaned, self._moments(day, "start", start), minutes)
        else:
            cleaned.update(starts_at=None, ends_at=None, minutes=minutes)

    def _moments(self, day, name, clock):
        found = moments(day, clock)
        if not found:
            self.add_error(
                name,
                ValidationError(
                    _("On this day the clocks were put forward and %(time)s did not exist."),
                    params={"time": f"{clock:%H:%M}"},
                ),
            )
        return found

    def _place(self, cleaned, starts, minutes):
        """Set start, end and minutes; where the clock showed a time twice, what agrees wins."""
        day, end = cleaned["held_on"], cleaned.get("end")
        ends = self._moments(day, "end", end) if end else []
        if not starts or (end and not ends):
            return
        if not end:
            ends = [starts[0] + minutes * MINUTE]
        spans = [(start, stop) for start in starts for stop in ends if stop > start]
        agreeing = [span for span in spans if minutes in (None, (span[1] - span[0]) // MINUTE)]
        if agreeing:
            start, stop = agreeing[0]
            cleaned.update(starts_at=start, ends_at=stop, minutes=(stop - start) // MINUTE)
        elif not spans:
            told = {"start": f"{cleaned['start']:%H:%M}", "end": f"{end:%H:%M}"}
            self.add_error("end", sentence("end_before_start", told))
        else:
            taken = (spans[0][1] - spans[0][0]) // MINUTE
            told = {"taken": taken, "told": minutes}
            self.add_error("length", sentence("durations_disagree", told))

    def _fill_in(self, cleaned):
        """Complete what was left open from what is on file."""
        organisation, day = cleaned.get("organisation"), cleaned["held_on"]
        project = cleaned["project"]
        if cleaned.get("district") == AreaField.ON_FILE:
            area = organisation and organisation.district
            cleaned["district"] = area.as_of(day) if area else None
        case, task = cleaned.get("case"), cleaned.get("task")
        if not case and organisation and cleaned["kind"] == ConsultationKind.ACCOMPANIMENT:
            cleaned["case"] = self._running_case(organisation, project, day)
        elif case and case.project_id != project.pk:
            self.add_error("case", _("This case belongs to another project."))
        if task and task.project_id != project.pk:
            self.add_error("task", _("This task belongs to another project."))
        if cleaned.get("next_step_on") and not cleaned.get("next_step"):
            self.add_error("next_step", _("Say what the next step is, not only by when."))
        if "headcount" in cleaned:
            cleaned["headcount"] = cleaned["headcount"] or max(1, len(cleaned.get("people", ())))

    def names_in_result(self):
        """The names of people on file of the organisation that seem to stand in the result."""
        if not self.cleaned_data.get("organisation"):
            return []
        return names_in(self.cleaned_data.get("result"), self.fields["people"].queryset)

    def _ask_about_names(self, cleaned):
        """Ask before a name goes to the funders; it may be right, and then it is confirmed."""
        if cleaned.get("names_confirmed") or not self.is_new_result():
            return
        if names := self.names_in_result():
            told = _(
                "Funders would read: %(names)s. Take the name out, or confirm that it may stay."
            )
            self.add_error(
                "names_confirmed", ValidationError(told, params={"names": ", ".join(names)})
            )

    def is_new_result(self):
        """Whether what funders read was not on file like this before."""
        return True

    def _running_case(self, organisation, project, day):
        return SupportCase.objects.visible_to(self.by).running_for(organisation, project, day)

    def as_fields(self):
        """What the verbs of Consultation take."""
        names = (
            "organisation held_on starts_at ends_at minutes kind internal_note result project "
            "task district channel place advisors people headcount topics case next_step "
            "next_step_on"
        )
        values = {name: self.cleaned_data.get(name) for name in names.split()}
        values["channel"] = values["channel"] or Channel.OFFICE
        for name in ("preparation_minutes", "travel_minutes"):
            values[name] = self.cleaned_data.get(name) or 0
        return values

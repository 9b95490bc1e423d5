"""The forms by which a group session is planned: what, for whom, and on which dates."""

from datetime import datetime

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.conflicts import SeesConflicts, check_all
from best_portal.widgets import DateInput, SplitDateTime
from consultations.clock import BERLIN, moments
from consultations.forms.fields import ClockField
from consultations.forms.office_hours import NEAR
from consultations.logbook.sentences import sentence
from consultations.models import Channel, GroupSession, Project, ProjectTask
from districts.models import District

CHANNELS = (Channel.OFFICE, Channel.ON_SITE, Channel.VIDEO)
TOO_FAR = _("Choose a day between 2000 and 2100.")
NEAR_MOMENTS = [
    MinValueValidator(datetime(2000, 1, 1, tzinfo=BERLIN), TOO_FAR),
    MaxValueValidator(datetime(2100, 12, 31, tzinfo=BERLIN), TOO_FAR),
]
# Rows to fill in: for a new session, and besides the dates it has.
NEW_ROWS, MORE_ROWS = 4, 2


class GroupSessionForm(forms.ModelForm):
    """What is taught, where, by whom and for how many."""

    link = forms.URLField(
        label=_("Link to the online room"),
        required=False,
        assume_scheme="https",
        help_text=_("Only people with a seat get to see it."),
    )
    register_until = forms.SplitDateTimeField(
        label=_("Registration until"),
        required=False,
        validators=NEAR_MOMENTS,
        widget=SplitDateTime,
        help_text=_("Empty: until the first date begins."),
    )

    class Meta:
        model = GroupSession
        fields = [
            "title",
            "description",
            "contents",
            "topics",
            "project",
            "task",
            "leaders",
            "channel",
            "place",
            "access",
            "link",
            "district",
            "language",
            "seats",
            "waiting_seats",
            "open_to",
            "register_until",
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 5, "maxlength": 5_000}),
            "contents": forms.Textarea(attrs={"rows": 4, "maxlength": 2_000}),
            "topics": forms.CheckboxSelectMultiple,
            "leaders": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        fields = self.fields
        loggable = Project.objects.loggable_by(by)
        there = self.instance.pk is not None
        fields["project"].queryset = loggable.order_by("-starts_on", "name")
        fields["project"].empty_label = None
        fields["task"].queryset = ProjectTask.objects.filter(project__in=loggable)
        staff = User.objects.staff()
        fields["leaders"].queryset = staff
        if there:
            # Whoever has left stays the leader of what they led.
            fields["leaders"].queryset = (staff | self.instance.leaders.all()).distinct()
            fields["project"].queryset = Project.objects.filter(pk=self.instance.project_id)
            fields["task"].queryset = self.instance.project.tasks.all()
        else:
            fields["leaders"].initial = [by.pk]
        fields["district"].queryset = District.objects.for_directory().defer("outline")
        fields["district"].label_from_instance = lambda area: area.name_with_end
        fields["district"].empty_label = _("outside the funded areas")
        fields["channel"].choices = [(channel.value, channel.label) for channel in CHANNELS]
        for name, longest in (("description", 5_000), ("contents", 2_000)):
            fields[name].max_length = longest
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "title",
            "description",
            "contents",
            "topics",
            Row(Column("project"), Column("task")),
            "leaders",
            Fieldset(
                _("Where"),
                Row(Column("channel"), Column("place")),
                "access",
                "link",
                "district",
            ),
            Fieldset(
                _("For whom"),
                Row(Column("seats"), Column("waiting_seats")),
                Row(Column("open_to"), Column("language")),
                "register_until",
            ),
        )

    def clean_title(self):
        # It becomes the subject of letters, which is one line.
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        cleaned = super().clean()
        project, task = cleaned.get("project"), cleaned.get("task")
        if task and project and task.project_id != project.pk:
            self.add_error("task", _("This task belongs to another project."))
        return cleaned


class EditGroupSessionForm(SeesConflicts, GroupSessionForm):
    """The same for one that is there; it remembers which version it shows."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = self.instance.revision
        self.helper.layout.append("revision")

    def stored(self, row):
        return super().stored(row) | {"revision": row.revision}

    @transaction.atomic
    def amend(self, *, by):
        self.check()
        self.instance.amend(by=by, **self.cleaned_data)


class DateForm(SeesConflicts, forms.Form):
    """One date: a day and two times of Berlin's clocks; a row left empty is none."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    day = forms.DateField(label=_("Day"), widget=DateInput, validators=NEAR, required=False)
    start = ClockField(label=_("from"), max_length=10, required=False)
    end = ClockField(label=_("to"), max_length=10, required=False)
    is_off = forms.BooleanField(label=_("cancel this date"), required=False)

    def __init__(self, *args, date=None, **kwargs):
        self.date = date
        super().__init__(*args, **kwargs)

    @property
    def row(self):
        return self.date

    def stored(self, row):
        start, end = (timezone.localtime(at) for at in (row.starts_at, row.ends_at))
        return {"pk": row.pk, "day": start.date(), "start": start.time(), "end": end.time()}

    @property
    def is_there(self):
        """Whether it is one of the session's dates already."""
        return self.date is not None

    def clean(self):
        cleaned = super().clean()
        cleaned["span"] = None
        given = [cleaned.get(name) for name in ("day", "start", "end")]
        if self.errors or cleaned.get("is_off") or not any(given):
            if self.is_there and not self.errors and not cleaned.get("is_off"):
                raise ValidationError(_("To drop this date, tick “cancel this date”."))
            return cleaned
        if not all(given):
            raise ValidationError(_("Give the day and both times."))
        starts, ends = (moments(given[0], clock) for clock in given[1:])
        if not starts or not ends:
            raise ValidationError(
                _("On this day the clocks are put forward, and this time does not exist.")
            )
        spans = [(start, end) for start in starts for end in ends if end > start]
        if not spans:
            told = {"start": f"{given[1]:%H:%M}", "end": f"{given[2]:%H:%M}"}
            self.add_error("end", sentence("end_before_start", told))
        else:
            cleaned["span"] = spans[0]
        return cleaned


class BaseDates(forms.BaseFormSet):
    """The dates of a session, those that are over left as they were."""

    def __init__(self, data=None, *, session=None):
        self.session = session
        held = session.held_dates if session else []
        self.over = [date for date in held if date.is_past]
        self.there = {date.pk: date for date in held if not date.is_past}
        self.extra = MORE_ROWS if session else NEW_ROWS
        initial = [DateForm().stored(date) for date in self.there.values()]
        super().__init__(data, initial=initial, prefix="dates")

    def get_form_kwargs(self, index):
        """Give a row its date: by its place where it is shown, by its key where it was sent."""
        key = self.data.get(f"{self.prefix}-{index}-pk") if self.is_bound else None
        if not self.is_bound and index is not None:
            key = next(iter(list(self.there)[index : index + 1]), None)
        # Compared as text: what was sent may be no number, or one too long to read.
        return {"date": {str(pk): date for pk, date in self.there.items()}.get(str(key))}

    def clean(self):
        if any(self.errors):
            return
        if not self.over and not self.times:
            raise ValidationError(_("Give one date at least."))
        spans = sorted(span for _date, *span in self.times)
        if any(first[1] > second[0] for first, second in zip(spans, spans[1:], strict=False)):
            raise ValidationError(_("Two dates of the session overlap."))

    @property
    def times(self):
        """What `GroupSession.reschedule` takes: (date or None, start, end) each."""
        kept = [(date, date.starts_at, date.ends_at) for date in self.over]
        asked = [
            (self.there.get(form.cleaned_data.get("pk")), *form.cleaned_data["span"])
            for form in self.forms
            if form.cleaned_data.get("span")
        ]
        return kept + asked

    @transaction.atomic
    def reschedule(self, *, by):
        check_all(self)
        self.session.reschedule(by=by, times=self.times)


DatesFormSet = forms.formset_factory(DateForm, formset=BaseDates, max_num=30, absolute_max=40)


class CallOffForm(forms.Form):
    """Why a session is called off; everybody on the list reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Everybody on the list reads it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("call_off", _("Call it off")))


class PresenceForm(forms.Form):
    """Whether somebody was there, and what they missed of it."""

    registration = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    is_present = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda x: x == "1")
    late = forms.IntegerField(min_value=0, max_value=720, required=False)
    early = forms.IntegerField(min_value=0, max_value=720, required=False)

    def clean_late(self):
        return self.cleaned_data["late"] or 0

    def clean_early(self):
        return self.cleaned_data["early"] or 0


class LogDateForm(forms.Form):
    """What goes into the reports about a date that took place."""

    result = forms.CharField(
        label=_("Goes into reports"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        help_text=_("Funders read this. No names, please."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("log", _("It took place: log it")))

"""Forms of forums: the forum, its members, its meetings, what was said there and decided."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.refusals import tell
from best_portal.widgets import DateInput, SplitDateTime
from enterprises.forms.base import NounForm
from enterprises.forms.local import (
    NEAR_MOMENTS,
    keep_days_near,
    offer_areas,
    organisation_field,
    person_field,
)
from enterprises.models import Decision, Forum, ForumMember, Meeting, Person

MOST_GUESTS = 5_000
# What calendars must hear of.
SHOWN_IN_CALENDARS = ("starts_at", "minutes", "place")


class ForumForm(NounForm):
    class Meta:
        model = Forum
        fields = [
            "name",
            "kind",
            "theme",
            "organisation",
            "districts",
            "purpose",
            "is_public",
            "advisor",
            "since",
            "until",
        ]
        widgets = {
            "districts": forms.CheckboxSelectMultiple,
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "since": DateInput,
            "until": DateInput,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_areas(self.fields["districts"])
        keep_days_near(self, "since", "until")
        self.fields["organisation"].queryset = Forum.hosts()
        self.fields["advisor"].queryset = User.objects.staff()
        self.fields["advisor"].empty_label = None

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class MemberForm(NounForm):
    """Part and days of somebody who is a member."""

    class Meta:
        model = ForumMember
        fields = ["role", "since", "until"]
        widgets = {"since": DateInput, "until": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        keep_days_near(self, "since", "until")


class NewMemberForm(MemberForm):
    """An organisation, a person on file, somebody new; a person may come for an organisation."""

    organisation = organisation_field(_("Organisation"), required=False)
    person = person_field(_("Person on file"), required=False)
    name = forms.CharField(label=_("Or somebody new: name"), max_length=150, required=False)
    email = forms.EmailField(
        label=_("E-mail address of the new person"),
        required=False,
        help_text=_("Who has the same name and address on file is the same person."),
    )

    field_order = ["organisation", "person", "name", "email", "role", "since", "until"]

    class Meta(MemberForm.Meta):
        fields = ["organisation", "person", *MemberForm.Meta.fields]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("person") and cleaned.get("name"):
            self.add_error("name", _("Choose a person on file, or name somebody new, not both."))
        elif not any(cleaned.get(each) for each in ("person", "name", "organisation")):
            self.add_error("organisation", _("Say which person or which organisation it is."))
        return cleaned

    def _get_validation_exclusions(self):
        # A new person is made while saving; then the database checks that there is somebody.
        return super()._get_validation_exclusions() | {"person", "organisation"}

    def save(self, commit=True):
        if name := self.cleaned_data["name"]:
            email = self.cleaned_data["email"]
            self.instance.person = Person.objects.met(name=name, email=email)
        return super().save(commit)


class MeetingForm(NounForm):
    starts_at = forms.SplitDateTimeField(
        label=_("When"), validators=NEAR_MOMENTS, widget=SplitDateTime
    )

    class Meta:
        model = Meeting
        fields = ["starts_at", "minutes", "place", "agenda"]
        widgets = {"agenda": forms.Textarea(attrs={"rows": 6})}

    def clean_starts_at(self):
        """Nothing that was decided may be due before the meeting it was decided at."""
        starts_at = self.cleaned_data["starts_at"]
        day = timezone.localdate(starts_at)
        rows = Decision.objects.open().filter(meeting=self.instance.pk, due_on__lt=day)
        if "starts_at" in self.changed_data and (first := rows.soonest_first().first()):
            told = _("“%(what)s” was decided at this meeting and is due on %(day)s, before it.")
            raise ValidationError(told % {"what": first, "day": date_format(first.due_on, "d.m.Y")})
        return starts_at

    def save(self, commit=True):
        if self.instance.pk and set(self.changed_data) & set(SHOWN_IN_CALENDARS):
            self.instance.sequence += 1
        return super().save(commit)


class RecordForm(NounForm):
    """What was said and who was there; the second only once the meeting has begun."""

    present = forms.ModelMultipleChoiceField(
        ForumMember.objects.none(),
        label=_("Who was there"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Meeting
        fields = ["guests", "record", "is_record_public"]
        widgets = {"record": forms.Textarea(attrs={"rows": 12})}

    field_order = ["present", "guests", "record", "is_record_public"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        meeting = self.instance
        self.notes_attendance = meeting.is_over and not meeting.is_cancelled
        if not self.notes_attendance:
            del self.fields["present"], self.fields["guests"]
            return
        self.fields["guests"].validators.append(MaxValueValidator(MOST_GUESTS))
        there = meeting.attendances.values("member")
        members = meeting.forum.members.on(meeting.day_held)
        self.fields["present"].queryset = (
            members | meeting.forum.members.filter(pk__in=there)
        ).for_list()
        self.fields["present"].initial = list(there.values_list("member", flat=True))

    def stored(self, row):
        there = sorted(row.attendances.values_list("member", flat=True))
        return super().stored(row) | ({"present": there} if self.notes_attendance else {})

    @transaction.atomic
    def keep(self, *, by):
        meeting = super().keep(by=by)
        if self.notes_attendance:
            given = self.cleaned_data
            meeting.note_attendance(given["present"], guests=given["guests"], by=by)
        return meeting


class DecisionForm(NounForm):
    class Meta:
        model = Decision
        fields = ["what", "owner", "advisor", "due_on"]
        widgets = {
            "what": forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
            "due_on": DateInput,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        meeting = self.instance.meeting
        self.fields["owner"].queryset = meeting.forum.members.valid().for_list()
        self.fields["owner"].empty_label = _("nobody of the members")
        self.fields["advisor"].queryset = User.objects.staff()
        self.fields["advisor"].empty_label = _("nobody of us")
        keep_days_near(self, "due_on")

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("owner")) == bool(cleaned.get("advisor")) and not self.errors:
            raise ValidationError(_("Say who does it: one member, or one of us."))
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            try:
                self.instance.check_sides()
            except ValidationError as refusal:
                tell(self, refusal)

"""The forms of visits: few fields and large ones for the street, all of them for a correction."""

import hashlib
import json
import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.conflicts import Difference, SeesConflicts, digest, shown
from best_portal.drafts.sheets import OURS
from best_portal.widgets import DateInput, Picked, SearchChoiceField
from consultations.clock import moments
from consultations.forms.consultation import NEW_KINDS
from consultations.forms.fields import NEAR, ClockField
from consultations.models import Mood, Project, Visit, WantsToJoin
from districts.models import District
from enterprises.models import Alliance, Organisation, OrganisationKind

# What says how an entry was sent, not what was noted.
ENVELOPE = {*OURS, "client_key", "account", "over"}
# What stays the same from door to door.
SAME_AS_LAST = ("project", "district")
ALIKE = 3


class PlaceField(SearchChoiceField):
    """A file picked or called exactly so; else the name itself, as it was told at the door."""

    def _found(self, text):
        ProhibitNullCharactersValidator()(text)
        name = " ".join(text.split())[:200]
        same = list(self.queryset.named(name)[:2])
        return same[0] if len(same) == 1 else name

    def prepare_value(self, value):
        is_name = isinstance(value, str)
        return Picked("", value) if is_name else super().prepare_value(value)


class VisitForm(forms.Form):
    """What was told at the door; the same fields without a network, then without suggestions."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    account = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    over = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    organisation = PlaceField(
        Organisation.objects.none(),
        search_url="consultations:organisation_search",
        label=_("Whom did you visit?"),
        error_messages={"required": _("Say whom you visited.")},
        help_text=_("The name on the sign. If there is no file yet, it is noted as you write it."),
    )
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    situation = forms.CharField(
        label=_("How are things going?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5_000,
        required=False,
    )
    need = forms.CharField(
        label=_("What do they need?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5_000,
        required=False,
    )
    mood = forms.TypedChoiceField(
        label=_("Mood"),
        choices=Mood.choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    wants_to_join = forms.ChoiceField(
        label=_("Join a network of traders?"),
        choices=WantsToJoin.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    condition = forms.CharField(
        label=_("On what condition?"),
        max_length=300,
        required=False,
        help_text=_("Such as: only in the evening, only if the neighbour joins, too."),
    )
    do_not_contact = forms.BooleanField(label=_("Do not contact again"), required=False)
    trader_name = forms.CharField(label=_("Who was there?"), max_length=150, required=False)
    trader_phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    has_consented = forms.BooleanField(
        label=_("The person agrees that we keep name and phone number to get in touch."),
        required=False,
    )
    note = forms.CharField(
        label=_("Only for the team"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=5_000,
        required=False,
    )
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), empty_label=_("please choose")
    )
    district = forms.ModelChoiceField(
        District.objects.none(),
        label=_("Neighbourhood"),
        required=False,
        empty_label=_("not chosen, or outside the funded areas"),
    )
    visited_on = forms.DateField(label=_("Date"), widget=DateInput, validators=NEAR)
    visited_at = ClockField(
        label=_("Time"), max_length=10, required=False, help_text=_("9 or 9:30")
    )

    SECOND = (
        "trader_name",
        "trader_phone",
        "has_consented",
        "note",
        "project",
        "visited_on",
        "visited_at",
    )

    def __init__(self, *args, by, **kwargs):
        kwargs["initial"] = {**self.beginning(by), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.by = by
        today = timezone.localdate()
        own = Project.objects.loggable_by(by).running_on(today).order_by("-starts_on", "name")
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by)
        self.fields["project"].queryset = own.defer("purpose")
        areas = District.objects.valid_on(today).defer("outline")
        self.fields["district"].queryset = areas

    def beginning(self, by):
        """What stands in the form at first: today, and project and area as at the last door."""
        last = Visit.objects.last_logged_by(by)
        running = Project.objects.loggable_by(by).running_on(timezone.localdate())
        return {
            "client_key": uuid.uuid4,
            "account": by.pk,
            "visited_on": timezone.localdate,
            "wants_to_join": WantsToJoin.UNASKED,
            "project": running.first(),
            **({name: getattr(last, name) for name in SAME_AS_LAST} if last else {}),
        }

    @property
    def more_is_open(self):
        """Whether the second group must be unfolded, because something is to be done there."""
        if not self.is_bound:
            return not self["project"].value()
        return any(self[name].errors for name in self.SECOND)

    def clean(self):
        cleaned = super().clean()
        if (cleaned.get("trader_name") or cleaned.get("trader_phone")) and not cleaned.get(
            "has_consented"
        ):
            told = _("Note name and phone number of a person only if they agreed.")
            self.add_error("has_consented", told)
        day, clock = cleaned.get("visited_on"), cleaned.get("visited_at")
        if day and clock:
            found = moments(day, clock)
            if not found:
                told = _("The clocks are changed that night, and this hour does not exist.")
                self.add_error("visited_at", told)
            cleaned["visited_at"] = next(iter(found), None)
        return cleaned

    @property
    def is_of_another_account(self):
        """Whether the form was opened, or kept on a phone, by somebody else."""
        return self.data.get("account", "") not in ("", str(self.by.pk))

    @property
    def digest(self):
        """A mark of what was noted, the same whenever this very entry is sent."""
        words = {
            name: [value.replace("\r\n", "\n") for value in self.data.getlist(name)]
            for name in sorted(self.data)
            if name not in ENVELOPE
        }
        return hashlib.sha256(json.dumps(words).encode()).hexdigest()

    def as_fields(self):
        """What the verbs of Visit take."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ENVELOPE}
        place = values.pop("organisation")
        is_on_file = isinstance(place, Organisation)
        values |= {
            "organisation": place if is_on_file else None,
            "name": "" if is_on_file else place,
            "visited_at": values["visited_at"] or None,
        }
        return values

    def receive(self):
        """Store what was noted, once; refused where the entry is somebody else's."""
        if self.is_of_another_account:
            raise ValidationError(_("This entry belongs to another account."))
        return Visit.objects.receive(
            by=self.by,
            client_key=self.cleaned_data["client_key"] or uuid.uuid4(),
            digest=self.digest,
            over=self.cleaned_data["over"],
            **self.as_fields(),
        )

    def differences_to(self, visit):
        """Where what was noted here is not what is stored by now."""
        now, typed = values_of(visit), typed_in(self.cleaned_data)
        return [
            Difference(
                bound.label,
                shown(bound.field, now[bound.name]),
                shown(bound.field, typed[bound.name]),
                True,
            )
            for bound in self.visible_fields()
            if digest(now[bound.name]) != digest(typed[bound.name])
        ]


class AmendVisitForm(SeesConflicts, VisitForm):
    """A visit that is stored: the revision says which version was on the page."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    advisor = forms.ModelChoiceField(User.objects.none(), label=_("Visited by"), empty_label=None)

    def __init__(self, *args, by, visit, **kwargs):
        self.visit = visit
        super().__init__(*args, by=by, initial=values_of(visit), **kwargs)
        for name in ("client_key", "account", "over"):
            del self.fields[name]
        whole = Project.objects.visible_to(by).filter(pk=visit.project_id)
        projects = Project.objects.loggable_by(by) | whole
        self.fields["project"].queryset = projects.distinct().defer("purpose")
        self.fields["district"].queryset = District.objects.visible_to(by).defer("outline")
        self.fields["advisor"].queryset = (
            User.objects.staff() | User.objects.filter(pk=visit.advisor_id)
        ).distinct()
        if visit.do_not_contact:
            self.fields["do_not_contact"].disabled = True

    def beginning(self, by):
        return {}

    @property
    def row(self):
        return self.visit

    def stored(self, row):
        return values_of(row)

    def typed(self):
        return typed_in(self.cleaned_data)

    @transaction.atomic
    def amend(self):
        """Save; refused where someone else saved since this page was opened."""
        self.check()
        fields = self.as_fields()
        self.visit.amend(by=self.by, revision=fields.pop("revision"), **fields)


def values_of(visit):
    """The values a form starts from."""
    same = (
        "address situation need mood wants_to_join condition do_not_contact trader_name "
        "trader_phone has_consented note project district visited_on advisor revision"
    )
    at = visit.visited_at
    return {
        **{name: getattr(visit, name) for name in same.split()},
        "organisation": visit.organisation or visit.name,
        "visited_at": timezone.localtime(at).time() if at else None,
    }


def typed_in(cleaned):
    """The values of a form in the shape of `values_of`."""
    at = cleaned.get("visited_at")
    return {**cleaned, "visited_at": timezone.localtime(at).time() if at else None}


class NoneOfThese:
    """The choice that takes a choice back."""

    pk = ""

    def __str__(self):
        return gettext("None of these")


class FileForm(forms.Form):
    """Which kind of organisation the new file is for, or which file the visit belongs to."""

    organisation = SearchChoiceField(
        Organisation.objects.none(),
        search_url="consultations:organisation_search",
        label=_("There is a file already"),
        required=False,
        help_text=_("Type a part of the name; spelling mistakes are forgiven."),
    )
    kind = forms.ChoiceField(
        label=_("Or open a new file as"),
        choices=NEW_KINDS,
        initial=OrganisationKind.LOCAL_BUSINESS,
    )

    def __init__(self, *args, by, visit, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.visit = by, visit
        on_file = Organisation.objects.visible_to(by)
        self.fields["organisation"].queryset = on_file
        alike = list(on_file.matching(visit.name)[:ALIKE])
        if alike and not self.is_bound:
            self.fields["organisation"].widget.suggestions = [*alike, NoneOfThese()]
        self.helper = FormHelper()
        self.helper.add_input(Submit("open", _("Take into a file")))

    def settle(self):
        """Take the visit into the file chosen, else into a new one."""
        if organisation := self.cleaned_data["organisation"]:
            self.visit.belong_to(organisation, by=self.by)
        else:
            self.visit.open_file(by=self.by, kind=self.cleaned_data["kind"])


class JoinForm(forms.Form):
    """Which network, and since when."""

    network = forms.ModelChoiceField(
        Alliance.objects.none(), label=_("Which network?"), empty_label=_("please choose")
    )
    since = forms.DateField(label=_("Member since"), widget=DateInput, validators=NEAR)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = Alliance.objects.visible_to(by).order_by("sort_name")
        self.helper = FormHelper()
        self.helper.add_input(Submit("join", _("Take in as a member")))


class LiftForm(forms.Form):
    """Why somebody may be contacted again."""

    reason = forms.CharField(
        label=_("Why may we contact them again?"),
        max_length=300,
        help_text=_("Such as: came to us on their own on 3 May."),
        error_messages={"required": _("Say why the person may be contacted again.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("lift", _("Allow contact again")))

"""What people ask of the neighbourhoods, and what staff write about them."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.db import explained
from best_portal.widgets import DateInput
from districts.models import ContextNote, District, SuccessionKind

EARLIEST, LATEST = 1990, 2100


class YearForm(forms.Form):
    year = forms.IntegerField(
        label=_("Valid in the year"), min_value=EARLIEST, max_value=LATEST, required=False
    )


class NoteForm(SeesConflicts, forms.ModelForm):
    """A note on an area; seen by the staff only, unless it is ticked for everyone."""

    class Meta:
        model = ContextNote
        fields = ["kind", "text", "source", "dated", "is_public"]
        widgets = {"dated": DateInput, "text": forms.Textarea(attrs={"rows": 5})}

    def write(self, *, by, district):
        return ContextNote.objects.write(by=by, district=district, **self.cleaned_data)

    @transaction.atomic
    def keep(self, *, by):
        """Save a change and note who did; raises ValidationError where the database refuses it."""
        self.check()
        with explained(ContextNote):
            note = self.save()
        Event.objects.record_saved(actor=by, form=self, created=False)
        return note


class SuccessionForm(forms.Form):
    """How an area goes on: in another one, in several, or under another name."""

    kind = forms.ChoiceField(
        label=_("What happens to the area?"),
        choices=[
            (SuccessionKind.MERGE, _("It becomes part of another area")),
            (SuccessionKind.SPLIT, _("It is split into several areas")),
            (SuccessionKind.RENAMED, _("It gets another name")),
        ],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(
        label=_("From which day?"),
        widget=DateInput,
        help_text=_("The area ends on the day before; what happened until then stays with it."),
    )
    successor = forms.ModelChoiceField(
        District.objects.none(),
        label=_("Part of which area?"),
        required=False,
        empty_label=_("please choose"),
    )
    names = forms.CharField(
        label=_("New name, or the names of the parts"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One name in each line."),
    )

    def __init__(self, *args, district, **kwargs):
        super().__init__(*args, **kwargs)
        self.district = district
        areas = District.objects.exclude(pk=district.pk).filter(ends_on=None)
        self.fields["successor"].queryset = areas.for_directory().defer("outline")

    def clean(self):
        cleaned = super().clean()
        kind, names = cleaned.get("kind"), self.lines(cleaned.get("names", ""))
        if kind == SuccessionKind.MERGE and not cleaned.get("successor"):
            self.add_error("successor", _("Choose the area it becomes part of."))
        elif kind == SuccessionKind.RENAMED and len(names) != 1:
            self.add_error("names", _("Write the new name, in one line."))
        elif kind == SuccessionKind.SPLIT and len(names) < 2:
            self.add_error("names", _("Write the name of each part, each in a line of its own."))
        longest = District._meta.get_field("name").max_length
        if any(len(name) > longest for name in names):
            told = _("A name has at most %(number)d letters.")
            self.add_error("names", ValidationError(told, params={"number": longest}))
        return cleaned

    @staticmethod
    def lines(text):
        return [" ".join(line.split()) for line in text.splitlines() if line.strip()]

    def record(self, *, by):
        """Let it go on as the form says."""
        asked = self.cleaned_data
        names, on = self.lines(asked["names"]), asked["on"]
        match asked["kind"]:
            case SuccessionKind.MERGE:
                self.district.merge_into(asked["successor"], on=on, by=by)
            case SuccessionKind.SPLIT:
                self.district.split_into(names, on=on, by=by)
            case _:
                self.district.rename(names[0], on=on, by=by)

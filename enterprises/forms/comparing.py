"""Two files side by side: every field, what hangs on each, and which values shall stay."""

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from enterprises.accounted import accounted, counted_apart
from enterprises.merging import as_json, counted
from enterprises.models import Merge, Person

ONE, OTHER = "one", "other"


@dataclass(frozen=True)
class Line:
    """One field of both; `field` chooses between them where they differ."""

    label: str
    one: str
    other: str
    field: forms.BoundField | None = None


class MergeForm(forms.Form):
    """Which of two stays, and for each field in which they differ whose value does."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, one, other, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.one, self.other, self.user = one, other, user
        self.hanging = [counted(one), counted(other)]
        self.fields["keep"] = forms.ChoiceField(
            label=_("Which one stays?"),
            choices=[(ONE, self.named(one)), (OTHER, self.named(other))],
            initial=ONE
            if sum(self.hanging[0].values()) >= sum(self.hanging[1].values())
            else OTHER,
            widget=forms.RadioSelect,
            help_text=_("Its number and address stay; the other's lead there."),
        )
        for field in self.compared():
            if words(one, field) != words(other, field):
                self.fields[field.name] = self.choice(field)
        self.fields["seen"].initial = self.state()
        self.helper = FormHelper()

    def fuller(self):
        """The one more hangs on, the older one of two alike."""
        one, other = (sum(counts.values()) for counts in self.hanging)
        return ONE if one >= other else OTHER

    @staticmethod
    def named(row):
        return f"{row} ({row.number})"

    def compared(self):
        return [self.one._meta.get_field(name) for name in self.one.compared_fields]

    def choice(self, field):
        """A choice of two values, the one that says something first."""
        texts = [words(row, field) for row in (self.one, self.other)]
        return forms.ChoiceField(
            label=field.verbose_name,
            choices=[(ONE, texts[0] or _("empty")), (OTHER, texts[1] or _("empty"))],
            initial=ONE if texts[0] else OTHER,
            widget=forms.RadioSelect(attrs={"class": "kern-form-check__radio"}),
        )

    def state(self):
        """What both hold now, so that nobody merges what they have not seen."""
        held = [as_json(row, field) for row in (self.one, self.other) for field in self.compared()]
        return blake2b(repr(held).encode(), digest_size=16).hexdigest()

    def clean_seen(self):
        if self.cleaned_data["seen"] != self.state():
            raise ValidationError(
                _("One of the two was changed in another window. Compare again, then merge.")
            )
        return self.cleaned_data["seen"]

    @property
    def lines(self):
        return [
            Line(
                field.verbose_name,
                words(self.one, field),
                words(self.other, field),
                self[field.name] if field.name in self.fields else None,
            )
            for field in self.compared()
        ]

    @property
    def counted_as_two(self):
        """The accepted periods that may have counted both, in words."""
        if isinstance(self.one, Person):
            return counted_apart(self.one, self.other, self.user)
        ours, theirs = (accounted(each, date.min) for each in (self.one, self.other))
        return [period for period in ours if period in theirs]

    @property
    def counts(self):
        """What hangs on each: (kind in words, number of the one, of the other)."""
        one, other = self.hanging
        return [(kind, one.get(kind, 0), other.get(kind, 0)) for kind in sorted({*one, *other})]

    def merge(self, *, by):
        stays = self.cleaned_data["keep"]
        into, gone = (self.one, self.other) if stays == ONE else (self.other, self.one)
        taken = {
            field.name: self.cleaned_data[field.name] != stays
            for field in self.compared()
            if field.name in self.fields
        }
        return Merge.objects.merge(gone, into, by=by, taken=taken)


def words(row, field):
    """What a field holds, as it stands on a page."""
    display = getattr(row, f"get_{field.name}_display", None)
    value = display() if display else getattr(row, field.name)
    if value in (None, ""):
        return ""
    return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else str(value)

"""The form that changes a consultation, and shows both versions where two changed it at once."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from consultations.forms.consultation import ConsultationForm
from consultations.forms.fields import AreaField, ClockField, DurationField, written
from consultations.models import (
    Consultation,
    Project,
    ProjectTask,
)
from enterprises.models import Organisation


class AmendForm(ConsultationForm):
    """A consultation that is on file: the revision says which version was on the page."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    REQUIRED = (*ConsultationForm.REQUIRED, "revision")

    def __init__(self, *args, by, consultation, **kwargs):
        self.consultation = consultation
        self.differences = []
        super().__init__(*args, by=by, **kwargs)
        mine, whole = self.fields["project"].queryset, Project.objects.visible_to(by)
        # A colleague of another team may have held it in a project that is not one's own.
        self.fields["project"].queryset = mine | whole.filter(pk=consultation.project_id)
        self.fields["task"].queryset |= ProjectTask.objects.filter(project=consultation.project)
        self.fields["advisors"].queryset |= consultation.advisors.all()
        for name in ("project", "advisors"):
            self.fields[name].queryset = self.fields[name].queryset.distinct()

    @staticmethod
    def values_of(consultation):
        """The values the form starts from."""
        starts, ends = (
            timezone.localtime(at).time() if at else None
            for at in (consultation.starts_at, consultation.ends_at)
        )
        same = (
            "organisation held_on kind internal_note result project task channel place headcount "
            "case next_step next_step_on revision"
        )
        return {
            **{name: getattr(consultation, name) for name in same.split()},
            "start": starts,
            "end": ends,
            "length": None if ends else consultation.minutes,
            "district": consultation.district or AreaField.OUTSIDE,
            **{
                name: [row.pk for row in getattr(consultation, name).all()]
                for name in ("advisors", "people", "topics")
            },
        }

    def amend(self):
        """Save; refused where someone else saved since this page was opened."""
        fields = self.as_fields()
        if not fields["organisation"] and (name := self.cleaned_data["new_name"]):
            fields["organisation"] = Organisation.objects.register(
                by=self.by, name=name, kind=self.cleaned_data["new_kind"]
            )
        self.consultation.amend(by=self.by, revision=self.cleaned_data["revision"], **fields)

    def refuse(self, refusal):
        """Show why it was not saved; after a conflict also what the other one wrote."""
        self.add_error(None, refusal)
        current = Consultation.objects.get(pk=self.consultation.pk)
        if current.revision != self.cleaned_data.get("revision", current.revision):
            self.differences = list(self._differences_to(current))
            # Saving once more means: mine, and I have seen the other one.
            self.data = self.data.copy()
            self.data["revision"] = current.revision

    def _differences_to(self, current):
        """Yield (label, what is saved now, what was typed here) of each field that differs."""
        mine = AmendForm(by=self.by, consultation=current, initial=self.as_typed())
        theirs = AmendForm(by=self.by, consultation=current, initial=self.values_of(current))
        for name in mine.fields:
            texts = [shown(form, name) for form in (theirs, mine)]
            if name != "revision" and texts[0] != texts[1]:
                yield mine[name].label, *texts

    def as_typed(self):
        """The values of this form in the shape of `values_of`."""
        typed = dict(self.cleaned_data)
        typed["district"] = typed["district"] or AreaField.OUTSIDE
        typed["length"] = None if typed.get("end") else typed.get("minutes")
        for name in ("advisors", "people", "topics"):
            typed[name] = sorted(row.pk for row in typed[name])
        return typed


def shown(form, name):
    """A field's initial value in the words a person reads."""
    value, field = form.initial.get(name), form.fields[name]
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(str(row) for row in field.queryset.filter(pk__in=value))
    if isinstance(field, forms.ChoiceField) and not hasattr(value, "pk"):
        return str(dict(flat(field.choices)).get(str(value), value))
    if isinstance(field, DurationField):
        return written(value)
    if isinstance(field, ClockField):
        return f"{value:%H:%M}"
    return date_format(value, "d.m.Y") if isinstance(value, date) else str(value)


def flat(choices):
    """Choices without their groups."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label

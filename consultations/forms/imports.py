"""What people say about a log they bring: which file, what its columns mean, who is meant."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from consultations.logbook.columns import FIELDS, column_letter
from consultations.logbook.values import line_of
from consultations.models import ImportBatch, Project

EXAMPLES = 3
UNITS = [("hours", _("hours (1,5 is an hour and a half)")), ("minutes", _("minutes (90)"))]


class UploadForm(forms.Form):
    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("Project"),
        help_text=_("Every consultation in the log will belong to this project."),
    )
    file = forms.FileField(
        label=_("File with the log"),
        allow_empty_file=True,  # the reader says what to do about an empty one
        max_length=255,
        help_text=_("An Excel file (.xlsx) or a text file (.csv), at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        projects = Project.objects.loggable_by(by)
        self.fields["project"].queryset = projects
        if len(projects) == 1:
            self.fields["project"].initial = projects[0]
        self.helper = FormHelper()
        self.helper.add_input(Submit("upload", _("Read the log")))

    def propose(self):
        file = self.cleaned_data["file"]
        return ImportBatch.objects.propose(
            by=self.by, project=self.cleaned_data["project"], file=file, name=file.name
        )


class ColumnsForm(forms.Form):
    """One choice for each column of the file, with examples of what stands in it."""

    unit = forms.ChoiceField(
        label=_("Numbers without a unit in the duration column are"),
        choices=UNITS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, batch, **kwargs):
        meanings = {column: field for field, column in batch.columns.items()}
        super().__init__(*args, initial={"unit": batch.unit}, **kwargs)
        self.table = batch.table
        for column in range(self.table.width):
            heading = self.table.heading(column)
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=_("Column %(letter)s: %(heading)s")
                % {"letter": column_letter(column), "heading": heading},
                choices=[("", _("leave out")), *FIELDS.items()],
                required=False,
                initial=meanings.get(column, ""),
                help_text=self._examples(column),
            )
        self.order_fields([*(name for name in self.fields if name != "unit"), "unit"])
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.add_input(Submit("preview", _("Show the preview")))

    def _examples(self, column):
        """The first different things that stand in a column."""
        told = {}
        for record in self.table.records:
            if len(record.cells) > column and (text := line_of(record.cells[column])):
                told[Truncator(text).chars(40)] = None
            if len(told) == EXAMPLES:
                break
        return _("For example: %(examples)s") % {"examples": " · ".join(told)} if told else ""

    def clean(self):
        cleaned = super().clean()
        self.columns = {}
        for column in range(self.table.width):
            field = cleaned.get(f"column_{column}")
            if not field:
                continue
            if field in self.columns:
                self.add_error(
                    f"column_{column}",
                    _("“%(field)s” is chosen twice. Choose it for one column only.")
                    % {"field": FIELDS[field]},
                )
            self.columns[field] = column
        return cleaned


class OrganisationsForm(forms.Form):
    """For each name that comes near a known one: is it meant, or is it new?"""

    def __init__(self, *args, batch, **kwargs):
        super().__init__(*args, **kwargs)
        self.spellings = {}
        for number, question in enumerate(batch.organisation_questions()):
            name = f"name_{number}"
            self.spellings[name] = question.spelling
            self.fields[name] = forms.TypedChoiceField(
                label=_("“%(name)s” in the log is") % {"name": question.name},
                choices=[("", _("a new organisation"))]
                + [(str(near.pk), str(near)) for near in question.near],
                coerce=int,
                empty_value=None,
                required=False,
                initial=str(question.answer or ""),
                widget=forms.RadioSelect,
            )
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.form_action = reverse("consultations:import_organisations", args=[batch.pk])
        self.helper.add_input(Submit("answer", _("Keep these answers")))

    def answers(self):
        return {self.spellings[name]: pk for name, pk in self.cleaned_data.items()}

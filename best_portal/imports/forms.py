"""What people say about a file they bring: what its columns mean, who is meant."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from best_portal.imports.cells import line_of
from best_portal.imports.columns import column_letter

EXAMPLES = 3


class FileForm(forms.Form):
    """The file, and in a subclass what must be known of it; `about()` says so to the import."""

    file = forms.FileField(
        label=_("File with the list"),
        allow_empty_file=True,  # the reader says what to do about an empty one
        max_length=255,
        help_text=_("An Excel file (.xlsx) or a text file (.csv), at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    model = None

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.helper = FormHelper()
        self.helper.add_input(Submit("upload", _("Read the list")))

    def about(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}

    def propose(self):
        file = self.cleaned_data["file"]
        return self.model.objects.propose(by=self.by, file=file, name=file.name, **self.about())


class ColumnsForm(forms.Form):
    """One choice for each column of the file, with examples of what stands in it."""

    def __init__(self, *args, batch, **kwargs):
        super().__init__(*args, **kwargs)
        self.batch, self.table = batch, batch.table
        self.meanings = batch.meanings().fields
        chosen = {column: field for field, column in batch.columns.items()}
        for column in range(self.table.width):
            heading = self.table.heading(column)
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=_("Column %(letter)s: %(heading)s")
                % {"letter": column_letter(column), "heading": heading},
                choices=[("", _("leave out")), *self.meanings.items()],
                required=False,
                initial=chosen.get(column, ""),
                help_text=self._examples(column),
            )
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
                    % {"field": self.meanings[field]},
                )
            self.columns[field] = column
        return cleaned

    def remap(self, *, by):
        self.batch.remap(by=by, columns=self.columns)


class QuestionsForm(forms.Form):
    """For each name that comes near a known one: who is meant?"""

    title = _("Are these organisations new?")
    label = _("“%(name)s” in the list is")
    # What else it may be than one of the near ones; the first is what silence means.
    otherwise = []

    def __init__(self, *args, batch, action, **kwargs):
        super().__init__(*args, **kwargs)
        self.spellings = {}
        for number, question in enumerate(batch.questions()):
            name = f"name_{number}"
            self.spellings[name] = question.spelling
            self.fields[name] = forms.TypedChoiceField(
                label=self.label % {"name": question.name},
                help_text=question.told,
                choices=self.choices(question),
                coerce=lambda value: int(value) if value.isdigit() else value,
                empty_value=None,
                required=False,
                initial=str(question.answer or ""),
                widget=forms.RadioSelect,
            )
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.form_action = action
        self.helper.add_input(Submit("answer", _("Keep these answers")))

    def choices(self, question):
        return self.otherwise + [(str(near.pk), str(near)) for near in question.near]

    def answers(self):
        return {self.spellings[name]: answer for name, answer in self.cleaned_data.items()}

"""What people say about a log they bring: whose it is, what its columns mean, who is meant."""

from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.imports.forms import ColumnsForm, FileForm, QuestionsForm
from consultations.models import ImportBatch, Project

UNITS = [("hours", _("hours (1,5 is an hour and a half)")), ("minutes", _("minutes (90)"))]


class LogFileForm(FileForm):
    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("Project"),
        help_text=_("Every consultation in the log will belong to this project."),
    )

    model = ImportBatch
    field_order = ["project", "file"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        projects = Project.objects.loggable_by(by)
        self.fields["project"].queryset = projects
        if len(projects) == 1:
            self.fields["project"].initial = projects[0]


class LogColumnsForm(ColumnsForm):
    unit = forms.ChoiceField(
        label=_("Numbers without a unit in the duration column are"),
        choices=UNITS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, batch, **kwargs):
        super().__init__(*args, batch=batch, initial={"unit": batch.unit}, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "unit"), "unit"])

    def remap(self, *, by):
        self.batch.remap(by=by, columns=self.columns, unit=self.cleaned_data["unit"])


class OrganisationsForm(QuestionsForm):
    otherwise = [("", _("a new organisation"))]

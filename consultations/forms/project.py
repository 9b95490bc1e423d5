"""Forms of a project: its period, areas and team, and the tasks it was granted for."""

from django import forms
from django.db import transaction
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts, check_all
from best_portal.db import explained
from best_portal.widgets import DateInput, NumberField
from consultations.models import Answer, Project, ProjectTask
from districts.models import District
from enterprises.models import Agreement, Forum


class ProjectForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = Project
        fields = [
            "name",
            "key",
            "purpose",
            "starts_on",
            "ends_on",
            "team",
            "evaluators",
            "districts",
            "forums",
            "agreements",
            "asks_participants",
            "participant_hours",
            "participant_hours_near",
            "answers_kept_years",
            "participants_note",
        ]
        field_classes = {
            "participant_hours": NumberField,
            "participant_hours_near": NumberField,
        }
        widgets = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "team": forms.CheckboxSelectMultiple,
            "evaluators": forms.CheckboxSelectMultiple,
            "districts": forms.CheckboxSelectMultiple,
            "forums": forms.CheckboxSelectMultiple,
            "agreements": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "key": _("Short name in addresses and on the command line: best-pankow"),
            "forums": _("That the project builds: reports count their meetings as its work."),
            "agreements": _("That came about through it: reports count the day they were signed."),
            "participant_hours": _("As the grant says. Empty: everybody is asked."),
            "answers_kept_years": _("As the grant says. Empty: nothing is deleted by itself."),
            "participants_note": _("Grant, section or letter. Say so if it is not confirmed yet."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        there = self.instance.pk is not None
        staff = User.objects.staff()
        evaluators = User.objects.active().filter(role=Role.EVALUATOR)
        if there:
            staff = (staff | self.instance.team.all()).distinct()
            evaluators = (evaluators | self.instance.evaluators.all()).distinct()
        self.fields["team"].queryset = staff
        self.fields["evaluators"].queryset = evaluators
        self.fields["districts"].queryset = District.objects.for_directory().defer("outline")
        self.fields["districts"].label_from_instance = lambda area: area.name_with_end
        self.fields["forums"].queryset = Forum.objects.order_by("sort_name", "pk")
        self.fields["agreements"].queryset = Agreement.objects.order_by("sort_name", "pk")
        self.fields["participant_hours_near"].required = False
        # The key stands in addresses and scripts; once given out it stays.
        self.fields["key"].disabled = there

    def clean_participant_hours_near(self):
        near = self.cleaned_data["participant_hours_near"]
        return Project._meta.get_field("participant_hours_near").default if near is None else near


class TaskForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = ProjectTask
        fields = ["number", "title"]


TaskFormSet = inlineformset_factory(Project, ProjectTask, form=TaskForm, extra=2, can_delete=True)


class ProjectSetup:
    """The project and its tasks, checked and saved together."""

    def __init__(self, data=None, *, project=None):
        self.is_new = project is None
        self.form = ProjectForm(data, instance=project)
        self.tasks = TaskFormSet(data, instance=self.form.instance, prefix="tasks")

    def is_valid(self):
        return all([self.form.is_valid(), self.tasks.is_valid(), self._keeps_what_is_used()])

    def _keeps_what_is_used(self):
        """A task with consultations cannot be deleted: they would lose what they were for."""
        used = [
            form
            for form in getattr(self.tasks, "deleted_forms", [])
            if form.instance.pk and form.instance.consultations.exists()
        ]
        for form in used:
            form.add_error(
                None, _("Consultations were logged for this task; change its words instead.")
            )
        return not used

    @transaction.atomic
    def save(self, *, by):
        check_all(self.form, self.tasks)
        with explained(Project):
            project = self.form.save()
        with explained(ProjectTask):
            self.tasks.save()
        Answer.objects.reschedule(project)
        Event.objects.record_saved(actor=by, form=self.form, created=self.is_new)
        return project

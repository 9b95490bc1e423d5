"""Forms of continuity: a coordinating task, a step to hand it over, the rule of the warning."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.db import explained
from best_portal.widgets import DateInput, SearchChoiceField
from enterprises.models import Organisation
from reports.models import ContinuityRule, CoordinatingTask, TransferStep


class TaskForm(SeesConflicts, forms.ModelForm):
    """What must go on, who does it, and who will."""

    successor = SearchChoiceField(
        Organisation.objects.none(),
        search_url="consultations:organisation_search",
        label=_("Organisation that carries it on"),
        required=False,
    )

    class Meta:
        model = CoordinatingTask
        fields = ["title", "owner", "successor", "successor_name", "agreed_on", "note"]
        widgets = {"agreed_on": DateInput, "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, by, project, **kwargs):
        kwargs.setdefault("instance", CoordinatingTask(project=project))
        super().__init__(*args, **kwargs)
        staff = User.objects.staff()
        if self.instance.pk:
            staff = (staff | User.objects.filter(pk=self.instance.owner_id)).distinct()
        self.fields["owner"].queryset = staff
        self.fields["owner"].empty_label = _("please choose")
        self.fields["successor"].queryset = Organisation.objects.visible_to(by)

    @transaction.atomic
    def keep(self, *, by):
        is_new = self.instance.pk is None
        self.check()
        with explained(CoordinatingTask):
            task = self.save()
        Event.objects.record_saved(actor=by, form=self, created=is_new)
        return task


class StepForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = TransferStep
        fields = ["text", "due_on"]
        widgets = {"due_on": DateInput}

    def __init__(self, *args, task, **kwargs):
        kwargs.setdefault("instance", TransferStep(task=task))
        super().__init__(*args, **kwargs)

    @transaction.atomic
    def keep(self, *, by):
        is_new = self.instance.pk is None
        self.check()
        with explained(TransferStep):
            step = self.save()
        Event.objects.record_saved(actor=by, form=self, created=is_new)
        return step


class ContinuityRuleForm(forms.ModelForm):
    class Meta:
        model = ContinuityRule
        fields = ["days_before", "starts_on", "note"]
        widgets = {"starts_on": DateInput}

    def set_rule(self, *, by):
        return ContinuityRule.objects.set_rule(by=by, **self.cleaned_data)

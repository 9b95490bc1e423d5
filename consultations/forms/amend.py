"""The form that changes a consultation, and shows both versions where two changed it at once."""

from django import forms
from django.db import transaction
from django.utils import timezone

from best_portal.conflicts import SeesConflicts
from consultations.forms.cautious import Cautious
from consultations.forms.consultation import ConsultationForm
from consultations.forms.fields import AreaField
from consultations.models import PeriodLock, Project, ProjectTask
from enterprises.models import Organisation


class AmendForm(SeesConflicts, Cautious, ConsultationForm):
    """A consultation that is on file: the revision says which version was on the page."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    REQUIRED = (*ConsultationForm.REQUIRED, "revision")

    def __init__(self, *args, by, consultation, **kwargs):
        self.consultation = consultation
        super().__init__(*args, by=by, **kwargs)
        mine, whole = self.fields["project"].queryset, Project.objects.visible_to(by)
        # A colleague of another team may have held it in a project that is not one's own.
        self.fields["project"].queryset = mine | whole.filter(pk=consultation.project_id)
        self.fields["task"].queryset |= ProjectTask.objects.filter(project=consultation.project)
        self.fields["advisors"].queryset |= consultation.advisors.all()
        for name in ("project", "advisors"):
            self.fields[name].queryset = self.fields[name].queryset.distinct()

    @property
    def row(self):
        return self.consultation

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
            "preparation_minutes": consultation.preparation_minutes or None,
            "travel_minutes": consultation.travel_minutes or None,
            "district": consultation.district or AreaField.OUTSIDE,
            **{
                name: [row.pk for row in getattr(consultation, name).all()]
                for name in ("advisors", "people", "topics")
            },
        }

    def _running_case(self, organisation, project, day):
        """None where it had none on a day that is accounted for: that is how it was counted."""
        is_locked = PeriodLock.objects.covering(project, [day]).exists()
        if is_locked and self.consultation.case_id is None:
            return None
        return super()._running_case(organisation, project, day)

    def is_new_result(self):
        before = " ".join(self.consultation.result.split())
        return " ".join((self.cleaned_data.get("result") or "").split()) != before

    def before(self):
        return self.consultation

    def stored(self, row):
        return self.values_of(row)

    @transaction.atomic
    def amend(self):
        """Save; refused where someone else saved since this page was opened."""
        self.check()
        fields = self.as_fields()
        if not fields["organisation"] and (name := self.cleaned_data["new_name"]):
            fields["organisation"] = Organisation.objects.register(
                by=self.by, name=name, kind=self.cleaned_data["new_kind"]
            )
        self.consultation.amend(by=self.by, revision=self.cleaned_data["revision"], **fields)

    def typed(self):
        """The values of this form in the shape of `values_of`."""
        typed = dict(self.cleaned_data)
        typed["district"] = typed["district"] or AreaField.OUTSIDE
        typed["length"] = None if typed.get("end") else typed.get("minutes")
        for name in ("advisors", "people", "topics"):
            typed[name] = sorted(row.pk for row in typed[name])
        return typed

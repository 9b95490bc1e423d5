"""Forms of an event: an item of its programme, its documentation, a finding, citing one."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.db import explained
from best_portal.widgets import SplitDateTime
from consultations.forms.groups import NEAR_MOMENTS
from consultations.models import Finding, Proceedings, ProgrammeItem, Topic


class PartForm(SeesConflicts, forms.ModelForm):
    """Something that belongs to a group session."""

    def __init__(self, *args, session, **kwargs):
        kwargs.setdefault("instance", self._meta.model(session=session))
        super().__init__(*args, **kwargs)
        self.session = session

    @transaction.atomic
    def keep(self, *, by):
        is_new = self.instance.pk is None
        self.check()
        with explained(self._meta.model):
            row = self.save()
        Event.objects.record_saved(actor=by, form=self, created=is_new)
        return row


class ItemForm(PartForm):
    starts_at = forms.SplitDateTimeField(
        label=_("From"), widget=SplitDateTime, validators=NEAR_MOMENTS
    )
    ends_at = forms.SplitDateTimeField(
        label=_("Until"), widget=SplitDateTime, validators=NEAR_MOMENTS, required=False
    )

    class Meta:
        model = ProgrammeItem
        fields = ["starts_at", "ends_at", "title", "speakers", "room"]

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, session=session, **kwargs)
        if self.instance.pk is None:
            last = session.programme.order_by("-starts_at").first()
            self.initial["starts_at"] = (
                (last.ends_at or last.starts_at) if last else session.starts_at
            )


class ProceedingsForm(PartForm):
    link = forms.URLField(
        label=_("Link to slides, pictures or papers"), required=False, assume_scheme="https"
    )

    class Meta:
        model = Proceedings
        fields = ["text", "link", "is_public"]
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}


class FindingForm(PartForm):
    class Meta:
        model = Finding
        fields = ["position", "text", "topics"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "topics": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, session=session, **kwargs)
        if self.instance.pk is None:
            self.initial["position"] = session.findings.count() + 1


class FindingFilter(forms.Form):
    """Which findings are listed."""

    words = forms.CharField(label=_("Words"), required=False, max_length=200)
    topic = forms.ModelChoiceField(
        Topic.objects.filter(findings__isnull=False).distinct(),
        label=_("Topic"),
        required=False,
        empty_label=_("all"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.findings = Finding.objects.visible_to(user)

    @property
    def rows(self):
        """Those asked for; none for a faulty question."""
        if not self.is_bound:
            return self.findings.for_list()
        if not self.is_valid():
            return self.findings.none()
        rows = self.findings.saying(self.cleaned_data["words"])
        if topic := self.cleaned_data["topic"]:
            rows = rows.about(topic)
        return rows.for_list()


class CiteForm(forms.Form):
    """A finding for a consultation; those on its topics come first."""

    finding = forms.ModelChoiceField(
        Finding.objects.none(), label=_("Finding"), empty_label=_("please choose")
    )

    def __init__(self, *args, by, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Finding.objects.visible_to(by).exclude(citations__consultation=consultation)
        rows = rows.select_related("session").fitting(consultation)
        self.fields["finding"].queryset = rows
        self.fields["finding"].label_from_instance = worded


def worded(finding):
    text = finding.text if len(finding.text) <= 120 else f"{finding.text[:119]}…"
    return f"{text} ({finding.reference})"

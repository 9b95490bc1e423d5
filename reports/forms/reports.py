"""What a manager says about reports: which one, what changed, and its words."""

import uuid
from datetime import datetime

from crispy_forms.helper import FormHelper
from django import forms
from django.db import transaction
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from best_portal.conflicts import SeesConflicts
from best_portal.widgets import DateInput
from reports.models import ReportKind
from reports.outlines import sections_of

# About ten printed pages: longer than any section a funder reads.
LONGEST_TEXT = 30_000


class VersionForm(forms.Form):
    """Asking for a version; its key makes a double click one request."""

    change_note = forms.CharField(
        label=_("What changed?"),
        max_length=300,
        required=False,
        help_text=_("Needed for the correction of a released report: it is printed on the paper."),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ReportForm(VersionForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ReportKind)
    starts_on = forms.DateField(label=_("From"), widget=DateInput)
    ends_on = forms.DateField(label=_("Until"), widget=DateInput)

    field_order = ["kind", "starts_on", "ends_on", "change_note", "form_key"]


class TextsForm(SeesConflicts, forms.Form):
    """The words of a report: a text for each section of the funder's form, a reason for each
    target that was missed; `missed` holds (code, name)."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, report, missed, **kwargs):
        self.report = report
        self.parts = sections_of(report.grant)
        self.missed = missed
        initial = {"seen": report.written_at.isoformat() if report.written_at else ""}
        super().__init__(*args, initial=initial, **kwargs)
        for part in self.parts:
            written = report.narrative.get(part.key, "")
            self.fields[f"text_{part.key}"] = text_field(part.heading, 8, written, part.hint)
        for code, name in missed:
            reason = report.reasons.get(code, "")
            label = _("Why was the target of %(name)s missed?") % {"name": name}
            self.fields[f"reason_{code}"] = text_field(label, 3, reason)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        # None is demanded here; what is missing is pointed out before the release.
        self.helper.mark_optional = False
        # Reasons of figures that are met by now stay as they were written.
        self.reasons = dict(report.reasons)

    def sections(self, results, writers):
        """(field, what to draw from, who wrote it last) for each section, then for each reason."""
        for part in self.parts:
            yield self[f"text_{part.key}"], results.for_part(part), writers.get(part.key)
        for code, _name in self.missed:
            yield self[f"reason_{code}"], (), None

    @property
    def row(self):
        return self.report

    def stored(self, row):
        texts = {f"text_{each.key}": row.narrative.get(each.key, "") for each in self.parts}
        reasons = {f"reason_{code}": row.reasons.get(code, "") for code, _name in self.missed}
        return {"seen": row.written_at.isoformat() if row.written_at else "", **texts, **reasons}

    def typed(self):
        return self.cleaned_data | {"seen": self.data.get("seen", "")}

    @transaction.atomic
    def write(self, *, by):
        self.check()
        self.report.write(by=by, **self.words)

    def clean_seen(self):
        try:
            seen = datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None
        return seen if is_aware(seen) else None

    @property
    def words(self):
        """What `Report.write` takes."""
        texts = self.cleaned_data
        reasons = {code: texts[f"reason_{code}"] for code, _name in self.missed}
        return {
            # What was written under sections the outline no longer has stays as it was.
            "narrative": self.report.narrative
            | {each.key: texts[f"text_{each.key}"] for each in self.parts},
            "reasons": {code: text for code, text in (self.reasons | reasons).items() if text},
            "seen": texts["seen"],
        }


def text_field(label, rows, initial, hint=""):
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONGEST_TEXT,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": rows}),
    )

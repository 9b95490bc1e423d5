"""What is typed while a report passes between agency and funder: reviews, queries, answers."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput
from reports.models import SubmissionWay, Verdict

# As long as a section of the Sachbericht may be.
LONGEST_TEXT = 30_000
# How much time a query leaves for its answer, unless the funder says otherwise.
USUAL_DAYS = 14


def text_field(label, *, required=True, rows=6, **kwargs):
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


class ReviewerForm(forms.Form):
    reviewer = forms.ModelChoiceField(
        label=_("Second person"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("Another manager, or an advisor from the team of the project."),
    )

    def __init__(self, *args, reviewers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = reviewers
        self.fields["reviewer"].label_from_instance = lambda user: user.name


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Is this version in order?"),
        choices=[
            (Verdict.PASSED, _("Yes, it can be released")),
            (Verdict.OBJECTED, _("No, something should be changed")),
        ],
        widget=forms.RadioSelect,
    )
    remark = text_field(
        _("Remark"), required=False, help_text=_("Needed where something should be changed.")
    )


class SubmissionForm(forms.Form):
    submitted_on = forms.DateField(
        label=_("Submitted on"), widget=DateInput, initial=timezone.localdate
    )
    way = forms.ChoiceField(label=_("How"), choices=SubmissionWay, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("For example the number of the shipment. The funder reads it."),
    )


def usual_day():
    return timezone.localdate() + timedelta(days=USUAL_DAYS)


class QueryForm(forms.Form):
    section = forms.ChoiceField(label=_("Which part is it about?"))
    text = text_field(_("Your question"))
    due_on = forms.DateField(label=_("Answer by"), widget=DateInput, initial=usual_day)

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.fields["section"].choices = list(parts.items())

    @property
    def question(self):
        """What `Query.objects.ask` takes."""
        return self.cleaned_data | {"heading": self.parts[self.cleaned_data["section"]]}


class ReplyForm(forms.Form):
    text = text_field(
        _("Answer"),
        help_text=_(
            "Where something has to be corrected, say it here: the new version prints this answer "
            "as the reason of the change. No names, please."
        ),
    )


class LetterForm(forms.Form):
    letter_on = forms.DateField(label=_("Date of the letter"), widget=DateInput)
    letter_reference = forms.CharField(label=_("Reference of the letter"), max_length=80)
    remark = text_field(_("What it says"), required=False, rows=3)


class ExplainForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does the report go out all the same?"),
        max_length=300,
        help_text=_("It is kept in the log, with your name. Left empty, it blocks again."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        # Only a reason that is there can be taken back by leaving none.
        reason.required = not self.initial["reason"]
        if reason.required:
            reason.help_text = _("It is kept in the log, with your name.")
            reason.error_messages["required"] = _("Write why the report goes out all the same.")


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the period opened?"),
        max_length=300,
        help_text=_("It is kept in the log, with your name."),
    )


class AcceptForm(forms.Form):
    remark = text_field(_("Remark"), required=False, rows=3)

"""Forms of participants: admitting somebody, a return, and the questionnaire of each phase."""

from datetime import date
from itertools import groupby

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.conflicts import SeesConflicts
from best_portal.widgets import DateInput, SearchChoiceField
from consultations.forms.fields import NEAR
from consultations.models import Answer, AnswerState, Participation, Phase
from consultations.models.questions import NO_STATEMENT, Block, QuestionKind
from enterprises.models import Person

SINCE = "yes"
NOT_ASKED = ("", _("not asked"))
OPEN = ("", _("still open"))
OLDEST = 120


class DayField(forms.DateField):
    """A day in a browser's own field, within the years a calendar can be counted on."""

    widget = DateInput
    default_validators = NEAR


class AdmitForm(forms.Form):
    """Who takes part from when; asks back where somebody of this name is here already."""

    person = SearchChoiceField(
        Person.objects.none(), search_url="consultations:person_search", label=_("Person")
    )
    entered_on = DayField(label=_("Entry"), initial=timezone.localdate)
    left_on = DayField(
        label=_("Exit"),
        required=False,
        help_text=_("Only for a stay that is over already."),
    )
    is_somebody_else = forms.BooleanField(
        label=_("It is another person of the same name"), required=False
    )

    def __init__(self, *args, project, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.project, self.by = project, by
        self.fields["person"].queryset = Person.objects.visible_to(by)
        if not (self.is_bound and self.data.get("is_somebody_else")):
            self.fields["is_somebody_else"].widget = forms.HiddenInput()
        self.helper = FormHelper()
        self.helper.add_input(Submit("admit", _("Admit")))

    def admit(self):
        answers = dict(self.cleaned_data)
        return Participation.objects.admit(
            answers.pop("person"),
            by=self.by,
            project=self.project,
            on=answers.pop("entered_on"),
            **answers,
        )

    def refuse(self, refusal):
        """Say why; where it may be another person, ask."""
        if getattr(refusal, "code", None) == "alike":
            self.fields["is_somebody_else"].widget = forms.CheckboxInput()
        self.add_error(None, refusal)


class ReturnForm(forms.Form):
    returned_on = DayField(label=_("Back since"), initial=timezone.localdate)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("return", _("Record the return")))


class AnswersForm(SeesConflicts, forms.Form):
    """The questions of one phase on one page, in blocks; what may stay open may stay open.

    `own` is the participant themself: they are asked nothing that only the team knows.
    """

    phase = None
    # Fields before the questions, in their order.
    head = ()

    def __init__(self, *args, participation, questions, by, own=False, **kwargs):
        self.participation, self.questions, self.by, self.own = participation, questions, by, own
        super().__init__(*args, initial=self.stored(participation), **kwargs)
        consent = _("I consent") if own else _("The person has consented")
        for question in questions:
            self.fields |= fields_of(question, consent)
        self._layout()

    def _layout(self):
        parts = [Row(*(Column(name) for name in self.head))] if self.head else []
        for block, questions in groupby(self.questions, key=lambda each: each.block):
            names = [name for each in questions for name in names_of(each)]
            parts.append(Fieldset(Block(block).label, *names))
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(*parts)
        self.helper.add_input(Submit("save", _("Save")))

    # --- what SeesConflicts asks for ---

    @property
    def row(self):
        return self.participation

    def stored(self, row):
        values = self.stored_head(row)
        kept = {each.question_id: each for each in row.answers.all()}
        for question in self.questions:
            values |= shown(question, kept.get(question.pk))
        return values

    def stored_head(self, row):
        return {}

    # --- what was sent ---

    def clean(self):
        cleaned = super().clean()
        for question in self.questions:
            name = f"{question.code}_on"
            is_since = question.kind == QuestionKind.SINCE and cleaned.get(question.code) == SINCE
            if is_since and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Say since when."))
        return cleaned

    @property
    def replies(self):
        return {each.code: reply(each, self.cleaned_data) for each in self.questions}

    @property
    def consents(self):
        return [
            each.code for each in self.questions if self.cleaned_data.get(f"{each.code}_consent")
        ]

    @transaction.atomic
    def keep(self):
        """Keep head and answers together, or nothing."""
        self.participation.lock()
        self.check()
        self.keep_head()
        Answer.objects.write_down(
            self.participation,
            self.replies,
            by=self.by,
            questions=self.questions,
            consents=self.consents,
        )

    def keep_head(self):
        pass


class EntryForm(AnswersForm):
    phase = Phase.ENTRY
    head = ("entered_on", "birth_on", "postcode")

    entered_on = DayField(label=_("Entry"))
    birth_on = forms.DateField(label=_("Date of birth"), widget=DateInput, required=False)
    postcode = forms.CharField(
        label=_("Postcode"),
        required=False,
        max_length=5,
        validators=[RegexValidator(r"^[0-9]{5}$", _("A postcode has five digits."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.own:
            self.fields["entered_on"].disabled = True

    def stored_head(self, row):
        person = row.person
        return {
            "entered_on": row.entered_on,
            "birth_on": person.birth_on,
            "postcode": person.postcode,
        }

    def clean_birth_on(self):
        born = self.cleaned_data["birth_on"]
        today = timezone.localdate()
        if born and not date(today.year - OLDEST, 1, 1) <= born <= today:
            raise ValidationError(_("Please check the year."))
        return born

    def keep_head(self):
        answers = self.cleaned_data
        self.participation.enter(answers["entered_on"], by=self.by)
        self.participation.person.identify(
            postcode=answers["postcode"], birth_on=answers["birth_on"], by=self.by
        )


class ExitForm(AnswersForm):
    phase = Phase.EXIT
    head = ("left_on",)

    left_on = DayField(label=_("Last day of taking part"))

    def stored_head(self, row):
        return {"left_on": row.left_on}

    def keep_head(self):
        self.participation.leave(self.cleaned_data["left_on"], by=self.by)


class LaterForm(AnswersForm):
    phase = Phase.LATER


FORMS = {form.phase: form for form in (EntryForm, ExitForm, LaterForm)}


def names_of(question):
    """The names of a question's fields."""
    names = [question.code]
    if question.kind == QuestionKind.SINCE:
        names.append(f"{question.code}_on")
    if question.is_special:
        names.append(f"{question.code}_consent")
    return names


def fields_of(question, consent):
    """The fields of one question: its answers, the day they are since, the consent."""
    shared = {"label": question.text, "help_text": question.help_text, "required": False}
    if question.kind == QuestionKind.DATE:
        return {question.code: DayField(**shared)}
    choices = [*question.options]
    if question.allows_no_statement:
        choices.append((AnswerState.NO_STATEMENT.value, NO_STATEMENT))
    choices.append(NOT_ASKED if question.allows_no_statement else OPEN)
    fields = {question.code: forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)}
    if question.kind == QuestionKind.SINCE:
        fields[f"{question.code}_on"] = DayField(label=_("Since"), required=False)
    if question.is_special:
        fields[f"{question.code}_consent"] = forms.BooleanField(
            label=consent, help_text=question.consent_text, required=False
        )
    return fields


def shown(question, answer):
    """What stands in a question's fields."""
    state, value = (answer.state, answer.value) if answer else (AnswerState.NOT_ASKED, "")
    is_given = state == AnswerState.GIVEN
    if question.kind == QuestionKind.DATE:
        return {question.code: date.fromisoformat(value) if is_given else None}
    chosen = {AnswerState.GIVEN: value, AnswerState.NO_STATEMENT: state}.get(state, "")
    values = {question.code: str(chosen)}
    if question.kind == QuestionKind.SINCE:
        is_since = is_given and value != "no"
        values[question.code] = SINCE if is_since else str(chosen)
        values[f"{question.code}_on"] = date.fromisoformat(value) if is_since else None
    if question.is_special:
        values[f"{question.code}_consent"] = is_given
    return values


def reply(question, cleaned):
    """(state, value) of what was chosen; a question that is not asked of them stays open."""
    chosen = cleaned.get(question.code)
    if question.depends_on and cleaned.get(question.depends_on) != question.depends_value:
        chosen = None
    if chosen == AnswerState.NO_STATEMENT:
        return AnswerState.NO_STATEMENT, ""
    if question.kind == QuestionKind.SINCE and chosen == SINCE:
        chosen = cleaned[f"{question.code}_on"]
    if not chosen:
        return AnswerState.NOT_ASKED, ""
    return AnswerState.GIVEN, str(chosen)

"""Forms of surveys: planning one and its questions, and answering it without an account."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.db import explained
from best_portal.widgets import DateInput
from districts.models import District, QuestionKind, Survey, SurveyQuestion, SurveyResponse
from districts.models.survey import LONGEST_OPTION, MOST_OPTIONS, MOST_QUESTIONS, WITH_OPTIONS
from districts.models.survey_answers import LONGEST_REPLY


class SurveyForm(SeesConflicts, forms.ModelForm):
    """What it is about, where, and from when to when."""

    class Meta:
        model = Survey
        fields = ["title", "introduction", "areas", "opens_on", "closes_on", "results_public"]
        widgets = {
            "introduction": forms.Textarea(attrs={"rows": 5}),
            "areas": forms.CheckboxSelectMultiple,
            "opens_on": DateInput,
            "closes_on": DateInput,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        areas = District.objects.filter(ends_on=None)
        if self.instance.pk:
            areas = (areas | self.instance.areas.all()).distinct()
        self.fields["areas"].queryset = areas.order_by("sort_name").defer("outline")
        self.fields["areas"].label_from_instance = lambda area: area.name

    @transaction.atomic
    def keep(self, *, by):
        """Save; a new one becomes a draft."""
        if self.instance.pk is None:
            return Survey.objects.plan(by=by, **self.cleaned_data)
        self.check()
        with explained(Survey):
            survey = self.save()
        Event.objects.record_saved(actor=by, form=self, created=False)
        return survey


class QuestionForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = SurveyQuestion
        fields = ["position", "words", "kind", "options", "is_required"]
        widgets = {"options": forms.Textarea(attrs={"rows": 6}), "kind": forms.RadioSelect}

    def __init__(self, *args, survey, **kwargs):
        instance = kwargs.setdefault("instance", SurveyQuestion(survey=survey))
        if instance.pk is None:
            last = survey.questions.order_by("-position").first()
            instance.position = last.position + 1 if last else 1
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.fields["kind"].choices = QuestionKind.choices
        self.fields["position"].min_value = 1
        self.fields["position"].max_value = MOST_QUESTIONS

    def clean_options(self):
        lines = [" ".join(line.split()) for line in self.cleaned_data["options"].split("\n")]
        lines = [line for line in lines if line]
        if len(lines) > MOST_OPTIONS or any(len(line) > LONGEST_OPTION for line in lines):
            told = _("At most %(number)d answers of at most %(letters)d letters each.")
            params = {"number": MOST_OPTIONS, "letters": LONGEST_OPTION}
            raise ValidationError(told, params=params)
        return "\n".join(lines)

    def clean(self):
        cleaned = super().clean()
        kind, options = cleaned.get("kind"), cleaned.get("options", "")
        if kind in WITH_OPTIONS and "options" in cleaned and len(options.splitlines()) < 2:
            self.add_error("options", _("Write at least two answers, each in a line of its own."))
        if kind and kind not in WITH_OPTIONS:
            cleaned["options"] = ""
        return cleaned

    @transaction.atomic
    def keep(self, *, by):
        self.survey.refuse_if_published()
        is_new = self.instance.pk is None
        self.check()
        with explained(SurveyQuestion):
            question = self.save()
        Event.objects.record_saved(actor=by, form=self, created=is_new)
        return question


class ResponseForm(forms.Form):
    """The questions of a survey, one after the other; nothing asks who one is."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.asked = {f"q{question.pk}": question for question in survey.questions.all()}
        for name, question in self.asked.items():
            self.fields[name] = field_of(question)
        areas = survey.areas.order_by("sort_name").defer("outline")
        if len(areas) > 1:
            self.fields["district"] = forms.ModelChoiceField(
                areas,
                label=_("In which neighbourhood do you live or work?"),
                required=False,
                empty_label=_("another one, or I do not want to say"),
            )

    @property
    def is_by_a_robot(self):
        """Whether the field nobody sees was filled in."""
        return bool(self.data.get("fax"))

    def give(self):
        answers = {question: self._answer(name) for name, question in self.asked.items()}
        areas = list(self.survey.areas.all()[:2])
        only = areas[0] if len(areas) == 1 else None
        return SurveyResponse.objects.give(
            self.survey,
            form_key=self.cleaned_data["form_key"],
            district=self.cleaned_data.get("district") or only,
            replies=answers,
        )

    def _answer(self, name):
        value = self.cleaned_data[name]
        if self.asked[name].kind == QuestionKind.TEXT:
            return value
        return [int(each) for each in (value if isinstance(value, list) else [value]) if each]


def field_of(question):
    """The form field a question is answered in."""
    given = {"label": question.words, "required": question.is_required}
    choices = [(str(number), words) for number, words in question.choices]
    match question.kind:
        case QuestionKind.TEXT:
            return forms.CharField(
                max_length=LONGEST_REPLY,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("No names, please."),
                **given,
            )
        case QuestionKind.SEVERAL:
            return forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, **given
            )
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **given)

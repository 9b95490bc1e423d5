"""Answers of participants in the words of the questionnaire, for who reads them in a file."""

from dataclasses import dataclass
from datetime import date

from consultations.models import Question
from consultations.models.answers import NO
from consultations.models.questions import QuestionKind
from consultations.participation_rules import GENDER

# How a day is written in the file.
DAY = r"\d{2}\.\d{2}\.\d{4}"


def said(answer):
    """The German words of an answer, or the day it names; "" where none is given."""
    words = words_of(answer.question)
    if answer.value in words:
        return words[answer.value]
    if answer.value and answer.question.kind != QuestionKind.CHOICE:
        return date.fromisoformat(answer.value)
    return answer.value


def still_said(codes, participation):
    """{code: German words} of what reports go on counting of somebody who was erased."""
    found = {}
    for question in Question.objects.filter(code__in=codes).order_by("starts_on"):
        for each in question.choices:
            if each.get("feeds") in participation.counted_codes or (
                question.code,
                each["value"],
            ) == (GENDER, participation.counted_gender):
                found[question.code] = each["de"]
    return found


def words_of(question):
    return {each["value"]: each["de"] for each in question.choices}


@dataclass(frozen=True)
class Asked:
    """A question through all its wordings: what it asks, and what may stand in its column."""

    wording: str
    # German words, and what each counts for in the reports.
    answers: dict[str, str]
    takes_days: bool

    @classmethod
    def all_of(cls, codes):
        """{code: Asked} of those that have been asked at any time; the newest wording is told."""
        found = {}
        for row in Question.objects.filter(code__in=codes).order_by("starts_on"):
            takes_days = row.kind == QuestionKind.SINCE
            answers = {
                each["de"]: each.get("feeds", "")
                for each in row.choices
                # Of a question for a day, the day itself is the yes.
                if not takes_days or each["value"] == NO
            }
            before = found[row.code].answers if row.code in found else {}
            found[row.code] = cls(row.wording, before | answers, takes_days)
        return found

    @property
    def meaning(self):
        """What the column says, for a reader of the schema."""
        words = ", ".join(f"„{word}“" for word in self.answers)
        may_be = f"Tag (TT.MM.JJJJ), seit dem es so ist, oder {words}" if self.takes_days else words
        return f"Antwort auf „{self.wording}“: {may_be}; leer, wo keine gegeben ist"

    @property
    def rules(self):
        """The same for a machine."""
        if self.takes_days:
            return {"constraints": {"pattern": "|".join([DAY, *self.answers])}}
        return listed(self.answers)


def listed(answers):
    """The values a column may have, and what those that count for an indicator count for."""
    found = {"constraints": {"enum": [*answers]}}
    if any(answers.values()):
        found["categories"] = [
            {"value": word, "label": f"{word} ({code})" if code else word}
            for word, code in answers.items()
        ]
    return found

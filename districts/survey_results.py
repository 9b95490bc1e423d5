"""What came of a survey: figures for everyone with small ones hidden, all of them for the staff."""

from dataclasses import dataclass

from best_portal.pages.models import SmallCellRule
from best_portal.pages.small_cells import told
from districts.models import QuestionKind, SurveyReply


@dataclass(frozen=True)
class Line:
    """One answer and how often it was given; None where the number is too small to be told."""

    words: str
    number: int | None
    percent: int | None


@dataclass(frozen=True)
class Result:
    """One question with its figures, or, for the staff, with what was written."""

    question: object
    lines: tuple[Line, ...]
    replies: tuple = ()


def results(survey, user):
    """Result of each question, as this reader may see it; three queries, however many."""
    is_staff = user.is_authenticated and user.is_staff_member
    fewest = 1 if is_staff else SmallCellRule.objects.fewest()
    counted = SurveyReply.objects.of(survey).counted()
    people = survey.responses.count()
    written = SurveyReply.objects.visible_to(user).of(survey).in_words().for_list()
    words = {}
    for reply in written:
        words.setdefault(reply.question_id, []).append(reply)
    return [
        Result(
            question,
            lines_of(question, counted, people, fewest),
            tuple(words.get(question.pk, ())),
        )
        for question in survey.questions.all()
        if question.has_numbers or is_staff
    ]


def lines_of(question, counted, people, fewest):
    if not question.has_numbers:
        return ()
    numbers = [counted.get((question.pk, number), 0) for number, _words in question.choices]
    shown = told(numbers, fewest, adds_up=question.kind != QuestionKind.SEVERAL)
    return tuple(
        Line(words, number, percent(number, people))
        for (_key, words), number in zip(question.choices, shown, strict=True)
    )


def percent(number, people):
    return round(100 * number / people) if number is not None and people else None


def people_told(survey, user):
    """How many answered, as this reader may know; None where they are too few."""
    people = survey.responses.count()
    if user.is_authenticated and user.is_staff_member:
        return people
    return told([people], SmallCellRule.objects.fewest(), adds_up=False)[0]

"""The demo's participants: most with a whole questionnaire, some with one begun, left or due."""

import random
from datetime import date, timedelta

from consultations.models import Answer, AnswerState, Attendance, Participation, Phase, Question
from enterprises.models import Involvement, OrganisationKind

GIVEN, WITHHELD = AnswerState.GIVEN, AnswerState.NO_STATEMENT
# One for each, for all are called Kontakt Beispiel and would seem to be one person.
FIRST_POSTCODE = 13347


def admit_participants(project, people, today):
    """Admit whoever came for long enough, but for the last two, whose questionnaire is needed.

    Nor is who came for a shop of the neighbourhood: it counts itself, as an enterprise.
    """
    dice = random.Random("participants")
    by = people.team[0]
    entry = list(Question.objects.valid_on(today).of_phase(Phase.ENTRY))
    came = list(Attendance.objects.in_project(project).to_be_asked(people.manager))
    shops = Involvement.objects.filter(organisation__kind=OrganisationKind.LOCAL_BUSINESS)
    of_shops = set(shops.values_list("person", flat=True))
    persons = {row["person"]: row["since"] for row in came[:-2] if row["person"] not in of_shops}
    for number, (pk, since) in enumerate(persons.items()):
        participation = Participation.objects.admit(
            Attendance.objects.filter(person=pk).first().person,
            by=by,
            project=project,
            on=since,
        )
        if number % 7 == 5:
            continue
        participation.person.identify(
            postcode=str(FIRST_POSTCODE + number),
            birth_on=date(dice.randint(1958, 2003), dice.randint(1, 12), dice.randint(1, 28)),
            by=by,
        )
        said = answers_of(since, dice)
        if number % 7 == 6:
            del said["isced"]
        consents = [code for code in ("disability", "minority") if code in said]
        Answer.objects.write_down(participation, said, by=by, questions=entry, consents=consents)
        if number % 3 == 1:
            leave(participation, number, today, by, dice)
    for founder in people.founders:
        Participation.objects.admit(founder.person, by=by, project=project, on=today)


def answers_of(since, dice):
    status = dice.choice(["unemployed", "unemployed", "inactive", "employed"])
    said = {
        "gender": (GIVEN, dice.choice(["woman", "woman", "man", "man", "non_binary"])),
        "status": (GIVEN, status),
        "isced": (GIVEN, dice.choice(["0-2", "3-4", "3-4", "5-8"])),
        "rural": (GIVEN, "no"),
    }
    if status == "unemployed":
        began = since - timedelta(days=dice.randint(40, 800))
        said["unemployed_since"] = (GIVEN, began.isoformat())
    for code in ("third_country", "foreign_background", "housing"):
        said[code] = (WITHHELD, "") if dice.random() < 0.2 else (GIVEN, dice.choice(["yes", "no"]))
    for code in ("disability", "minority"):
        if dice.random() < 0.5:
            said[code] = (GIVEN, "no" if dice.random() < 0.8 else "yes")
    return said


def leave(participation, number, today, by, dice):
    """Some left lately, some long ago; of every second one the exit answers are still due.

    One in two of those who left long ago came back after a month.
    """
    on = max(participation.entered_on, today - timedelta(days=dice.choice([12, 60, 240])))
    participation.leave(on, by=by)
    if number % 2:
        questions = list(Question.objects.valid_on(on).of_phase(Phase.EXIT))
        said = {question.code: (GIVEN, "no") for question in questions}
        said["exit_working"] = (GIVEN, min(on + timedelta(days=9), today).isoformat())
        Answer.objects.write_down(participation, said, by=by, questions=questions)
    back = on + timedelta(days=30)
    if number % 6 == 1 and back < today:
        participation.come_back(back, by=by)

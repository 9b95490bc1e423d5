"""The participants of a project as its list shows them: what is missing and what is due."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from best_portal.db import BerlinMidnight
from consultations.models import Answer, AnswerState, Attendance, Participation, Phase, Question
from consultations.models.answers import WITH_WORDS
from consultations.models.questions import rules_of
from consultations.operations import operations_of
from consultations.participation_rules import (
    ENTRY,
    EXIT,
    LATER,
    Participant,
    Place,
    duplicate_key,
    exit_window,
    later_on,
    missing,
    place_of,
    unanswered,
)
from enterprises.timeline import Entry, Kind, Panel

BIRTHDAY = _("Date of birth")


class State(models.TextChoices):
    ENTRY_MISSING = "entry_missing", _("entry questionnaire missing")
    INCOMPLETE = "incomplete", _("incomplete, reported nowhere")
    EXIT_DUE = "exit_due", _("exit questionnaire due")
    LATER_DUE = "later_due", _("six-month questionnaire due")
    ALIKE = "alike", _("perhaps here twice")


class Questionnaire:
    """The questions of every validity, read once; those of a day are picked from them."""

    @cached_property
    def all(self):
        return list(Question.objects.all())

    def on(self, day):
        return [
            each
            for each in self.all
            if each.starts_on <= day and (each.ends_on is None or each.ends_on >= day)
        ]

    def of(self, participation, phase):
        """What this participant is asked in a phase; nothing before its day is known."""
        rules = rules_of(self.on(participation.left_on or participation.entered_on))
        day = participation.day_of(phase, rules)
        return [each for each in self.on(day) if each.phase == phase] if day else []


class Places:
    """What each of these participations is among those of its person: see Place.

    By all operations of its project, or by `operation` alone.
    """

    def __init__(self, rows, operation=None):
        self.rows, self.operation = rows, operation

    @cached_property
    def stays(self):
        return Participation.objects.entries_of({row.person_id for row in self.rows})

    @cached_property
    def operations(self):
        """Project -> its operations."""
        return operations_of({row.project_id for row in self.rows})

    def of(self, row):
        entries = [day for day, _is_erased in self.stays[row.person_id, row.project_id]]
        if self.operation:
            return place_of(row.entered_on, entries, [self.operation])
        # Most were here once, and then it does not matter who paid.
        operations = self.operations[row.project_id] if len(entries) > 1 else ()
        return place_of(row.entered_on, entries, operations)

    def is_erased(self, row):
        """Whether of this person only what reports count is left, in whichever stay."""
        return any(erased for _day, erased in self.stays[row.person_id, row.project_id])


@dataclass(frozen=True)
class Line:
    """One participation in the list: never a value of an answer, only whether there is one."""

    participation: Participation
    missing: list
    states: frozenset
    exit_until: date | None
    later_on: date | None
    place: Place = Place()

    @property
    def is_reported(self):
        return not self.missing

    @property
    def words(self):
        return [State(state).label for state in State if state in self.states]


def participant_of(first, last=None):
    """What the rules need to know of somebody whose answers were fetched with them.

    Of several stays in one operation the first says how they came, the last how they went.
    """
    last = last or first
    answers = [
        each
        for stay, is_entry in ((first, True), (last, False))
        for each in stay.answers.all()
        if (each.question.phase == Phase.ENTRY) == is_entry
    ]
    return Participant(
        key=first.pk,
        entered_on=first.entered_on,
        left_on=last.left_on,
        birth_on=first.person.birth_on,
        given={each.question.code: each.value for each in answers if each.value},
        withheld=frozenset(
            each.question.code for each in answers if each.state == AnswerState.NO_STATEMENT
        ),
    )


def lines_of(participations, today, operation=None):
    """A Line for each participation, from a handful of questions to the database."""
    rows = list(participations.for_list().with_answers(Answer.objects.ordinary()))
    questionnaire, places, seen = Questionnaire(), Places(rows, operation), defaultdict(set)
    for row in rows:
        key = duplicate_key(row.person.name, row.person.postcode)
        seen[row.project_id, key].add(row.person_id)
    twice = {
        (project, person)
        for (project, key), found in seen.items()
        if key and len(found) > 1
        for person in found
    }
    return [
        line_of(row, questionnaire, today, places, (row.project_id, row.person_id) in twice)
        for row in rows
    ]


def line_of(participation, questionnaire, today, places, is_alike=False):
    """What is missing and due of one stay: whose entry or exit does not count is not asked for."""
    participant, place = participant_of(participation), places.of(participation)
    questions = [
        each for phase in (ENTRY, EXIT, LATER) for each in questionnaire.of(participation, phase)
    ]
    variables, rules = [each.variable for each in questions], rules_of(questions)
    labels = {each.code: each.text for each in questions}
    left_on = participation.left_on
    lacking = missing(participant, variables) if place.is_first else []
    exit_until = exit_window(left_on, rules)[1] if left_on else None
    six_months_on = later_on(left_on, rules) if left_on else None
    if places.is_erased(participation):
        return Line(participation, [], frozenset(), exit_until, six_months_on, place)
    states = set()
    if lacking:
        is_begun = any(participant.has_answered(each.code) for each in variables)
        states.add(State.INCOMPLETE if is_begun else State.ENTRY_MISSING)
    is_over = participation.project.ends_on < today if left_on is None else exit_until < today
    if place.is_last:
        if is_over and (left_on is None or unanswered(participant, variables, EXIT)):
            states.add(State.EXIT_DUE)
        if left_on and six_months_on <= today and unanswered(participant, variables, LATER):
            states.add(State.LATER_DUE)
    if is_alike:
        states.add(State.ALIKE)
    return Line(
        participation,
        [labels.get(code, BIRTHDAY) for code in lacking],
        frozenset(states),
        exit_until,
        six_months_on,
        place,
    )


# The phases in addresses.
SLUGS = {Phase.ENTRY: "eintritt", Phase.EXIT: "austritt", Phase.LATER: "sechs-monate"}


@dataclass(frozen=True)
class Sheet:
    """One questionnaire of a participation: when it was answered last, by whom, how far."""

    phase: Phase
    latest: Answer | None
    answered: int
    questions: int
    # Empty where it cannot be filled in yet, or not by this reader.
    slug: str


def sheets_of(participation, questionnaire, user):
    """A Sheet for each phase; founders fill in none but their entry."""
    answers = list(participation.answers.all())
    for phase in Phase:
        ours = [each for each in answers if each.question.phase == phase]
        said = [each for each in ours if each.state in WITH_WORDS]
        is_open = phase == Phase.ENTRY or (
            user.is_staff_member and (phase == Phase.EXIT or participation.left_on)
        )
        yield Sheet(
            phase,
            max(ours, key=lambda each: (each.answered_on, each.pk), default=None),
            len(said),
            len(questionnaire.of(participation, phase)),
            SLUGS[phase] if is_open else "",
        )


def for_casefile(organisation, user):
    """Whose questionnaire is needed, and who of the organisation takes part; only for the team."""
    if not user.is_staff_member:
        return None
    people = organisation.involvements.valid().values("person")
    to_ask = list(Attendance.objects.of_people(people).to_be_asked(user))
    rows = Participation.objects.visible_to(user).of_people(people).for_list()
    participations = list(rows)
    if not to_ask and not participations:
        return None
    return {"to_ask": to_ask, "participations": participations}


def taking_part(organisation, user):
    """Of the organisation's people, as far as the reader may know that they take part."""
    people = organisation.involvements.valid().values("person")
    return Participation.objects.visible_to(user).of_people(people)


def entered(participation, user):
    return Entry(
        participation.project.name,
        href=participation.get_absolute_url(),
        who=participation.person.name,
        status=gettext("began to take part"),
        tone="info",
    )


def left(participation, user):
    return replace(
        entered(participation, user), status=gettext("takes part no more"), tone="neutral"
    )


def shown(rows, user):
    return rows.for_list()


# What the case file shows of them, never an answer; see enterprises.timeline.
KINDS = [
    Kind(
        name="participation",
        label=_("Participations"),
        rows=taking_part,
        moment=BerlinMidnight("entered_on"),
        for_page=shown,
        entry=entered,
        people="person",
    ),
    Kind(
        name="participation_left",
        label=_("Participations"),
        family="participation",
        rows=taking_part,
        moment=BerlinMidnight("left_on"),
        for_page=shown,
        entry=left,
        people="person",
    ),
]
PANELS = [
    Panel(
        "participants", _("Questionnaires"), "consultations/_participants_panel.html", for_casefile
    )
]

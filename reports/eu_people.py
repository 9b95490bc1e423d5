"""The indicators of people (EECO, EECR): each once in a grant, as on the day of the first entry."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from consultations.models import Answer, Attendance, Participation
from consultations.models.questions import rules_of
from consultations.participants import Questionnaire, participant_of
from consultations.participation_rules import (
    ENTRY,
    EXIT,
    GENDER,
    LATER,
    later_on,
    missing,
    outputs,
    results,
)
from reports.annex_rows import AnnexRow
from reports.counting import Breakdown, CountsOnce, Figure, Part, rule
from reports.thresholds import reached

GENDERS = {"woman": "Frauen", "man": "Männer", "non_binary": "nicht-binär"}
ONE = {"woman": "Frau", "man": "Mann", "non_binary": "nicht-binär"}
WITHHELD, UNASKED = "k. A. (wollten nichts angeben)", "nicht erhoben"
# Answers of part 1.2: who they are of must not be told by a day or a number beside them.
PROTECTED = [f"EECO{number}" for number in range(12, 18)]
EVERYBODY = "EECO01"
PEOPLE = [f"EECO{number:02}" for number in range(1, 18)]
AT_EXIT = [f"EECR{number:02}" for number in range(1, 5)]
LATER_ON = ["EECR05", "EECR06"]


@dataclass(frozen=True)
class Counted:
    """Somebody whose first part is complete, and the indicators they count for in an operation."""

    # Of the person in the project: the same in every report of every grant.
    key: int
    # Of their first stay in the operation.
    participation: int
    gender: str
    days: dict[str, date]
    codes: frozenset
    # Indicators of part 1.2 whose question was not answered, or was not asked.
    withheld: frozenset = field(default_factory=frozenset)
    unasked: frozenset = field(default_factory=frozenset)
    # Of somebody erased no row shows a day or a number: it would lead back to them.
    is_erased: bool = False


def participants(project, since, until, hours=()):
    """Everybody who entered a project from a day to a day and whom reports may count.

    What came after the last day is not known yet: whoever left before it and came back after it
    has left. With a threshold in `hours` nobody counts before their hours reach it, and whoever
    never does counts nowhere (Bagatelle, funding.md §2.2 no. 10).
    """
    rows = Participation.objects.of(project).entered_between(since, until).with_key()
    questionnaire = Questionnaire()
    found = [(stays[0], counted(stays[0], stays[-1], questionnaire)) for stays in stays_of(rows)]
    if not hours:
        return [each for _first, each in found if each is not None]
    worked = minutes_by_person(project, since, until)
    days = {stay.pk: reached(worked[stay.person_id], hours, since, until) for stay, _each in found}
    return [
        replace(each, days={name: max(day, days[stay.pk]) for name, day in each.days.items()})
        for stay, each in found
        if each is not None and days[stay.pk]
    ]


def minutes_by_person(project, since, until):
    """Person -> (day, minutes) of what they attended themselves, the earliest first.

    Time in cases that support the enterprise counts for no person (funding.md §2.2 no. 8).
    """
    found = defaultdict(list)
    for person, day, minutes in Attendance.objects.of_people_between(project, since, until):
        found[person].append((day, minutes))
    return found


def stays_of(participations):
    """The stays of each person in each project, in their order, with their answers."""
    rows = (
        participations.select_related("person", "project")
        .with_answers(Answer.objects.all())
        .order_by("project", "person", "entered_on")
    )
    for _person, stays in groupby(rows, key=lambda row: (row.project_id, row.person_id)):
        yield list(stays)


def counted(first, last, questionnaire):
    """What somebody counts for by the entry of one stay and the exit of another, or the same."""
    participant = participant_of(first, last)
    questions = [
        each
        for stay, phase in ((first, ENTRY), (last, EXIT), (last, LATER))
        for each in questionnaire.of(stay, phase)
    ]
    variables, rules = [each.variable for each in questions], rules_of(questions)
    days = {"entered": first.entered_on}
    if left := last.left_on:
        days |= {"left": left, "later": later_on(left, rules)}
    this = {"key": first.key, "participation": first.pk, "days": days}
    if first.is_erased_but_counted:
        codes = entry_codes(first.counted_codes) | result_codes(last.counted_codes)
        if EVERYBODY not in codes:
            return None
        return Counted(
            **this,
            gender=first.counted_gender,
            codes=codes,
            unasked=frozenset(PROTECTED),
            is_erased=True,
        )
    if missing(participant, variables):
        return None
    feeds = [(each, code) for each in variables for code in each.feeds.values()]
    return Counted(
        **this,
        gender=participant.given[GENDER],
        codes=outputs(participant, variables, rules) | results(participant, variables, rules),
        withheld=frozenset(code for each, code in feeds if each.code in participant.withheld),
        unasked=frozenset(code for each, code in feeds if not participant.has_answered(each.code)),
    )


def entry_codes(codes):
    return frozenset(codes) - {*AT_EXIT, *LATER_ON}


def result_codes(codes):
    return frozenset(codes) & {*AT_EXIT, *LATER_ON}


def keep_counted(participations):
    """Keep of each stay that is counted what the figures need, before the answers are emptied.

    Of each that is what its own entry counts for, and the results by the entry that was told last.
    Part 1.2 goes whole: in its indicators an erased person is one who was not asked.
    """
    questionnaire = Questionnaire()
    for stays in stays_of(participations.with_key()):
        if any(row.is_erased_but_counted for row in stays):
            continue
        # Nothing is put down before all is counted: it would be taken for what is left.
        for row, gender, codes in list(counts_of(stays, questionnaire)):
            row.counted_gender, row.counted_codes = gender, sorted(codes - set(PROTECTED))
            row.save(update_fields=["counted_gender", "counted_codes"])


def counts_of(stays, questionnaire):
    """(stay, gender, codes) of the stays of one person that count for something."""
    entry = None
    for row in stays:
        own = counted(row, row, questionnaire)
        entry = row if own else entry
        if entry is None:
            continue
        told = counted(entry, row, questionnaire)
        if codes := result_codes(told.codes) | (entry_codes(own.codes) if own else frozenset()):
            yield row, told.gender, codes


def figure(scope, code, dated):
    """Those who count for one indicator and whose day lies in the period, by gender."""
    in_period = [each for each in scope.participants if is_between(scope, each.days.get(dated))]
    those = sorted(
        (each for each in in_period if code in each.codes),
        # Those erased come last, by gender: their place among the others would tell the day.
        key=lambda each: (
            (True, each.gender) if each.is_erased else (False, each.days[dated], each.key)
        ),
    )
    is_hidden = code in PROTECTED
    if is_hidden:
        # Neither key nor order leads from one answer to another of the same person.
        those.sort(key=lambda each: each.gender)
    keys = [number if is_hidden else each.key for number, each in enumerate(those, start=1)]
    genders = defaultdict(list)
    for key, each in zip(keys, those, strict=True):
        genders[each.gender].append(key)
    parts = [Part.of(label, genders[gender]) for gender, label in GENDERS.items()]
    if is_hidden:
        # Who kept an answer of part 1.2 to themselves tells by that, too: no rows are kept.
        for label, name in ((WITHHELD, "withheld"), (UNASKED, "unasked")):
            number = sum(code in getattr(each, name) for each in in_period)
            parts.append(Part.withheld(label, number))
    rows = tuple(
        row(key, number, each, None if is_hidden or each.is_erased else each.days[dated])
        for number, (key, each) in enumerate(zip(keys, those, strict=True), start=1)
    )
    return Figure(
        Decimal(len(rows)),
        tuple(keys),
        rows,
        dated="hidden" if is_hidden else dated_of(scope, dated),
        parts=tuple(parts),
    )


def dated_of(scope, dated):
    return "reached" if scope.participant_hours and dated == "entered" else dated


def row(key, number, each, day):
    return AnnexRow(
        id=key,
        number=number,
        on=day,
        kind=f"Teilnahme, {ONE.get(each.gender, each.gender)}",
        minutes=None,
        case_number=number_of(key) if day else "",
    )


def number_of(key):
    """What stands for a participant wherever the name must not be seen."""
    return f"T-{key:05d}"


def is_between(scope, day):
    return day is not None and scope.starts_on <= day <= scope.ends_on


def register(code, dated):
    breakdown = Breakdown.ANSWERS if code in PROTECTED else Breakdown.GENDER
    said = {"once": CountsOnce.PERSON, "dated": dated, "breakdown": breakdown}
    rule(name=f"people_{code.lower()}", **said)(lambda scope: figure(scope, code, dated))


for each_code in PEOPLE:
    register(each_code, "entered")
for each_code in AT_EXIT:
    register(each_code, "left")
for each_code in LATER_ON:
    register(each_code, "later")

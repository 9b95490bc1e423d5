"""The indicators of people (EECO, EECR): each once, as on the day of the first entry."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from consultations.models import Answer, Participation
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
from reports.counting import RULES, Figure, Part
from reports.document import AnnexRow

GENDERS = {"woman": "Frauen", "man": "Männer", "non_binary": "nicht-binär"}
ONE = {"woman": "Frau", "man": "Mann", "non_binary": "nicht-binär"}
WITHHELD, UNASKED = "k. A. (wollten nichts angeben)", "nicht erhoben"
# Answers of part 1.2: who they are of must not be told by a day or a number beside them.
PROTECTED = [f"EECO{number}" for number in range(12, 18)]
PEOPLE = [f"EECO{number:02}" for number in range(1, 18)]
AT_EXIT = [f"EECR{number:02}" for number in range(1, 5)]
LATER_ON = ["EECR05", "EECR06"]


@dataclass(frozen=True)
class Counted:
    """One participant whose first part is complete, and the indicators they count for."""

    pk: int
    gender: str
    days: dict[str, date]
    codes: frozenset
    # Indicators of part 1.2 whose question was not answered, or was not asked.
    withheld: frozenset = field(default_factory=frozenset)
    unasked: frozenset = field(default_factory=frozenset)
    # Of somebody erased no row shows a day or a number: it would lead back to them.
    is_erased: bool = False


def participants(project):
    """Everybody of a project whom reports may count."""
    rows = Participation.objects.of(project).select_related("person", "project")
    questionnaire = Questionnaire()
    found = (
        counted(row, questionnaire)
        for row in rows.with_answers(Answer.objects.all()).order_by("pk")
    )
    return [each for each in found if each is not None]


def counted(participation, questionnaire):
    participant = participant_of(participation)
    questions = [
        each for phase in (ENTRY, EXIT, LATER) for each in questionnaire.of(participation, phase)
    ]
    variables, rules = [each.variable for each in questions], rules_of(questions)
    days = {"entered": participation.entered_on}
    if left := participation.left_on:
        days |= {"left": left, "later": later_on(left, rules)}
    if participation.is_erased_but_counted:
        return Counted(
            pk=participation.pk,
            gender=participation.counted_gender,
            days=days,
            codes=frozenset(participation.counted_codes),
            unasked=frozenset(PROTECTED),
            is_erased=True,
        )
    if missing(participant, variables):
        return None
    feeds = [(each, code) for each in variables for code in each.feeds.values()]
    return Counted(
        pk=participation.pk,
        gender=participant.given[GENDER],
        days=days,
        codes=outputs(participant, variables, rules) | results(participant, variables, rules),
        withheld=frozenset(code for each, code in feeds if each.code in participant.withheld),
        unasked=frozenset(code for each, code in feeds if not participant.has_answered(each.code)),
    )


def keep_counted(participations):
    """Keep of each that is counted what the figures need, before the answers are emptied.

    Part 1.2 goes whole: in its indicators an erased person is one who was not asked.
    """
    questionnaire = Questionnaire()
    for row in participations.select_related("person", "project").with_answers(
        Answer.objects.all()
    ):
        if row.is_erased_but_counted or (each := counted(row, questionnaire)) is None:
            continue
        row.counted_gender = each.gender
        row.counted_codes = sorted(each.codes - set(PROTECTED))
        row.save(update_fields=["counted_gender", "counted_codes"])


def figure(scope, code, dated):
    """Those who count for one indicator and whose day lies in the period, by gender."""
    in_period = [
        each
        for each in scope.participants
        # Whoever entered before the grant began is a participant, and a result, of another one.
        if each.days["entered"] >= scope.since and is_between(scope, each.days.get(dated))
    ]
    those = sorted(
        (each for each in in_period if code in each.codes),
        # Those erased come last, by gender: their place among the others would tell the day.
        key=lambda each: (
            (True, each.gender) if each.is_erased else (False, each.days[dated], each.pk)
        ),
    )
    genders = Counter(each.gender for each in those)
    parts = [Part(label, Decimal(genders[key])) for key, label in GENDERS.items()]
    is_hidden = code in PROTECTED
    if is_hidden:
        for label, name in ((WITHHELD, "withheld"), (UNASKED, "unasked")):
            number = sum(code in getattr(each, name) for each in in_period)
            parts.append(Part(label, Decimal(number), is_within=False))
        # Neither key nor order leads from one answer to another of the same person.
        those.sort(key=lambda each: each.gender)
    keys = [number if is_hidden else each.pk for number, each in enumerate(those, start=1)]
    rows = tuple(
        row(key, number, each, None if is_hidden or each.is_erased else each.days[dated])
        for number, (key, each) in enumerate(zip(keys, those, strict=True), start=1)
    )
    return Figure(
        Decimal(len(rows)),
        tuple(keys),
        rows,
        dated="hidden" if is_hidden else dated,
        parts=tuple(parts),
    )


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
    RULES[f"people_{code.lower()}"] = lambda scope: figure(scope, code, dated)


for each_code in PEOPLE:
    register(each_code, "entered")
for each_code in AT_EXIT:
    register(each_code, "left")
for each_code in LATER_ON:
    register(each_code, "later")

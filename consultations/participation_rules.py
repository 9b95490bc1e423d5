"""How participants count in ESF Plus: pure rules over frozen dataclasses, no database.

Sources: Regulation (EU) 2021/1057, Annex I; the Commission's answers on SFC; the manual of the
federal IT (DATES III). What none of them confirms says so. The numbers a rule needs come with the
questions (`Rules`), for funders change them.
"""

import calendar
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from best_portal.db import fold

# What the rules below need to know by name; everything else about a question is data.
GENDER, STATUS, UNEMPLOYED_SINCE, BIRTH = "gender", "status", "unemployed_since", "birth_on"
SEARCHING, WORKING = "exit_searching", "exit_working"
TRAINING, QUALIFIED = "exit_training", "exit_qualified"
WORKS_LATER, IMPROVED_LATER = "later_working", "later_improved"
UNEMPLOYED, INACTIVE, EMPLOYED = "unemployed", "inactive", "employed"
ENTRY, EXIT, LATER = "entry", "exit", "later"
REQUIRED_PART = "1.1"
# Annex I names these ages; whoever is 30 to 54 is in none of the groups.
AGE_GROUPS = {"EECO06": (0, 17), "EECO07": (18, 29), "EECO08": (55, 999)}
# A result cannot be larger than the group it may come from (the Commission's own check).
LINKED = {
    "EECR01": ("EECO04",),
    "EECR02": ("EECO01",),
    "EECR03": ("EECO01",),
    "EECR04": ("EECO02", "EECO04"),
    "EECR05": ("EECO02", "EECO04"),
    "EECR06": ("EECO05",),
}


@dataclass(frozen=True)
class Variable:
    """A question as the rules see it; `feeds` says which indicator an answer counts for."""

    code: str
    phase: str
    part: str
    depends_on: str = ""
    depends_value: str = ""
    feeds: Mapping[str, str] = field(default_factory=dict)

    def is_asked_of(self, given):
        return not self.depends_on or given.get(self.depends_on) == self.depends_value


@dataclass(frozen=True)
class Rules:
    """The numbers: of days and months, as the questions valid on a day carry them."""

    exit_days: int = 28
    later_months: int = 6
    long_term_months: int = 12
    # Until 2020 people under 25 were long-term unemployed after 6 months. Not confirmed for today.
    long_term_months_under_25: int | None = None


@dataclass(frozen=True)
class Participant:
    """One person in one operation: what was given, and what they did not want to say."""

    key: int
    entered_on: date
    left_on: date | None = None
    birth_on: date | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    # "keine Angabe": asked and not answered. What is in neither was not asked.
    withheld: frozenset = frozenset()

    @property
    def status(self):
        """Exactly one of three: unemployed, inactive, employed; None while it is not known."""
        return self.given.get(STATUS)

    def has_answered(self, code):
        return code in self.given or code in self.withheld


# --- days ---


def age_on(birth_on, day):
    """Full years; whoever is born on 29 February is a year older from 1 March in other years."""
    had_birthday = (day.month, day.day) >= (birth_on.month, birth_on.day)
    return day.year - birth_on.year - (not had_birthday)


def months_after(day, months):
    """The same day so many months later, or the last of that month where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def exit_window(left_on, rules):
    """The first and the last day on which a result of leaving counts; both count."""
    return left_on, left_on + timedelta(days=rules.exit_days)


def later_on(left_on, rules):
    """The day the last questions are about."""
    return months_after(left_on, rules.later_months)


# --- several stays of one person ---


class Operation(NamedTuple):
    """A Vorhaben, the time of one grant: whoever takes part in it counts in it once."""

    starts_on: date
    ends_on: date

    def covers(self, day):
        return self.starts_on <= day <= self.ends_on


# Where no operation is known at all, the time of a project is one.
ALWAYS = Operation(date.min, date.max)


@dataclass(frozen=True)
class Place:
    """What a stay is among those of its person: the entry that counts, the exit that counts."""

    is_first: bool = True
    is_last: bool = True


def place_of(entered_on, entries, operations):
    """The Place of the stay that began on a day, among all `entries` of its person in a project.

    In each operation the answers are those of the first entry and the results those of the last
    exit; a new operation is a new beginning (funding.md 2.2.1 and 2.2.2).
    """
    mine = [each for each in operations or [ALWAYS] if each.covers(entered_on)]
    if not mine:
        # Nobody pays on that day yet; who will, asks for everything.
        return Place()

    def counts(others):
        return any(not any(each.covers(day) for day in others) for each in mine)

    return Place(
        is_first=counts([day for day in entries if day < entered_on]),
        is_last=counts([day for day in entries if day > entered_on]),
    )


def enters_anew(came_on, entries, operations):
    """Whether somebody who comes on a day takes part in an operation that they never entered."""
    return not entries or any(
        each.covers(came_on) and not any(each.covers(day) for day in entries) for each in operations
    )


class Stay(NamedTuple):
    """When somebody took part: from an entry to an exit, as far as that is known."""

    entered_on: date
    left_on: date | None = None


def joined(one, other):
    """Two stays of one person that overlap as one: the first entry, the last exit.

    A stay whose exit nobody recorded goes on only where it began on the day of the other's exit.
    """
    left_on = max((each.left_on for each in (one, other) if each.left_on), default=None)
    if left_on and any(
        each.left_on is None and each.entered_on >= left_on for each in (one, other)
    ):
        left_on = None
    return Stay(min(one.entered_on, other.entered_on), left_on)


# --- completeness ---


def missing(participant, variables):
    """What the first part lacks; somebody for whom this is not empty is reported nowhere."""
    needed = [] if participant.birth_on else [BIRTH]
    return needed + [
        variable.code
        for variable in variables
        if variable.phase == ENTRY
        and variable.part == REQUIRED_PART
        and variable.is_asked_of(participant.given)
        and variable.code not in participant.given
    ]


def unanswered(participant, variables, phase):
    return [
        variable.code
        for variable in variables
        if variable.phase == phase
        and variable.is_asked_of(participant.given)
        and not participant.has_answered(variable.code)
    ]


# --- outputs: as on the day of the first entry ---


def outputs(participant, variables, rules):
    """The output indicators this person counts for: none while the first part is incomplete."""
    if missing(participant, variables):
        return frozenset()
    found = {"EECO01"} | fed_by(participant, variables, ENTRY)
    if is_long_term_unemployed(participant, rules):
        found.add("EECO03")
    age = age_on(participant.birth_on, participant.entered_on)
    found |= {code for code, (least, most) in AGE_GROUPS.items() if least <= age <= most}
    return frozenset(found)


def fed_by(participant, variables, phase):
    """The indicators that an answer alone decides."""
    return {
        variable.feeds[participant.given[variable.code]]
        for variable in variables
        if variable.phase == phase and participant.given.get(variable.code) in variable.feeds
    }


def is_long_term_unemployed(participant, rules):
    """Unemployed on the day of entry, and for more than so many months; never anybody else."""
    since = participant.given.get(UNEMPLOYED_SINCE)
    if participant.status != UNEMPLOYED or not since:
        return False
    months, under_25 = rules.long_term_months, rules.long_term_months_under_25
    if under_25 is not None and age_on(participant.birth_on, participant.entered_on) < 25:
        months = under_25
    return months_after(date.fromisoformat(since), months) < participant.entered_on


# --- results ---


def results(participant, variables, rules):
    """The result indicators: right after leaving, and six months later."""
    if participant.left_on is None or missing(participant, variables):
        return frozenset()
    return frozenset(at_exit(participant, rules) | later(participant))


def at_exit(participant, rules):
    """Of searching and working only the last within the window counts: EECR01 or EECR04."""
    first, last = exit_window(participant.left_on, rules)

    def day_of(code):
        on = days_given(participant).get(code)
        return on if on and first <= on <= last else None

    found = {
        indicator
        for code, indicator in ((TRAINING, "EECR02"), (QUALIFIED, "EECR03"))
        if day_of(code)
    }
    searching, working = day_of(SEARCHING), day_of(WORKING)
    # On the same day the job decides: who has one no longer looks for one. Not confirmed.
    works = working is not None and (searching is None or working >= searching)
    if works and participant.status in (UNEMPLOYED, INACTIVE):
        found.add("EECR04")
    if searching and not works and participant.status == INACTIVE:
        found.add("EECR01")
    return found


def days_given(participant):
    """The answers that are days; "no" is none."""
    return {
        code: date.fromisoformat(value)
        for code, value in participant.given.items()
        if code in (SEARCHING, WORKING, TRAINING, QUALIFIED) and value != "no"
    }


def later(participant):
    """Six months after: a job for who had none, a better one for who had one. Not confirmed."""
    found = set()
    if participant.given.get(WORKS_LATER) == "yes" and participant.status in (UNEMPLOYED, INACTIVE):
        found.add("EECR05")
    if participant.given.get(IMPROVED_LATER) == "yes" and participant.status == EMPLOYED:
        found.add("EECR06")
    return found


# --- counting ---


@dataclass(frozen=True)
class Count:
    """How many count for an indicator, of which gender, who, and how many did not want to say."""

    keys: tuple = ()
    by_gender: Mapping[str, int] = field(default_factory=dict)
    withheld: int = 0

    @property
    def value(self):
        return len(self.keys)


def count(participants, variables, rules):
    """Each indicator's Count. The incomplete are in none; each person counts once."""
    keys, genders, withheld = defaultdict(list), defaultdict(lambda: defaultdict(int)), {}
    complete = [each for each in participants if not missing(each, variables)]
    for each in complete:
        for code in sorted(outputs(each, variables, rules) | results(each, variables, rules)):
            keys[code].append(each.key)
            genders[code][each.given[GENDER]] += 1
    for variable in variables:
        for code in variable.feeds.values():
            withheld[code] = sum(variable.code in each.withheld for each in complete)
    return {
        code: Count(tuple(keys[code]), dict(genders[code]), withheld.get(code, 0))
        for code in sorted({*keys, *withheld})
    }


def implausible(counts):
    """(result, gender) of each result that is larger than the groups it may come from."""
    return [
        (code, gender)
        for code, sources in LINKED.items()
        for gender, number in (counts[code].by_gender.items() if code in counts else ())
        if number > sum(counts[each].by_gender.get(gender, 0) for each in sources if each in counts)
    ]


# --- who is asked, and who may be the same ---


class Asking(StrEnum):
    NOT_YET = "not_yet"
    SOON = "soon"
    NOW = "now"


def asking(minutes, hours, near):
    """Whether somebody is asked: without a threshold everybody, else when their hours come near."""
    if hours is None or Decimal(minutes) / 60 >= hours:
        return Asking.NOW
    return Asking.SOON if Decimal(minutes) / 60 >= hours - near else Asking.NOT_YET


def duplicate_key(name, postcode):
    """First name, last name and postcode, as the federal IT checks; None without a postcode."""
    words = fold(name).split()
    return (words[0], words[-1], postcode) if words and postcode else None

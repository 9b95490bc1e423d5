"""The Teilnehmerliste of a project and a period: who took part, how long, and what is answered.

It stands here and not beside the participants, because it carries the logos and notices of the
grants that pay (see group_papers). What leaves the agency names nobody: a number stands for each
person, the one that figures of reports show as well. With names it is printed for whoever leads
the project, to be signed and kept with the vouchers.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from consultations.models import Attendance, Participation
from consultations.participants import Line, State, lines_of
from reports import german
from reports.eu_people import number_of
from reports.group_papers import Funding, printed

WORDS = {
    State.ENTRY_MISSING: "Eintritt fehlt",
    State.INCOMPLETE: "Eintritt unvollständig",
    State.EXIT_DUE: "Austritt offen",
    State.LATER_DUE: "Nachfrage nach sechs Monaten offen",
}


@dataclass(frozen=True)
class Participant:
    """One line of the list, with the stays of somebody in it from their first entry on.

    They know the person, who is named on no other paper's line.
    """

    lines: tuple[Line, ...]
    until: date
    minutes: int

    @property
    def first(self):
        return self.lines[0].participation

    @property
    def number(self):
        return number_of(self.first.key)

    @property
    def person(self):
        return self.first.person

    @property
    def name(self):
        return self.person.name

    @property
    def entered_on(self):
        return self.first.entered_on

    @property
    def left_on(self):
        """The last exit, as far as it was known by the last day of the list."""
        left_on = self.lines[-1].participation.left_on
        return left_on if left_on and left_on <= self.until else None

    @property
    def hours(self):
        return Decimal(self.minutes) / 60

    @property
    def is_reported(self):
        return all(line.is_reported for line in self.lines)

    @property
    def questionnaire(self):
        """How far the questionnaires are, in German as on paper; never what was answered."""
        states = {state for line in self.lines for state in line.states}
        due = [word for state, word in WORDS.items() if state in states]
        return ", ".join(due) or "vollständig"


@dataclass(frozen=True)
class ParticipantList:
    """Everybody who took part in a project on at least one day of a period, once."""

    project: object
    since: date
    until: date
    participants: tuple[Participant, ...]

    @classmethod
    def of(cls, project, since, until, *, by):
        """As the reader may see it, by the day of the first entry."""
        rows = Participation.objects.visible_to(by).of(project).filter(entered_on__lte=until)
        minutes = minutes_of(project, since, until)
        stays = defaultdict(list)
        lines = lines_of(rows.with_key(), min(until, timezone.localdate()))
        for line in sorted(lines, key=day_of_entry):
            stays[line.participation.person_id].append(line)
        people = (
            Participant(tuple(mine), until, minutes.get(person, 0))
            for person, theirs in stays.items()
            if (mine := from_first_entry(theirs, since))
        )
        return cls(project, since, until, tuple(sorted(people, key=lambda each: each.entered_on)))

    @property
    def by_name(self):
        return sorted(self.participants, key=lambda each: each.person.sort_name)

    @property
    def reported(self):
        return sum(each.is_reported for each in self.participants)

    @property
    def total_hours(self):
        return sum((each.hours for each in self.participants), Decimal(0))


def day_of_entry(line):
    return line.participation.entered_on, line.participation.pk


def from_first_entry(lines, since):
    """Of somebody's stays in their order those that last into the time, from the entry that counts.

    Empty for who had left before.
    """
    lasting = [
        number
        for number, line in enumerate(lines)
        if line.participation.left_on is None or line.participation.left_on >= since
    ]
    if not lasting:
        return []
    start = lasting[0]
    while start and not lines[start].place.is_first:
        start -= 1
    return lines[start:]


def minutes_of(project, since, until):
    """Person → the minutes they attended in the project's consultations of the period."""
    attended = Attendance.objects.valid().in_project(project)
    attended = attended.filter(consultation__held_on__range=(since, until)).with_minutes()
    return dict(attended.order_by().values_list("person").annotate(Sum("counted")))


def paper(found, *, with_names):
    """Print the list, in the frame of whoever pays; with names it has a place to sign."""
    people = found.by_name if with_names else found.participants
    context = {
        "agency": settings.AGENCY,
        "project": found.project,
        "funding": Funding.of(found.project, found.since, found.until),
        "since": found.since,
        "until": found.until,
        "with_names": with_names,
        "people": [(each, german.hours(each.minutes)) for each in people],
        "total": german.hours(sum(each.minutes for each in people)),
        "reported": found.reported,
    }
    title = f"Teilnehmerliste: {found.project.name}"
    return printed("participant_list", title, context, timezone.now())

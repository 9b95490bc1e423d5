"""Who was supported under a grant, from which day, and until when: what the EU's rules build on.

Support is advice or training as RCO04 counts it, or an award of the grant; so whatever is counted
of enterprises in RCO01 is what its results are counted of, too (funding.md 8.1).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from consultations.models import Project, SupportCase, SupportTarget
from consultations.participation_rules import months_after
from reports.models import AwardKind

YEAR_OF_MONTHS = 12


@dataclass(frozen=True)
class Spell:
    """One case or award of an enterprise, from a day to a day; None while it runs."""

    begun_on: date
    ended_on: date | None
    target: str = SupportTarget.ENTERPRISE

    @property
    def is_personal(self):
        return self.target == SupportTarget.PERSON


def in_this_period(scope, days):
    return {pk: day for pk, day in days.items() if scope.starts_on <= day <= scope.ends_on}


# --- since when ---


def first_days(scope):
    """Organisation → the day of its first advice or training since the scope began."""
    days = {pk: advised.first for pk, advised in scope.organisations.items()}
    for pk, trainings in scope.in_groups.items():
        days[pk] = min(trainings[0].held_on, days.get(pk, trainings[0].held_on))
    return days


def completions(scope, *kinds):
    """Enterprise → the day the first of its awards of these kinds was completed, until the last
    day of the report: what comes afterwards is still running in it, whenever it is made."""
    days = {}
    for award in scope.cumulated.awards:
        done = award.completed_on and award.completed_on <= scope.ends_on
        if award.kind in kinds and done:
            pk = award.organisation_id
            days[pk] = min(award.completed_on, days.get(pk, award.completed_on))
    return days


def supported_in_any_way(scope):
    """Enterprise → the day it counts as supported: by hours, or by a completed award."""
    days = dict(scope.cumulated.documented)
    for pk, day in completions(scope, *AwardKind).items():
        days[pk] = min(day, days.get(pk, day))
    return days


def first_support(scope):
    """Organisation → the day of its first advice, training or award."""
    days = first_days(scope.cumulated)
    for award in scope.cumulated.awards:
        pk = award.organisation_id
        days[pk] = min(award.granted_on, days.get(pk, award.granted_on))
    return days


# --- until when ---


def spells_of(scope):
    """Supported enterprise → its cases in the project and its awards of the grant."""
    supported, spells = supported_in_any_way(scope), defaultdict(list)
    cases = SupportCase.objects.valid().filter(project=scope.project, organisation__in=supported)
    for pk, *spell in cases.values_list("organisation", "opened_on", "closed_on", "support_target"):
        spells[pk].append(Spell(*spell))
    for award in scope.cumulated.awards:
        if award.organisation_id in supported:
            spells[award.organisation_id].append(Spell(award.granted_on, award.completed_on))
    return spells


def support_ended(scope):
    """Supported enterprise → the last day of its cases and awards; none still run."""
    ends = {pk: [each.ended_on for each in rows] for pk, rows in spells_of(scope).items()}
    return {pk: max(days) for pk, days in ends.items() if None not in days}


def support_completed(scope):
    """Supported enterprise → the day its support was completed first; see `completion`."""
    found = {pk: completion(rows) for pk, rows in spells_of(scope).items()}
    return {pk: day for pk, day in found.items() if day}


def without_end(scope):
    """Supported enterprises of which nobody said when support ended: no case, or one still open.

    Not those whose award still runs: of these it is known.
    """
    done = support_completed(scope).keys()
    running = {
        each.organisation_id
        for each in scope.cumulated.awards
        if not each.completed_on or each.completed_on > scope.ends_on
    }
    return supported_in_any_way(scope).keys() - done - running


def never_completed(scope):
    """Those of them that are due in the period → a year after the project's last day.

    Nobody is supported after it, so that a result could have been asked for by then.
    """
    ended_on = Project.objects.values_list("ends_on", flat=True).get(pk=scope.project)
    if ended_on >= scope.ends_on:
        return {}
    due = months_after(ended_on, YEAR_OF_MONTHS)
    return in_this_period(scope, dict.fromkeys(sorted(without_end(scope)), due))


def completion(spells):
    """The day support ended of which nothing was left and nothing began anew within a year.

    Then, a year later, its result counts, and stays counted (funding.md 2.2.12: stock since the
    start): support that begins afterwards is another one. What helps a person, once the enterprise
    was supported itself, does not prolong it (2.2.8).
    """
    ended, is_own = None, False
    for spell in sorted(spells, key=lambda spell: (spell.begun_on, spell.is_personal)):
        if ended and spell.begun_on >= months_after(ended, YEAR_OF_MONTHS):
            break
        if spell.is_personal and is_own:
            continue
        if spell.ended_on is None:
            return None
        ended, is_own = max(ended or spell.ended_on, spell.ended_on), not spell.is_personal
    return ended

"""Which open offers of partners may help an idea: those in its words, then those of its area."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from enterprises.models import Resource
from enterprises.models.resource import TELLING, telling

MOST = 5


@dataclass(frozen=True)
class Fitting:
    """An offer that may help, why, and how well."""

    resource: Resource
    reasons: tuple[str, ...]
    weight: int


def with_offers(need, ideas, user):
    """Give each idea that has not ended its `offers`, and the need its own; two queries in all.

    Only offers for the area of the need, or for everywhere, count; one that shares neither a word
    nor the area by name is left out.
    """
    rows = Resource.objects.visible_to(user).offers().open()
    if need.district_id:
        rows = rows.in_areas([need.district_id])
    rows = list(rows.for_list().newest_first())
    need.offers = best(rows, need, f"{need.title} {need.text}")
    for idea in ideas:
        words = f"{need.title} {need.text} {idea.title} {idea.text}"
        idea.offers = [] if idea.ended_on else best(rows, need, words)
    return ideas


def best(rows, need, words):
    """The few that fit best."""
    asked = telling(words)
    begun = {start for word in asked for start in starts(word)}
    found = [fitting(row, need, asked, begun) for row in rows]
    found = [each for each in found if each.weight]
    return sorted(found, key=lambda each: (-each.weight, each.resource.pk))[:MOST]


def fitting(row, need, asked, begun):
    """Words fit where they are one, or one begins with the other: Werkstatt, Werkstattladen."""
    offered = telling(f"{row.title} {row.text}")
    shared = sorted(word for word in offered if word in begun or not asked.isdisjoint(starts(word)))
    is_here = need.district_id in {area.pk for area in row.districts.all()}
    reasons = [_("same words: %(words)s") % {"words": ", ".join(shared)}] if shared else []
    if is_here:
        reasons.append(_("same area: %(areas)s") % {"areas": need.district.name})
    return Fitting(row, tuple(reasons), 2 * len(shared) + is_here)


def starts(word):
    """What it begins with, as long as a telling word, and itself."""
    return {word[:length] for length in range(TELLING, len(word) + 1)}

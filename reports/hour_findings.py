"""What the check of a report's data finds in hours that grants pay for: twice, or too many."""

from django.urls import reverse
from django.utils.translation import gettext as _

from best_portal.templatetags.figures import hours
from reports.finding import Finding, management, of_just_these
from reports.models import Grant


def of_hours(report):
    """Hours of the period that other grants pay for, too, or that are more than a year has."""
    grant, bounds = report.grant, report.grant.bounds(report.starts_on, report.ends_on)
    own = hours_of(grant)
    mine = {(who, on): part for (who, on), part in own.items() if bounds.takes(on)}
    people = {who for who, _on in mine}
    beside = Grant.objects.exclude(pk=grant.pk).filter(staff_rates__person__in=people)
    theirs = {
        other: hours_of(other)
        for other in beside.select_related("project").distinct().order_by("pk")
    }
    yield from of_double_hours(grant, mine, theirs)
    yield from of_years(grant, mine, {grant: own, **theirs})


def of_double_hours(grant, mine, theirs):
    """For each other grant that pays for the same hours, unless each plan names the other's
    money."""
    for other, found in theirs.items():
        both = {key: mine[key] for key in found if key in mine}
        is_same = other.project_id == grant.project_id
        if not (is_same and both) or grant.shares_costs_with(other):
            continue
        told = [f"{who.pk}:{on}:{minutes}" for (who, on), minutes in both.items()]
        yield Finding(
            of_just_these(f"double-hours-{other.ref}", told),
            _("%(grant)s pays for the same %(hours)s hours, too: %(people)s.")
            % {
                "grant": other.reference,
                "hours": hours(sum(both.values())),
                "people": ", ".join(sorted({who.name for who, _on in both})),
            },
            reverse("reports:money", args=[grant.ref]),
            management(),
            blocks=True,
            may_be_explained=True,
        )


def of_years(grant, mine, found):
    """People whose hours of a year are more than one may have, all grants taken together.

    No more than the hours a rate is made of may be declared of a person (Art. 55(4) of Regulation
    (EU) 2021/1060, funding.md §7); within one grant the settlement sees to it.
    """
    for person, year in sorted(
        {(who, on.year) for who, on in mine}, key=lambda pair: (pair[0].name, pair[0].pk, pair[1])
    ):
        # The hours for a project are the same ones in each of its grants.
        worked, grants = {}, []
        for each, hours_there in found.items():
            theirs = {
                (each.project_id, on): part
                for (who, on), part in hours_there.items()
                if (who, on.year) == (person, year)
            }
            worked |= theirs
            grants += [each] if theirs else []
        if len({each.project_id for each in grants}) == 1:
            continue
        total, limit = sum(worked.values()), grant.year_minutes(person, year)
        if total <= limit:
            continue
        yield Finding(
            of_just_these(
                f"year-hours-{person.pk}-{year}", [str(total), *(each.ref for each in grants)]
            ),
            _(
                "%(person)s: %(grants)s pay for %(hours)s hours of %(year)s together, and no more "
                "than %(limit)s may be declared."
            )
            % {
                "person": person.name,
                "grants": ", ".join(each.reference for each in grants),
                "hours": hours(total),
                "year": year,
                "limit": hours(limit),
            },
            reverse("reports:money", args=[grant.ref]),
            management(),
            blocks=True,
            may_be_explained=True,
        )


def hours_of(grant):
    """{(person, day): minutes} of the hours that a grant pays for."""
    return {(rate.person, on): minutes for rate, on, minutes in grant.paid_hours() if minutes}

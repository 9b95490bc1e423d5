"""What the check of a report's data finds in hours that grants pay for: twice, or too many."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from best_portal.templatetags.figures import hours
from consultations.models import Consultation, MonthSheet, SheetStatus, TimeEntry
from consultations.models.working_month import last_day_of
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


def of_sheets(report):
    """Months of people paid by the hour whose time sheet is not closed, or that nobody confirmed.

    What is not closed counts nowhere; what is not confirmed is no proof yet (funding.md 1.4).
    """
    rates = list(report.grant.staff_rates.filter(line__costing="hours").select_related("person"))
    people = {rate.person_id: rate.person for rate in rates}
    if not people:
        return
    closed = MonthSheet.objects.closed().filter(project=report.grant.project_id, user__in=people)
    kept = {(sheet.user_id, sheet.month): sheet for sheet in closed.order_by("month", "user")}
    for person, months in by_name(people, months_worked(report, rates) - set(kept)):
        yield Finding(
            f"sheets-open-{person.pk}",
            _("%(person)s: time sheets are not closed, so these hours count nowhere: %(months)s.")
            % {"person": person.name, "months": in_words(months)},
            reverse("consultations:month", args=[person.pk, months[0]]),
            person.name,
        )
    unconfirmed = {
        (who, month)
        for (who, month), sheet in kept.items()
        if sheet.status != SheetStatus.CONFIRMED
        and any(row["own"] and is_paid(report, rates, who, row["day"]) for row in sheet.days)
    }
    for person, months in by_name(people, unconfirmed):
        yield Finding(
            f"sheets-unconfirmed-{person.pk}",
            _("%(person)s: time sheets are not confirmed, though their hours count: %(months)s.")
            % {"person": person.name, "months": in_words(months)},
            kept[person.pk, months[0]].get_absolute_url(),
            management(),
        )


def by_name(people, found):
    """(person, their months in order) of pairs of a person's key and a month."""
    months = defaultdict(list)
    for who, month in sorted(found, key=lambda pair: (people[pair[0]].name, pair)):
        months[people[who]].append(month)
    return months.items()


def in_words(months):
    return ", ".join(date_format(month, "F Y") for month in months)


def is_paid(report, rates, person, day):
    """Whether a day of somebody lies in the report and is paid by the hour."""
    return report.starts_on <= day <= report.ends_on and any(
        rate.person_id == person and rate.covers(day) for rate in rates
    )


def months_worked(report, rates):
    """(person, month) in which somebody whom the grant pays by the hour worked for its project.

    Only months that are over: before that nobody can close them.
    """
    project, days = report.grant.project_id, (report.starts_on, report.ends_on)
    people = {rate.person_id for rate in rates}
    held = Consultation.objects.valid().filter(project=project, advisors__in=people)
    entered = TimeEntry.objects.filter(project=project, user__in=people)
    worked = {
        *held.between(*days).order_by().values_list("advisors", "held_on").distinct(),
        *entered.between(*days).order_by().values_list("user", "day").distinct(),
    }
    return {
        (person, day.replace(day=1))
        for person, day in worked
        if is_paid(report, rates, person, day) and last_day_of(day) < timezone.localdate()
    }

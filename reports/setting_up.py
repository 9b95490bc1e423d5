"""Setting up a grant as a list of tasks: what is set, what is missing, and where each is done."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.granted import (
    another_sum,
    boxes,
    boxes_shown,
    no_logo,
    notices_agree,
    plan_names_amount,
    share_of_plan,
)
from reports.models import AidBasis, LineKind, ThresholdKey


@dataclass(frozen=True)
class Task:
    """One task: `missing` is empty where nothing is; what is optional stops nobody."""

    title: str
    missing: str
    href: str
    is_optional: bool = False

    @property
    def is_done(self):
        return not self.missing


def tasks(grant):
    """Everything a grant needs before its first report, in the order of the notice."""
    edit = reverse("reports:grant_edit", args=[grant.ref])
    return [
        *of_programme(grant),
        *of_notice(grant, edit),
        *of_rules(grant, edit),
        *of_money(grant, edit),
    ]


def task(title, is_done, missing, href, *, is_optional=False):
    return Task(title, "" if is_done else missing, href, is_optional)


def of_programme(grant):
    programme = reverse("reports:programme_edit", args=[grant.programme_id])
    yield task(
        _("Officers who read the reports"),
        grant.programme.officers.exists(),
        _("Nobody of the funder can read a report yet."),
        programme,
    )
    rules = list(grant.programme.rules.during(grant.starts_on, grant.ends_on))
    yield task(
        _("Rules of the programme"),
        rules,
        _("Say which rules apply, and what is not confirmed."),
        f"{programme}#rules",
        is_optional=True,
    )
    if still_open := [str(each) for each in rules if not each.is_confirmed]:
        yield task(
            _("Rules of the programme are confirmed"),
            False,
            _("Not confirmed: %(rules)s.") % {"rules": "; ".join(still_open)},
            f"{programme}#rules",
            is_optional=True,
        )


def of_notice(grant, edit):
    yield task(
        _("Notice and amendments"),
        grant.notices.exists(),
        _("No notice is recorded."),
        f"{edit}#notices",
    )
    if (agree := notices_agree(grant)) is not None:
        yield task(
            _("Notices and amount agree"),
            agree,
            _("Neither the sum of the notices nor the newest one is the amount granted."),
            f"{edit}#notices",
        )
    yield task(
        _("Deadlines of the reports"),
        grant.duties.exists() or grant.deadlines.exists(),
        _("Nobody will be reminded of a report."),
        f"{edit}#duties",
    )
    yield task(
        _("Indicators and targets"),
        grant.targets.exists(),
        _("Reports would count nothing for this funder."),
        f"{edit}#targets",
    )
    yield task(
        pgettext("of a grant", "Milestones"),
        grant.milestones.exists(),
        _("None of the indicators has a milestone."),
        f"{edit}#milestones",
        is_optional=True,
    )


def of_rules(grant, edit):
    rules, thresholds = f"{edit}#rules", f"{edit}#thresholds"
    named = set(grant.thresholds.values_list("key", flat=True))
    yield task(
        _("Threshold of hours"),
        ThresholdKey.HOURS in named,
        _("Without one the first consultation counts."),
        thresholds,
        is_optional=True,
    )
    yield task(_("Logo row with texts"), grant.logos, no_logo(), rules)
    if shown := boxes(grant.logos):
        yield task(
            _("Pictures of the logo row"),
            False,
            boxes_shown(shown),
            reverse("reports:grant_logo", args=[grant.ref]),
            is_optional=True,
        )
    yield task(
        _("How long papers are kept"),
        ThresholdKey.KEEPING in named,
        _("No number of years is set."),
        thresholds,
    )
    yield task(
        _("Notes on rules that are not confirmed"),
        grant.notes,
        _("Nothing is noted."),
        rules,
        is_optional=True,
    )
    if grant.aid_basis == AidBasis.DE_MINIMIS:
        yield task(
            _("What an hour of advice is worth"),
            grant.aid_rates.exists(),
            _("Aid to enterprises cannot be valued."),
            f"{edit}#aid_rates",
        )


def of_money(grant, edit):
    lines, money = list(grant.plan_lines.select_related("method")), f"{edit}#plan_lines"
    kinds = {line.kind for line in lines}
    yield task(
        _("Financing plan"),
        kinds == set(LineKind.values),
        _("The plan needs income and expenses."),
        money,
    )
    planned = {
        kind: sum(line.planned for line in lines if line.kind == kind) for kind in LineKind.values
    }
    yield task(
        _("Income and expenses agree"),
        planned[LineKind.INCOME] == planned[LineKind.EXPENSE],
        _("The sums of income and expenses differ."),
        money,
    )
    if (agree := plan_names_amount(grant, lines)) is not None:
        yield task(_("Plan and amount agree"), agree, another_sum(), money)
    if (share := share_of_plan(grant, lines)) is not None:
        yield task(
            _("Rate and amount agree"),
            share == grant.amount,
            _("The rate of the eligible expenses is %(share)s EUR.")
            % {"share": number_format(share, 2, force_grouping=True)},
            f"{edit}#money",
        )
    by_hour = [line for line in lines if line.costing == "hours"]
    lump = [line for line in lines if line.costing == "lump"]
    books = reverse("reports:money", args=[grant.ref])
    if by_hour:
        yield task(
            _("Hourly rates"),
            all(line.staff_rates.exists() for line in by_hour),
            _("A line that is paid by the hour has no rate."),
            books,
        )
    if lump:
        yield task(
            _("Results with lump sums"),
            all(line.deliverables.exists() for line in lump),
            _("A line of lump sums has no result."),
            books,
        )

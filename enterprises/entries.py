"""What the timeline tells of the organisation itself: stages, criteria, income, jobs, people,
members, public money."""

from django.db.models import DateField, F, Func
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from best_portal.db import BerlinMidnight
from best_portal.templatetags.figures import euro, number
from enterprises.models import Operation
from enterprises.timeline import Entry, Kind

LAST_DAY_OF_YEAR = Func(F("year"), 12, 31, function="MAKE_DATE", output_field=DateField())


def edit_url(kind, row, user):
    """The page where staff change a fact; founders only read it."""
    owner = row.group_id if kind == "membership" else row.organisation_id
    if not user.is_staff_member:
        return ""
    return reverse(f"enterprises:{kind}_edit", args=[owner, row.pk])


def stage(change, user):
    title = _("Stage: %(stage)s") % {"stage": change.get_stage_display()}
    return Entry(title, who=name_of(change.noted_by), text=change.reason)


def assessment(row, user):
    return Entry(
        row.get_criterion_display(),
        href=edit_url("assessment", row, user),
        who=name_of(row.assessed_by),
        text=row.evidence,
        status=_("met") if row.is_met else _("not met"),
        tone="success" if row.is_met else "warning",
    )


def income(mix, user):
    said = _(
        "public contracts %(public)s, private purchasing power %(private)s, unpaid %(hours)s h"
    )
    return Entry(
        _("Income mix of %(year)s") % {"year": mix.year},
        href=edit_url("income", mix, user),
        text=said
        % {
            "public": euro(mix.public_contracts),
            "private": euro(mix.private_sales),
            "hours": number(mix.unpaid_hours),
        },
    )


def job_begun(job, user):
    return Entry(
        job.title,
        href=edit_url("job", job, user),
        text=_("%(kind)s, full-time equivalent %(fte)s")
        % {"kind": job.get_kind_display(), "fte": number(job.fte)},
        status=_("begun"),
    )


def job_ended(job, user):
    return Entry(job.title, href=edit_url("job", job, user), status=_("ended"))


def joined(part, user):
    return Entry(
        part.person.name,
        href=edit_url("involvement", part, user),
        text=part.get_role_display(),
        status=_("joined"),
    )


def left(part, user):
    return Entry(
        part.person.name,
        href=edit_url("involvement", part, user),
        text=part.get_role_display(),
        status=_("left"),
    )


def member_joined(membership, user):
    href = edit_url("membership", membership, user)
    return Entry(membership.member.name, href=href, status=_("joined"))


def member_left(membership, user):
    href = edit_url("membership", membership, user)
    return Entry(membership.member.name, href=href, status=_("left"))


def operation(row, user):
    return Entry(
        row.name,
        href=row.get_absolute_url() if user.is_staff_member else "",
        text=_("%(fund)s, total eligible expenditure %(amount)s")
        % {"fund": row.get_fund_display(), "amount": euro(row.amount)},
    )


def name_of(user):
    return user.name if user else ""


KINDS = [
    Kind(
        name="stage",
        label=gettext_lazy("Stages"),
        rows=lambda organisation, user: organisation.stages.all(),
        moment=BerlinMidnight("since"),
        for_page=lambda rows, user: rows.select_related("noted_by"),
        entry=stage,
        advisors="noted_by",
    ),
    Kind(
        name="assessment",
        label=gettext_lazy("Criteria"),
        rows=lambda organisation, user: organisation.assessments.valid(),
        moment=BerlinMidnight("assessed_on"),
        for_page=lambda rows, user: rows.select_related("assessed_by"),
        entry=assessment,
        advisors="assessed_by",
    ),
    Kind(
        name="income",
        label=gettext_lazy("Income mix"),
        rows=lambda organisation, user: organisation.income_mixes.valid(),
        moment=BerlinMidnight(LAST_DAY_OF_YEAR),
        entry=income,
    ),
    Kind(
        name="job",
        label=gettext_lazy("Jobs"),
        rows=lambda organisation, user: organisation.jobs.valid(),
        moment=BerlinMidnight("since"),
        entry=job_begun,
    ),
    Kind(
        name="job_ended",
        label=gettext_lazy("Jobs"),
        family="job",
        rows=lambda organisation, user: organisation.jobs.valid(),
        moment=BerlinMidnight("until"),
        entry=job_ended,
    ),
    Kind(
        name="joined",
        label=gettext_lazy("People"),
        rows=lambda organisation, user: organisation.involvements.valid(),
        moment=BerlinMidnight("since"),
        for_page=lambda rows, user: rows.select_related("person"),
        entry=joined,
        people="person",
    ),
    Kind(
        name="left",
        label=gettext_lazy("People"),
        family="joined",
        rows=lambda organisation, user: organisation.involvements.valid(),
        moment=BerlinMidnight("until"),
        for_page=lambda rows, user: rows.select_related("person"),
        entry=left,
        people="person",
    ),
    Kind(
        name="member",
        label=gettext_lazy("Members"),
        rows=lambda organisation, user: organisation.memberships.valid(),
        moment=BerlinMidnight("since"),
        for_page=lambda rows, user: rows.select_related("member"),
        entry=member_joined,
    ),
    Kind(
        name="member_left",
        label=gettext_lazy("Members"),
        family="member",
        rows=lambda organisation, user: organisation.memberships.valid(),
        moment=BerlinMidnight("until"),
        for_page=lambda rows, user: rows.select_related("member"),
        entry=member_left,
    ),
    Kind(
        name="operation",
        label=gettext_lazy("Public money received"),
        rows=lambda organisation, user: (
            Operation.objects.visible_to(user).current().received_by([organisation])
        ),
        moment=BerlinMidnight("starts_on"),
        for_page=lambda rows, user: rows.for_list(),
        entry=operation,
    ),
]

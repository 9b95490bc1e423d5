"""The check of a report's data: what blocks it, what deserves a look, where to settle it, and who.

Counted live, under the same rules and in the same snapshot as the figures. What blocks is frozen
with a version by its code: a version made of such data is neither released nor submitted.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from best_portal.templatetags.figures import number
from consultations.models import Consultation, SupportCase
from consultations.participation_rules import LINKED
from enterprises.models import Job
from reports import drift, figures, milestones, money_findings, pace, supported_findings
from reports.checks import final_in_part, is_final_in_part
from reports.document import PARTS
from reports.eu_people import GENDERS
from reports.finding import Finding, management, shortened
from reports.granted import boxes, boxes_shown, has_emblem, lacks_statement, no_logo
from reports.outlines import left_over, sections_of

PARTICIPANTS = "people_eeco01"


@dataclass(frozen=True)
class Counted:
    """One target with what counts for it until a day, and how much of the grant's time is over
    then, in percent."""

    target: object
    in_period: figures.Figure
    cumulated: figures.Figure
    elapsed: Decimal
    until: date

    @property
    def code(self):
        return self.target.indicator.code

    @property
    def is_missed(self):
        return pace.is_behind(self.cumulated.value, self.target.value, self.elapsed)

    @property
    def missed_milestone(self):
        return milestones.missed(self.target.milestones, self.cumulated.value, self.until)

    @property
    def is_without_people(self):
        return self.target.indicator.rule == PARTICIPANTS and not self.in_period.value

    @property
    def needs_a_reason(self):
        return bool(self.is_missed or self.missed_milestone or self.is_without_people)

    @property
    def without_reason(self):
        """The sentence about a missed target or milestone, or no participant at all; else None."""
        target, name = self.target, self.target.indicator.name
        if self.is_missed:
            return _("%(code)s %(name)s: %(value)s of %(target)s, and no reason is given.") % {
                "code": self.code,
                "name": name,
                "value": number(self.cumulated.value),
                "target": number(target.value),
            }
        if missed := self.missed_milestone:
            return milestones.without_reason(self.code, name, self.cumulated.value, missed)
        if self.is_without_people:
            return _(
                "%(code)s %(name)s: nobody took part in the period, and no reason is given."
            ) % {"code": self.code, "name": name}
        return None


def findings(report, scope, counted):
    """Everything there is to say of a report's data; `counted` holds a Counted for each target."""
    bills = money_findings.alike(report)
    found = [
        *supported_findings.of_participants(report, counted),
        *supported_findings.of_few_hours(report, scope, counted),
        *supported_findings.of_open_support(report, scope, counted),
        *of_work(report, scope),
        *of_reports_beside(report),
        *money_findings.to_look_at(report, bills),
        *drift.of_accepted(report),
        *of_logos(report),
        *of_texts(report),
    ]
    return [*blocking(report, scope, counted, bills), *shortened(found)]


def blocking(report, scope, counted, bills=None):
    """Only what blocks, or would if nobody had said why."""
    bills = money_findings.alike(report) if bills is None else bills
    found = [
        *of_period(report),
        *(of_figures(report, scope, counted) if prints(report, "indicators") else ()),
        *money_findings.blocking(report, bills),
        *of_no_text(report),
    ]
    return [explained(each, report) for each in shortened(found)]


def explained(finding, report):
    if finding.may_be_explained and (reason := report.exceptions.get(finding.code)):
        return Finding(**{**vars(finding), "explanation": reason})
    return finding


def open_codes(found):
    """The codes of what is open, each once, in their order."""
    return tuple(dict.fromkeys(each.code for each in found if each.is_open))


def counted_for(report, pairs):
    """Counted of (target, in the period, since the start)."""
    grant = report.grant
    over = pace.percent_over(grant.accountable_from, grant.ends_on, report.ends_on)
    return [Counted(*pair, over, report.ends_on) for pair in pairs]


# --- period ---


def of_period(report):
    """A period that the grant does not pay for any more, since an amendment moved its days."""
    grant = report.grant
    if not grant.covers(report.starts_on, report.ends_on):
        yield Finding(
            "period",
            _(
                "The grant pays for %(start)s to %(end)s now, and this report goes beyond it. "
                "Prepare one for a period within it."
            )
            % grant.first_and_last_day,
            reverse("reports:new_for", args=[grant.ref]),
            management(),
            blocks=True,
        )


# --- figures ---


def of_figures(report, scope, counted):
    """What blocks a paper that prints figures; a list of vouchers prints none."""
    yield from of_targets(report, counted)
    yield from of_plausibility(report, counted)
    yield from supported_findings.of_sizes(report, scope, counted)
    yield from supported_findings.of_people_and_firms(report, scope, counted)


def of_targets(report, counted):
    """A missed target or milestone, or no participant at all, without a sentence why."""
    for each in counted:
        if not each.needs_a_reason or report.reasons.get(each.code, "").strip():
            continue
        yield Finding(
            f"target:{each.code}",
            each.without_reason,
            reverse("reports:texts", args=[report.pk]),
            management(),
            blocks=True,
        )


def of_plausibility(report, counted):
    """What the Commission checks: a result is no larger than the group it may come from."""
    since = {
        each.code: {part.label: part.value for part in each.cumulated.parts} for each in counted
    }
    for code, sources in LINKED.items():
        if code not in since or not set(sources) <= set(since):
            continue
        for label in GENDERS.values():
            most = sum(since[source].get(label, 0) for source in sources)
            if since[code].get(label, 0) > most:
                yield Finding(
                    f"implausible:{code}",
                    _("%(code)s is larger than %(sources)s (%(label)s). That cannot be.")
                    % {"code": code, "sources": " + ".join(sources), "label": label},
                    reverse("consultations:participations", args=[report.grant.project.key]),
                    management(),
                    blocks=True,
                )
    yield from statuses_disagree(report, since)


def statuses_disagree(report, since):
    parts = ("EECO02", "EECO04", "EECO05")
    if {"EECO01", *parts} <= set(since):
        numbers = {code: sum(v for k, v in since[code].items()) for code in ("EECO01", *parts)}
        if numbers["EECO01"] != sum(numbers[code] for code in parts):
            yield Finding(
                "sum:EECO01",
                _("EECO01 is not the sum of EECO02, EECO04 and EECO05."),
                reverse("consultations:participations", args=[report.grant.project.key]),
                management(),
                blocks=True,
            )


# --- work ---


def of_work(report, scope):
    work = Consultation.objects.valid().filter(project=report.grant.project_id)
    period = work.between(report.starts_on, report.ends_on)
    if not period.exists():
        yield Finding(
            "empty",
            _("No consultation of the project is logged in this period."),
            address_of_list(report),
            management(),
        )
    yield from without_area(report, period)
    unsettled = SupportCase.objects.without_target().filter(project=report.grant.project_id)
    for case in unsettled.select_related("organisation", "advisor"):
        yield Finding(
            "target_of_case",
            _("%(name)s: whether the person or the enterprise is supported is not settled.")
            % {"name": case.organisation},
            reverse("enterprises:detail", args=[case.organisation_id]),
            case.advisor.name,
        )
    jobs = Job.objects.valid().begun_between(report.starts_on, report.ends_on)
    jobs = jobs.filter(confirmed_on=None, organisation__in=scope.cumulated.organisations)
    for job in jobs.select_related("organisation"):
        yield Finding(
            "job",
            _("%(name)s: the job “%(job)s” is not confirmed and counts nowhere.")
            % {"name": job.organisation, "job": job.title},
            reverse("enterprises:job_edit", args=[job.organisation_id, job.pk]),
            management(),
        )


def of_reports_beside(report):
    """Another report of the same kind with some of the same days: they are counted in both."""
    beside = report.grant.reports.beside(report.kind, report.starts_on, report.ends_on)
    for other in beside.order_by("starts_on", "pk"):
        yield Finding(
            "beside",
            _(
                "Some of these days are in another report already: %(report)s. What happened on "
                "them is counted in both. Choose periods that follow one another."
            )
            % {"report": other},
            other.get_absolute_url(),
            management(),
        )


def without_area(report, period):
    """Consultations without a neighbourhood, for each advisor with the days to look at."""
    lacking = period.filter(district=None).order_by()
    for pk, name, days in (
        lacking.values_list("advisors", "advisors__name")
        .annotate(number=Count("pk"))
        .order_by("advisors__name")
    ):
        yield Finding(
            "area",
            ngettext(
                "%(count)d consultation has no neighbourhood.",
                "%(count)d consultations have no neighbourhood.",
                days,
            )
            % {"count": days},
            address_of_list(report, advisor=pk or "", district="null"),
            name or management(),
        )


def address_of_list(report, **more):
    asked = {
        "project": report.grant.project_id,
        "since": report.starts_on.isoformat(),
        "until": report.ends_on.isoformat(),
        **more,
    }
    address = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse('consultations:list')}?{address}"


# --- logos ---


def of_logos(report):
    """What the row of logos on the paper lacks; who supplies it is said where it is set."""
    grant = report.grant
    rules = f"{reverse('reports:grant_edit', args=[grant.ref])}#rules"
    logos = grant.logos_on(report.ends_on)
    if not logos:
        yield Finding("logos", no_logo(), rules, management())
        return
    if not has_emblem(grant, logos):
        yield Finding(
            "emblem",
            _("This is money of the European Union, and its emblem is not in the row of logos."),
            rules,
            management(),
        )
    if lacks_statement(grant, logos):
        yield Finding(
            "statement",
            _(
                "Beside the European emblem “Kofinanziert von der Europäischen Union” is not "
                "written out."
            ),
            rules,
            management(),
        )
    if shown := boxes(logos):
        logo = reverse("reports:grant_logo", args=[grant.ref])
        yield Finding("logo-boxes", boxes_shown(shown), logo, management())


# --- words ---


def of_no_text(report):
    """A report with a Sachbericht in which nothing is written goes to nobody."""
    sections = sections_of(report.grant)
    if sections and prints(report, "narrative") and not written(report, sections):
        yield Finding(
            "no-text",
            _("Nothing is written in the narrative report yet."),
            reverse("reports:texts", args=[report.pk]),
            management(),
            blocks=True,
            may_be_explained=True,
        )


def prints(report, part):
    parts = PARTS.get(report.kind)
    return parts is None or part in parts


def written(report, sections):
    return [each for each in sections if report.narrative.get(each.key, "").strip()]


def of_texts(report):
    sections = sections_of(report.grant)
    done = written(report, sections)
    empty = [each.heading for each in sections if each not in done]
    if done and empty:
        yield Finding(
            "texts",
            ngettext(
                "One section has no text: %(sections)s.",
                "%(count)d sections have no text: %(sections)s.",
                len(empty),
            )
            % {"count": len(empty), "sections": ", ".join(empty)},
            reverse("reports:texts", args=[report.pk]),
            management(),
        )
    if former := [heading for heading, _text in left_over(report)]:
        yield Finding(
            "left-over",
            _("What is written under former sections is not printed: %(sections)s.")
            % {"sections": ", ".join(former)},
            reverse("reports:texts", args=[report.pk]),
            management(),
        )
    if is_final_in_part(report.grant, report.kind, report.starts_on, report.ends_on):
        yield Finding("final-in-part", final_in_part(), report.get_absolute_url(), management())
    if report.ends_on >= timezone.localdate():
        yield Finding(
            "running",
            _("The period has not ended yet. Its figures will still change."),
            report.get_absolute_url(),
            management(),
        )

"""What is due when: reports and papers a notice asks for, whether they are in, and other dates."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.models import FunderPaper, Grant, PaperKind, Report, ReportKind, Submission


@dataclass(frozen=True)
class Due:
    """One thing that is due; a report or paper with its kind and period, and where it is there, it.

    Other dates have a `note` instead, and nothing says when they are done.
    """

    grant: Grant
    due_on: date
    key: str
    note: str = ""
    kind: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    report: Report | None = None
    paper: FunderPaper | None = None
    today: date | None = None

    @property
    def title(self):
        if self.note:
            return self.note
        days = (self.starts_on, self.ends_on)
        first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in days)
        return _("%(kind)s for %(first)s to %(last)s") % {
            "kind": (PaperKind if self.is_paper else ReportKind)(self.kind).label,
            "first": first,
            "last": last,
        }

    @property
    def is_done(self):
        """Whether a version of it was handed in; a correction after that makes it no open duty.

        A paper is done when it was handed over to the funder.
        """
        if self.is_paper:
            return self.paper is not None
        return self.report is not None and self.report.was_handed_in

    @property
    def is_report(self):
        return self.kind in ReportKind.values

    @property
    def is_paper(self):
        return self.kind in PaperKind.values

    @property
    def is_asked_for(self):
        """Whether the portal knows when it is done; of other dates it does not."""
        return self.is_report or self.is_paper

    @property
    def preset(self):
        """The name of this period on the page that prepares a report."""
        return f"{self.kind}-{self.starts_on:%Y%m%d}-{self.ends_on:%Y%m%d}"

    @property
    def href(self):
        """Where the manager goes on: to the report or paper, or to its beginning."""
        if self.is_paper:
            return self._paper_href
        if self.report:
            return self.report.get_absolute_url()
        if self.is_report:
            return f"{reverse('reports:new_for', args=[self.grant.ref])}?zeitraum={self.preset}"
        return self.grant.get_absolute_url()

    @property
    def _paper_href(self):
        if self.paper:
            return self.grant.get_absolute_url()
        if self.kind == PaperKind.PAYMENT:
            return reverse("reports:money", args=[self.grant.ref])
        period = f"von={self.starts_on.isoformat()}&bis={self.ends_on.isoformat()}"
        new = reverse("reports:funder_paper_new", args=[self.grant.ref])
        return f"{new}?art={self.kind}&{period}"

    @property
    def is_overdue(self):
        return self.is_asked_for and not self.is_done and self.due_on < self.today


def of_grants(grants, today):
    """Everything that is or was due of these grants, the soonest first, as of a day."""
    grants = list(grants)
    prefetch_related_objects(grants, "duties", "deadlines")
    written = {}
    handed_in = Exists(Submission.objects.filter(version__report=OuterRef("pk")))
    reports = Report.objects.filter(grant__in=grants).with_state()
    for report in reports.annotate(was_handed_in=handed_in).order_by("-starts_on"):
        # Of those that end on the same day, the one that reaches back the furthest.
        written[report.grant_id, report.kind, report.ends_on] = report
    handed_over = {}
    for paper in FunderPaper.objects.filter(grant__in=grants).standing().defer("pdf"):
        handed_over.setdefault((paper.grant_id, paper.kind), []).append(paper)
    found = []
    for grant in grants:
        for duty in grant.duties.all():
            # The grant at hand is its own, with everything it was asked for with.
            duty.grant = grant
            if duty.kind in PaperKind.values:
                papers = handed_over.get((grant.pk, duty.kind), [])
                found += of_paper_duty(duty, papers, today)
            else:
                found += of_duty(duty, written, today)
        found += [
            Due(grant, each.due_on, f"deadline:{each.pk}", note=each.title)
            for each in grant.deadlines.all()
        ]
    return sorted(found, key=lambda due: (due.due_on, due.grant.pk, due.key))


def of_duty(duty, written, today):
    for starts_on, ends_on, due_on in duty.periods():
        report = written.get((duty.grant_id, duty.kind, ends_on))
        if report and report.starts_on > starts_on:
            report = None
        key = f"duty:{duty.pk}:{ends_on.isoformat()}"
        period = {"starts_on": starts_on, "ends_on": ends_on}
        yield Due(duty.grant, due_on, key, kind=duty.kind, report=report, today=today, **period)


def of_paper_duty(duty, papers, today):
    """An extract covers its period whole; a payment request is for days of it, seldom for all.

    One that only reaches into the period from the one before has not asked for it.
    """

    def does(paper, starts_on, ends_on):
        if duty.kind == PaperKind.PAYMENT:
            reaches_end = paper.starts_on <= ends_on <= paper.ends_on
            return reaches_end or starts_on <= paper.starts_on <= ends_on
        return paper.starts_on <= starts_on and paper.ends_on >= ends_on

    for starts_on, ends_on, due_on in duty.periods():
        paper = next((each for each in papers if does(each, starts_on, ends_on)), None)
        key = f"duty:{duty.pk}:{ends_on.isoformat()}"
        period = {"starts_on": starts_on, "ends_on": ends_on}
        yield Due(duty.grant, due_on, key, kind=duty.kind, paper=paper, today=today, **period)


def ahead(user, today, until=date.max):
    """What somebody who knows the grants still has to see come: due up to a day, or overdue."""
    grants = Grant.objects.visible_to(user).for_list()
    return [
        due
        for due in of_grants(grants, today)
        if not due.is_done and due.due_on <= until and (due.due_on >= today or due.is_asked_for)
    ]

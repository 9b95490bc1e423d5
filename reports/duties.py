"""What is due when: reports a notice asks for, whether they were handed in, and other dates."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.models import Grant, Report, ReportKind, Submission


@dataclass(frozen=True)
class Due:
    """One thing that is due; a report with its kind and period, and the report where it is there.

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
    today: date | None = None

    @property
    def title(self):
        if self.note:
            return self.note
        days = (self.starts_on, self.ends_on)
        first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in days)
        return _("%(kind)s for %(first)s to %(last)s") % {
            "kind": ReportKind(self.kind).label,
            "first": first,
            "last": last,
        }

    @property
    def is_done(self):
        """Whether a version of it was handed in; a correction after that makes it no open duty."""
        return self.report is not None and self.report.was_handed_in

    @property
    def is_report(self):
        return bool(self.kind)

    @property
    def preset(self):
        """The name of this period on the page that prepares a report."""
        return f"{self.kind}-{self.starts_on:%Y%m%d}-{self.ends_on:%Y%m%d}"

    @property
    def href(self):
        """Where the manager goes on: to the report, or to its beginning."""
        if self.report:
            return self.report.get_absolute_url()
        if self.is_report:
            return f"{reverse('reports:new_for', args=[self.grant.ref])}?zeitraum={self.preset}"
        return self.grant.get_absolute_url()

    @property
    def is_overdue(self):
        return self.is_report and not self.is_done and self.due_on < self.today


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
    found = []
    for grant in grants:
        for duty in grant.duties.all():
            # The grant at hand is its own, with everything it was asked for with.
            duty.grant = grant
        found += [due for duty in grant.duties.all() for due in of_duty(duty, written, today)]
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


def ahead(user, today, until=date.max):
    """What somebody who knows the grants still has to see come: due up to a day, or overdue."""
    grants = Grant.objects.visible_to(user).for_list()
    return [
        due
        for due in of_grants(grants, today)
        if not due.is_done and due.due_on <= until and (due.due_on >= today or due.is_report)
    ]

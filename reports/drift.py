"""What was accepted, and what the books say of the same time today."""

from decimal import Decimal

from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from reports import settlement
from reports.finding import Finding, management
from reports.models import ReportVersion
from reports.money_findings import euros

SUMS = ("spent", "eligible")


def of_accepted(report):
    """Each accepted report of the grant, up to this one, whose books were changed since.

    A period is opened with a reason and locked again; what the funder has accepted stays as it was
    printed, so a new version has to say what became of it.
    """
    grant = report.grant
    accepted = list(
        ReportVersion.objects.filter(
            report__grant=grant, report__ends_on__lte=report.ends_on, acceptance__isnull=False
        )
        .annotate(kept=KeyTransform("settlement", "frozen"))
        .defer("frozen")
        .select_related("report__grant")
        .order_by("report__ends_on", "report", "-number")
    )
    newest = {}
    for version in accepted:
        if version.kept:
            newest.setdefault(version.report_id, version)
    if not newest:
        return
    terms, plan, books = grant.terms, grant.plan, grant.books
    for version in newest.values():
        of = version.report
        account = settlement.account(terms, plan, books, of.starts_on, of.ends_on)
        was = {name: Decimal(version.kept[name]) for name in SUMS}
        now = {name: getattr(account, name) for name in SUMS}
        if was == now:
            continue
        yield Finding(
            "drift",
            _(
                "%(report)s was accepted with %(was)s EUR spent, %(was_eligible)s EUR of it "
                "eligible; the books now say %(now)s EUR and %(now_eligible)s EUR. Make a new "
                "version of it, or put the books right."
            )
            % {
                "report": of,
                "was": euros(was["spent"]),
                "was_eligible": euros(was["eligible"]),
                "now": euros(now["spent"]),
                "now_eligible": euros(now["eligible"]),
            },
            of.get_absolute_url(),
            management(),
        )

"""What was accepted, and what the books and the figures say of the same time today."""

from decimal import Decimal

from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from best_portal.templatetags.figures import number
from reports import eu_people, settlement
from reports.figures import count
from reports.finding import Finding, management
from reports.models import ReportVersion, Target
from reports.money_findings import euros
from reports.scope import Scope

SUMS = ("spent", "eligible")
TIMES = ("in_period", "cumulated")


def of_accepted(report):
    """Each accepted report of the grant, up to this one, that would say something else today.

    A period is opened with a reason and locked again, and no lock keeps what is known of an
    enterprise: a founding or a job that is confirmed later. What the funder has accepted stays as
    it was printed, so a new version has to say what became of it.
    """
    accepted = (
        ReportVersion.objects.filter(
            report__grant=report.grant,
            report__ends_on__lte=report.ends_on,
            acceptance__isnull=False,
        )
        .annotate(
            kept=KeyTransform("settlement", "frozen"), figures=KeyTransform("indicators", "frozen")
        )
        .defer("frozen")
        .select_related("report__grant")
        .order_by("report__ends_on", "report", "-number")
    )
    newest = {}
    for version in accepted:
        newest.setdefault(version.report_id, version)
    yield from _of_books(report.grant, [each for each in newest.values() if each.kept])
    yield from _of_figures(report.grant, newest.values())


def _of_books(grant, accepted):
    if not accepted:
        return
    terms, plan, books = grant.terms, grant.plan, grant.books
    for version in accepted:
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


def _of_figures(grant, accepted):
    """By the rules of today; an indicator that was added or dropped since is no difference."""
    for version in accepted:
        of = version.report
        targets = Target.objects.promised(grant, of.ends_on)
        scope = Scope.of(grant, of.starts_on, of.ends_on)
        kept = {each["code"]: each for each in version.figures or []}
        told = [
            words
            for target in targets
            # Whoever takes back a consent must not be found by the figure that is one less.
            if target.indicator.code in kept
            and target.indicator.code not in eu_people.PROTECTED
            and (words := _changed(kept[target.indicator.code], count(target, scope)))
        ]
        if told:
            yield Finding(
                "drift-figures",
                _(
                    "%(report)s was accepted with other figures than are counted of the same time "
                    "now: %(figures)s. Make a new version of it, or put right what was changed."
                )
                % {"report": of, "figures": "; ".join(told)},
                of.get_absolute_url(),
                management(),
            )


def _changed(was, now):
    """The figure as it was accepted and as it is, of the period or else since the start."""
    for time, figure in zip(TIMES, now, strict=True):
        before = None if was[time] is None else Decimal(was[time])
        if before != figure.value:
            words = _("%(code)s %(was)s → %(now)s")
            if time == "cumulated":
                words = _("%(code)s since the start %(was)s → %(now)s")
            return words % {"code": was["code"], "was": _told(before), "now": _told(figure.value)}
    return ""


def _told(value):
    return "k. A." if value is None else number(value)

"""How long the papers of a grant are kept: every rule that applies, and when the last one ends."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _

from consultations.participation_rules import months_after
from reports.models import (
    AccountingRule,
    DeMinimisAward,
    FundCode,
    LimitKey,
    PaymentRequest,
    ReportKind,
    Submission,
    ThresholdKey,
)

# Money of the European Union: its own rule comes on top of the notice's (funding.md §1.5).
EUROPEAN = (FundCode.ESF, FundCode.EFRE)
YEAR_OF_MONTHS = 12


@dataclass(frozen=True)
class Keeping:
    """One rule: until when, and why; or `waits_for`, what must happen before the day is known."""

    why: str
    until: date | None = None
    waits_for: str = ""


def rules_of(grant):
    """Each rule that applies to the papers of a grant as of now."""
    found = []
    found += of_notice(grant)
    if grant.programme.fund.code in EUROPEAN and (rule := payment_rule(grant)):
        found.append(of_payments(grant, rule))
    awards = DeMinimisAward.objects.filter(grant=grant)
    if until := awards.aggregate(last=Max("retain_until"))["last"]:
        found.append(Keeping(_("De minimis aid granted under it"), until))
    return found


def last_day(rules):
    """The last day of all rules; None while one of them is still open, or where there is none."""
    if not rules or any(each.until is None for each in rules):
        return None
    return max(each.until for each in rules)


def of_notice(grant):
    """So many years from the day the final report was handed in, by the number of that day."""
    rows = grant.thresholds.of(ThresholdKey.KEEPING)
    proven = Submission.objects.filter(
        version__report__grant=grant, version__report__kind=ReportKind.FINAL
    ).aggregate(last=Max("submitted_on"))["last"]
    if proven is None:
        return [Keeping(row.source, waits_for=_("the final report is handed in")) for row in rows]
    return [
        Keeping(row.source, months_after(proven, YEAR_OF_MONTHS * int(row.value)))
        for row in rows.valid_on(proven)
    ]


def payment_rule(grant):
    rules = AccountingRule.objects.filter(key=LimitKey.KEEPING).valid_on(grant.ends_on)
    return rules.first()


def of_payments(grant, rule):
    """So many years from 31 December of the year of the last payment."""
    paid = PaymentRequest.objects.filter(grant=grant).aggregate(last=Max("paid_on"))["last"]
    if paid is None:
        return Keeping(rule.source, waits_for=_("the first payment arrives"))
    if not Submission.objects.filter(
        version__report__grant=grant, version__report__kind=ReportKind.FINAL
    ).exists():
        return Keeping(rule.source, waits_for=_("the last payment is known"))
    return Keeping(rule.source, date(paid.year + int(rule.value), 12, 31))

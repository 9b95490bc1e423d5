"""The money of a grant as its page shows it: plan against actual, and what deserves a look."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from best_portal.templatetags.figures import euro, number
from reports import settlement
from reports.models import Costing, ThresholdKey


@dataclass(frozen=True)
class Row:
    """One position of the plan on the page."""

    account: settlement.LineAccount
    forecast: Decimal | None
    costing: str

    @property
    def line(self):
        return self.account.line

    @property
    def takes_vouchers(self):
        return self.line.costing in ("real", "staff") and self.line.origin != "grant"

    @property
    def will_exceed(self):
        """Whether it goes on so that more than planned is spent."""
        return (
            self.line.is_expense
            and self.forecast is not None
            and not self.account.is_exceeded
            and self.forecast > self.line.planned
        )


@dataclass(frozen=True)
class Sum:
    """The last line of a side of the plan."""

    planned: Decimal
    actual: Decimal
    eligible: Decimal
    left: Decimal
    forecast: Decimal | None


class Money:
    """A grant's books on a day."""

    def __init__(self, grant, today):
        self.grant, self.today = grant, today
        self.account = grant.accounts()
        words = dict(Costing.choices)
        self.rows = [
            Row(
                each,
                settlement.forecast(each.since_start, grant.accountable_from, grant.ends_on, today),
                words[each.line.costing],
            )
            for each in self.account.lines
        ]

    @property
    def expenses(self):
        return [row for row in self.rows if row.line.is_expense]

    @property
    def incomes(self):
        return [row for row in self.rows if not row.line.is_expense]

    @property
    def pays_by_hour(self):
        return any(row.line.costing == Costing.HOURS for row in self.rows)

    @property
    def pays_for_results(self):
        return any(row.line.costing == Costing.LUMP for row in self.rows)

    @property
    def expense_sum(self):
        return sum_of(self.expenses)

    @property
    def income_sum(self):
        return sum_of(self.incomes)

    @property
    def left_to_ask(self):
        return self.grant.amount - self.grant.payment_requests.asked_for()

    @property
    def findings(self):
        """What deserves a look before anything is accounted for: sentences."""
        return [*self._of_lines(), *self._of_vouchers(), *self._of_things()]

    def _of_lines(self):
        for row in self.rows:
            if row.account.is_exceeded:
                yield _(
                    "“%(line)s” is %(percent)s percent over its plan, more than may be saved "
                    "elsewhere."
                ) % {"line": row.line.label, "percent": number(row.account.deviation_percent)}
        if self.account.surplus:
            yield _(
                "More has come in than was spent: %(amount)s. The project is over-financed."
            ) % {"amount": euro(self.account.surplus)}
        if self.account.spent > sum((row.line.planned for row in self.expenses), Decimal(0)):
            yield _("More is spent than the whole plan allows.")
        planned = sum((row.line.planned for row in self.incomes), Decimal(0))
        if self.rows and planned != sum((row.line.planned for row in self.expenses), Decimal(0)):
            yield _("Planned income and planned expenses do not agree.")
        if self.incomes and not any(row.line.origin == "grant" for row in self.incomes):
            yield _("No line of the plan is the money of this grant.")

    def _of_vouchers(self):
        vouchers = self.grant.vouchers.valid()
        if count := vouchers.outside(self.grant).count():
            yield ngettext(
                "%(count)d voucher is paid outside of the period and not eligible.",
                "%(count)d vouchers are paid outside of the period and not eligible.",
                count,
            ) % {"count": count}
        if count := vouchers.unpaid().count():
            yield ngettext(
                "%(count)d bill is not paid yet and does not count.",
                "%(count)d bills are not paid yet and do not count.",
                count,
            ) % {"count": count}

    def _of_things(self):
        limits = self.grant.steps(ThresholdKey.INVENTORY)
        if not limits:
            return
        reaching = Q(pk=None)
        for limit in limits:
            days = Q(invoiced_on__gte=limit.since) if limit.since else Q()
            days &= Q(invoiced_on__lte=limit.until) if limit.until else Q()
            reaching |= Q(amount__gte=limit.value) & days
        listed = self.grant.inventory.valid().filter(voucher__isnull=False).values("voucher")
        dear = self.grant.vouchers.valid().filter(
            reaching, line__kind="expense", line__costing=Costing.REAL
        )
        if count := dear.exclude(pk__in=listed).count():
            yield ngettext(
                "%(count)d voucher reaches the price of the inventory and names no thing in it. "
                "A service needs none.",
                "%(count)d vouchers reach the price of the inventory and name no thing in it. "
                "A service needs none.",
                count,
            ) % {"count": count}


def sum_of(rows):
    forecasts = [row.forecast for row in rows]
    zero = Decimal(0)
    return Sum(
        planned=sum((row.line.planned for row in rows), zero),
        actual=sum((row.account.since_start for row in rows), zero),
        eligible=sum((row.account.since_start_eligible for row in rows), zero),
        left=sum((row.account.left for row in rows), zero),
        forecast=None if None in forecasts else sum(forecasts, zero),
    )

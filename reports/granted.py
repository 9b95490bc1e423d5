"""Whether what a notice says agrees with itself and with the plan: amounts, rate, costs."""

from reports.cents import WHOLE, cents
from reports.models import FinancingKind, LineKind


def notices_agree(grant):
    """Whether the amount granted is the sum of the notices, or the newest one's; None without."""
    granted = [notice.amount for notice in grant.notices.all()]
    return grant.amount in (sum(granted), granted[-1]) if granted else None


def share_of_plan(grant, lines):
    """What the rate of a share gives of the eligible costs planned; None where there is none."""
    expenses = [line for line in lines if line.kind == LineKind.EXPENSE]
    if grant.financing != FinancingKind.SHARE or not grant.rate or not expenses:
        return None
    eligible = sum(line.planned if line.eligible is None else line.eligible for line in expenses)
    return cents(eligible * grant.rate / WHOLE)

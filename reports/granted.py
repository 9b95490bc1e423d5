"""Whether what a notice says agrees with itself, the plan and the paper: amounts, rate, logos."""

from django.utils.translation import gettext as _

from reports.cents import WHOLE, cents
from reports.models import FinancingKind, FundCode, LimitKey, LineKind, Origin

# "Kofinanziert …" and "Finanziert von der Europäischen Union" both end so.
STATEMENT = "finanziert von der europäischen union"


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


def plan_names_amount(grant, lines):
    """Whether the plan's line for this grant is the amount granted; None where it has no line."""
    own = next((line for line in lines if line.origin == Origin.GRANT), None)
    return own and own.planned == grant.amount


def has_emblem(grant, logos):
    """Whether the row of logos has the European emblem where the fund is of the Union."""
    return not of_union(grant) or any(logo.get("kind") == "eu" for logo in logos)


def of_union(grant):
    return grant.programme.fund.code in (FundCode.ESF, FundCode.EFRE)


def lacks_statement(grant, logos):
    """Whether what the Union co-finances does not say so in full beside its emblem.

    Only where a rule of the time the grant began in wants it; older periods had other sentences.
    """
    emblems = [logo for logo in logos if logo.get("kind") == "eu"]
    if not of_union(grant) or not grant.limit(LimitKey.EMBLEM):
        return False
    return bool(emblems) and not any(
        STATEMENT in " ".join(logo.get("text", "").split()).casefold() for logo in emblems
    )


def boxes(logos):
    """What stands in the row of logos as a box, for its picture is not there yet."""
    return [
        logo["text"]
        for logo in logos
        if logo.get("kind") != "eu" and "text" in logo and not logo.get("image")
    ]


# The data check says the same as the tasks of setting up a grant.


def no_logo():
    return _("The paper shows no logo.")


def boxes_shown(texts):
    return _("The paper shows a box in place of: %(logos)s.") % {"logos": ", ".join(texts)}


def another_sum():
    return _("The plan names another sum for this grant than was granted.")

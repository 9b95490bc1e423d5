"""What is wrong with a row of a list of vouchers, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from best_portal.imports.sentences import SENTENCES as COMMON
from reports.oddities import CLOSED, IMPOSSIBLE

SENTENCES = {
    **COMMON,
    **IMPOSSIBLE,
    "no_line": _("The position of the financing plan is missing. Fill it in."),
    "unknown_line": _(
        "“%(value)s” is no position of this plan that takes vouchers. There are: %(known)s."
    ),
    "no_number": _("The number of the voucher is missing. Fill it in."),
    "no_payee": _("Nothing says who was paid or who paid. Fill it in."),
    "no_reason": _("Nothing says what was paid for. Fill it in."),
    "no_amount": _("The amount is missing. Fill it in, for example 1.234,56."),
    "unreadable_amount": _("“%(value)s” cannot be read as an amount. Write it like 1.234,56."),
    "impossible_amount": _("“%(value)s” is not a possible amount. Correct it."),
    "eligible_beyond": _("The eligible part lies between 0 and the amount. Correct it."),
    "no_cut_reason": _("Not all of it is eligible. Say why in a column of its own."),
    "unknown_kind": _("“%(value)s” is neither an income nor an expense. Write one of the two."),
    "closed_day": CLOSED,
    "same_number": _(
        "The position has another voucher of the number %(value)s already. Give this one its own, "
        "or correct that one."
    ),
}

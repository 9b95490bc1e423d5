"""What is wrong with a row of a published list, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from best_portal.imports.sentences import SENTENCES as COMMON

SENTENCES = COMMON | {
    "no_beneficiary": _("Nothing says who received the money. Fill in the beneficiary."),
    "no_name": _("The operation has no name. Fill it in."),
    "end_before_start": _(
        "The end (%(end)s) lies before the start (%(start)s). Correct one of the two."
    ),
    "no_amount": _("The amount is missing. Fill it in, for example 1.234,56."),
    "unreadable_amount": _("“%(value)s” cannot be read as an amount. Write it like 1.234,56."),
    "impossible_amount": _("“%(value)s” is not a possible amount. Correct it."),
    "unreadable_share": _("“%(value)s” is not a share of 0 to 100 percent. Write it like 49,92%%."),
}

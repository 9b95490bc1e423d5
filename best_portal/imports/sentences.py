"""What a problem of any list says to the person who keeps it, and what to do about it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "no_date": _("The date is missing. Fill it in, for example 03.02.2003."),
    "unreadable_date": _("“%(value)s” cannot be read as a date. Write it like 03.02.2003."),
    "impossible_date": _("“%(value)s” does not exist in the calendar. Correct the date."),
    "too_long": _("The text is longer than %(most)s characters. Shorten it."),
}


def said(words, params):
    """The sentence with its params put in, of several names "this or that"."""
    joined = {
        name: gettext(" or ").join(value) if isinstance(value, list) else value
        for name, value in params.items()
    }
    return words % joined

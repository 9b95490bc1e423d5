"""A milestone on the way to a target: whether it is missed, and what is said of it then."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from best_portal.templatetags.figures import number


def is_missed(milestone, due_on, value, today):
    """Whether its day is over and its value not reached.

    Not where no milestone is agreed, nor where nothing was measured (`value` is None).
    """
    if milestone is None or value is None:
        return False
    return due_on <= today and value < milestone


def without_reason(code, name, value, milestone, due_on):
    """The sentence about a missed milestone nobody gave a reason for."""
    return _(
        "%(code)s %(name)s: %(value)s instead of the milestone of %(milestone)s until %(day)s, "
        "and no reason is given."
    ) % {
        "code": code,
        "name": name,
        "value": number(value),
        "milestone": number(milestone),
        "day": date_format(due_on, "SHORT_DATE_FORMAT"),
    }

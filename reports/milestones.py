"""Milestones on the way to a target: which of them is missed, and what is said of it then."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from best_portal.templatetags.figures import number
from reports.document import Milestone


def missed(milestones, value, today):
    """The last milestone whose day is over and whose value is not reached; None if there is none.

    Nor where nothing was measured (`value` is None).
    """
    if value is None:
        return None
    over = [each for each in milestones if each.due_on <= today and value < each.value]
    return over[-1] if over else None


def of_line(line):
    """The milestones of a frozen indicator, as it is kept in JSON; older ones have one at most."""
    kept = list(line.get("milestones", ()))
    if line.get("milestone") is not None:
        kept.insert(0, {"value": line["milestone"], "due_on": line["milestone_on"]})
    return tuple(
        Milestone(Decimal(each["value"]), date.fromisoformat(each["due_on"])) for each in kept
    )


def without_reason(code, name, value, milestone):
    """The sentence about a missed milestone nobody gave a reason for."""
    return _(
        "%(code)s %(name)s: %(value)s instead of the milestone of %(milestone)s until %(day)s, "
        "and no reason is given."
    ) % {
        "code": code,
        "name": name,
        "value": number(value),
        "milestone": number(milestone.value),
        "day": date_format(milestone.due_on, "SHORT_DATE_FORMAT"),
    }

"""What each problem code says to the person who keeps the log, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from best_portal.imports.sentences import SENTENCES as COMMON
from best_portal.imports.sentences import said

SENTENCES = COMMON | {
    "outside_period": _(
        "%(value)s lies outside the project's period. Correct the date or choose another project."
    ),
    "in_the_future": _("%(value)s is still to come. Only what has happened can be imported."),
    "impossible_time": _("“%(value)s” is not a time of day. Write it like 09:30."),
    "end_before_start": _(
        "The end (%(end)s) is not after the start (%(start)s). Correct one of the two."
    ),
    "no_duration": _("Nothing says how long it took. Fill in start and end, or the duration."),
    "unreadable_duration": _(
        "“%(value)s” cannot be read as a duration. Write it like 1,5 or 1:30 or 90 min."
    ),
    "impossible_duration": _(
        "“%(value)s” is not a possible duration: at least 1 minute, at most 24 hours. "
        "If minutes are meant, write for example 90 min."
    ),
    "durations_disagree": _(
        "From start to end it is %(taken)s minutes, but the duration says %(told)s minutes. "
        "Correct one of them."
    ),
    "no_kind": _("The kind is missing. Fill in Beratung, Begleitung or Qualifizierung."),
    "unknown_kind": _(
        "“%(value)s” is not a known kind. Write Beratung, Begleitung or Qualifizierung."
    ),
    "no_organisation": _("Nothing says who was advised. Fill in the initiative or enterprise."),
    "no_area": _("The area is missing. Fill in the QM area."),
    "unknown_area": _("“%(value)s” is not a known area. Write the name of the QM area."),
    "area_not_valid": _("The area %(value)s did not exist on %(date)s. Correct area or date."),
    "impossible_count": _("“%(value)s” is not a number of people. Write a whole number from 1."),
}
NEAR = _("“%(value)s” is not a known area. Is this meant: %(near)s?")


def words_of(code, params):
    """The sentence of a problem, what the cell says not yet put in."""
    return NEAR if params.get("near") else SENTENCES[code]


def sentence(code, params):
    """The problem in the reader's language, with what the cell says put in."""
    return said(words_of(code, params), params)

"""Consultations for an evaluator: the same person's file is recognised, nobody's name is."""

import hashlib
import hmac

from django.conf import settings
from django.utils.translation import gettext_lazy as _

HEADINGS = [
    _("Case"),
    _("Date"),
    _("Kind"),
    _("Minutes"),
    _("Number of people"),
    _("Neighbourhood"),
]
LENGTH = 12


def keyed(project, number, kind=""):
    """The pseudonym of a row of the portal within one project; other kinds have other ones."""
    key = f"{settings.PSEUDONYM_KEY}:pseudonym:{kind}{project.key}".encode()
    return hmac.new(key, str(number).encode(), hashlib.sha256).hexdigest()[:LENGTH]


def pseudonym(project, organisation_id):
    """The case number of an organisation within one project.

    Keyed with a secret of the portal and the project: the same file is the same case through the
    years, but nobody outside can compute it back, and two projects' data cannot be joined.
    """
    if organisation_id is None:
        return ""
    return keyed(project, organisation_id)


def person_pseudonym(project, person_id):
    """The number of a participant within one project, keyed likewise."""
    return keyed(project, person_id, "person:")


def lines(project, consultations):
    """Yield the cells of each consultation's line, ordered by case, then by day."""
    for row in consultations.iterator(chunk_size=1000):
        yield [
            pseudonym(project, row.organisation_id),
            row.held_on,
            row.get_kind_display(),
            row.minutes,
            row.headcount,
            str(row.district or ""),
        ]

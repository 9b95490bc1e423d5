"""What the check of a report's data has found, by the codes of it."""

import re

from reports.data_check import check
from tests.factories import (
    frozen,
    produced,
)


def found(report, code):
    """The findings of a code, or of one that goes on with just the rows it is about."""
    return [
        each
        for each in check(report).found
        if each.code == code or re.fullmatch(rf"{code}-[0-9a-f]{{8}}", each.code)
    ]


def open_codes(report):
    return {each.code for each in check(report).open}


def blocked(*codes):
    return produced(frozen=frozen(blocked_by=list(codes)))

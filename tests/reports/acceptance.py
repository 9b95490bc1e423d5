"""Reports that were accepted, and how what they counted is refused."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from best_portal.db import TRIGGERS
from reports.models import Acceptance
from tests.factories import (
    YEAR,
    make_grant,
    make_officer,
    make_project,
    make_report,
    make_submitted,
)

FIRST, MID, LAST = date(YEAR, 1, 1), date(YEAR, 6, 30), date(YEAR, 12, 31)
DAY = timedelta(days=1)


@contextmanager
def refused(name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


@contextmanager
def told(name):
    """The refusal comes in the words of its trigger."""
    with pytest.raises(ValidationError) as caught:
        yield
    assert caught.value.messages == [str(TRIGGERS[name])]


def asking_grant():
    """One for last year and this one, whose project asks its participants."""
    days = {"starts_on": date(YEAR - 1, 1, 1), "ends_on": LAST}
    return make_grant(project=make_project(**days, asks_participants=True), **days)


def accept(grant, **days):
    version = make_submitted(report=make_report(grant=grant, **days))
    return Acceptance.objects.accept(version, by=make_officer(version))


def accept_first_half(grant):
    return accept(grant, starts_on=FIRST, ends_on=MID)


@contextmanager
def told_of(lock):
    """The refusal begins with the sentence of this lock."""
    with pytest.raises(ValidationError) as caught:
        yield
    assert caught.value.messages[0].startswith(str(lock.refusal))

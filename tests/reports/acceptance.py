"""Reports that were accepted, and how what they counted is refused."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from best_portal.db import TRIGGERS
from reports.models import Acceptance
from tests.factories import YEAR, make_officer, make_report, make_submitted

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


def accept(grant, **days):
    version = make_submitted(report=make_report(grant=grant, **days))
    return Acceptance.objects.accept(version, by=make_officer(version))


def accept_first_half(grant):
    return accept(grant, starts_on=FIRST, ends_on=MID)

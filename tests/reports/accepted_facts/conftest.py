"""A report of an initiative that was advised in its first half, and accepted."""

from datetime import date

import pytest

from tests.factories import (
    YEAR,
    make_consultation,
    make_grant,
    make_indicator,
    make_organisation,
    make_target,
    make_user,
)
from tests.reports.acceptance import FIRST, accept_first_half


@pytest.fixture
def grant():
    """One whose figures read every kind of fact."""
    grant = make_grant(starts_on=FIRST, ends_on=date(YEAR, 12, 31))
    for rule in ("new_jobs", "innovations_in_house", "new_enterprises_surviving"):
        make_target(grant=grant, indicator=make_indicator(rule=rule))
    return grant


@pytest.fixture
def organisation(grant):
    """An initiative that was advised in the first half of the year, before it was accepted."""
    organisation = make_organisation()
    make_consultation(project=grant.project, organisation=organisation, held_on=FIRST)
    return organisation


@pytest.fixture
def lock(grant, organisation):
    return accept_first_half(grant).lock


@pytest.fixture
def page(sign_in):
    return sign_in(make_user())

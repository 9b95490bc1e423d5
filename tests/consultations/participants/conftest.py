"""A project that asks its participants, and somebody who takes part in it."""

from datetime import timedelta

import pytest

from tests.consultations.participants.days import START, TODAY
from tests.factories import make_participation, make_project, make_user


@pytest.fixture
def advisor():
    return make_user()


@pytest.fixture
def project(advisor):
    return make_project(
        team=[advisor],
        asks_participants=True,
        starts_on=START,
        ends_on=TODAY + timedelta(days=100),
    )


@pytest.fixture
def taking_part(project):
    return make_participation(project)

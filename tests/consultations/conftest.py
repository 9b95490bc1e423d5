"""What several tests of appointments begin with."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import BERLIN, make_district, make_office_hours
from tests.server import served


@pytest.fixture
def hours():
    """Office hours in a neighbourhood, as guests find them."""
    hours = make_office_hours(place="Stadtteilbüro", cancel_hours=1)
    hours.project.districts.add(make_district(name="Musterkiez"))
    return hours


@pytest.fixture(scope="module")
def portal(django_db_setup):
    """The address of a portal in processes of its own, on the database of the tests."""
    with served() as address:
        yield address


class Clock:
    """What the portal takes for now: a Tuesday in May, ten in the morning, until it is set."""

    def __init__(self):
        self.at = datetime(2030, 5, 14, 10, tzinfo=BERLIN).astimezone(UTC)

    def set(self, *moment):
        """Set it to what Berlin's clocks show."""
        self.at = datetime(*moment, tzinfo=BERLIN).astimezone(UTC)

    def forward(self, **duration):
        self.at += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch):
    """Let a test say what time it is: `clock.set(2030, 5, 14, 10)`, `clock.forward(hours=4)`."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.at)
    return clock

"""What the tests of these pages share: an advisor signed in, and what the log form sends."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.models import ConsultationKind
from tests.factories import (
    make_project,
    make_user,
)

LOG = "/beratungen/neu/"
CANARY = "Kanarienvogel im Vermerk"


@pytest.fixture
def advisor():
    return make_user()


@pytest.fixture
def project(advisor):
    """A project that runs today."""
    today = timezone.localdate()
    return make_project(
        team=[advisor], starts_on=date(2020, 1, 1), ends_on=today + timedelta(days=30)
    )


@pytest.fixture
def page(sign_in, advisor):
    return sign_in(advisor)


def typed(project, organisation=None, **fields):
    """What the log form sends, with the least that is needed."""
    values = {
        "form_key": uuid.uuid4(),
        "held_on": "2024-05-06",
        "length": "1,5",
        "kind": ConsultationKind.ADVICE,
        "project": project.pk,
        "district": "on_file",
        "advisors": [project.team.first().pk],
    }
    if organisation:
        values |= {"organisation": organisation.pk, "organisation_text": organisation.name}
    return values | fields


def errors_of(response):
    return {name: list(messages) for name, messages in response.context["form"].errors.items()}

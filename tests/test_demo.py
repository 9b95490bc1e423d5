"""The demo: complete, the same at every run, and possible by the domain's own rules."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from best_portal.accounts.models import Role, User
from consultations.models import Consultation, Project
from enterprises.models import Organisation
from reports.models import Grant
from tests.factories import make_user

GRANTS = {
    "best-modell-esf",
    "best-modell-senat",
    "best-pankow-efre",
    "best-heute-esf",
    "best-heute-senat",
    "best-heute-efre",
}

pytestmark = pytest.mark.django_db


def test_the_empty_demo_has_people_projects_and_grants_but_no_work():
    call_command("demo", "--empty", stdout=StringIO())

    assert set(Project.objects.values_list("key", flat=True)) == {
        "best-modell",
        "best-pankow",
        "best-heute",
    }
    assert set(Grant.objects.values_list("ref", flat=True)) == GRANTS
    assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
    assert not Consultation.objects.exists()
    assert not Organisation.objects.exists()


def test_the_demo_is_refused_where_there_are_accounts():
    make_user()

    with pytest.raises(CommandError, match="accounts already"):
        call_command("demo")


def test_the_demo_is_refused_without_the_demo_setting(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")


def test_the_demo_cannot_take_place_in_the_future():
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(CommandError, match="future"):
        call_command("demo", today=tomorrow)

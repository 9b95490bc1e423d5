"""Training in groups in the figures: once for the agency, once for each who came."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from consultations.models import CheckIn, ConsultationKind
from reports.figures import RULES
from reports.scope import Scope
from tests.factories import (
    make_consultation,
    make_enterprise,
    make_grant,
    make_group_session,
    make_project,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

EVENING = datetime(2024, 6, 3, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
YEAR = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture
def project():
    return make_project(team=[make_user()])


def teach(project, people, evening=EVENING, channel="office"):
    """Two hours with (organisation, minutes late) each."""
    session = make_group_session(
        project=project,
        leaders=list(project.team.all()),
        times=[(evening, evening + 2 * HOUR)],
        channel=channel,
    )
    [day] = session.dates.all()
    for organisation, late in people:
        registration = make_registration(session=session, organisation=organisation)
        CheckIn.objects.note(
            by=session.planned_by, date=day, registration=registration, is_present=True, late=late
        )
    return day.log(by=session.planned_by, result="")


def count(project, rule, hours=None):
    grant = make_grant(project=project, minimum_hours=hours)
    return RULES[rule](Scope.of(grant, *YEAR))


def test_two_hours_with_eight_people_are_one_training_two_hours_and_eight_attendances(project):
    teach(project, [(None, 0)] * 7 + [(None, 30)])

    values = {
        rule: count(project, rule).value
        for rule in ("consultations", "hours", "trainings", "attendances", "organisations")
    }

    assert values == {
        "consultations": 1,
        "hours": 2,
        "trainings": 1,
        "attendances": 8,
        "organisations": 0,
    }


@pytest.mark.parametrize("rule", ["enterprises_supported", "enterprises_advised"])
def test_an_enterprise_reaches_its_threshold_by_advice_and_training_together(project, rule):
    cafe = make_enterprise()
    make_consultation(project=project, organisation=cafe, held_on=date(2024, 5, 2), minutes=60)
    teach(project, [(cafe, 0), (cafe, 30)])

    assert count(project, rule, Decimal("3.01")).value == 0
    figure = count(project, rule, Decimal(3))

    assert figure.value == 1
    [row] = figure.rows
    # An hour of advice and two of training: not two more because two of its people came.
    assert (row.on, row.minutes) == (EVENING.date(), 180)


def test_who_came_late_brings_the_enterprise_as_much_as_they_were_there(project):
    cafe = make_enterprise()
    teach(project, [(cafe, 90)])

    assert count(project, "enterprises_supported", Decimal("0.5")).value == 1
    assert count(project, "enterprises_supported", Decimal("0.51")).value == 0


def test_training_before_the_founding_and_by_phone_does_not_count_where_advice_would_not(project):
    later = make_enterprise(founded_on=date(2024, 7, 1))
    by_phone = make_enterprise()
    teach(project, [(later, 0)])
    teach(project, [(by_phone, 0)], EVENING + timedelta(days=1), channel="phone")

    assert count(project, "enterprises_supported", Decimal(2)).ids == (by_phone.pk,)
    assert count(project, "enterprises_advised", Decimal(2)).value == 0


def test_withdrawn_training_counts_nowhere(project):
    cafe = make_enterprise()
    teach(project, [(cafe, 0)]).withdraw(by=project.team.get())

    for rule in ("trainings", "attendances", "enterprises_supported"):
        assert count(project, rule).value == 0


def test_training_of_one_organisation_counts_as_before(project):
    cafe = make_enterprise()
    make_consultation(
        project=project,
        organisation=cafe,
        kind=ConsultationKind.TRAINING,
        held_on=date(2024, 5, 2),
        minutes=90,
        headcount=5,
    )

    assert count(project, "attendances").value == 5
    [row] = count(project, "enterprises_supported", Decimal("1.5")).rows
    assert row.minutes == 90

"""The data check of people who count beside the enterprise they lead: one or the other."""

from datetime import date

import pytest

from best_portal.accounts.models import Role
from consultations.models import Attendance
from reports.models import Report
from tests.factories import (
    COMPLETE,
    YEAR,
    make_case,
    make_consultation,
    make_enterprise,
    make_grant,
    make_indicator,
    make_participation,
    make_person,
    make_report,
    make_size,
    make_target,
    make_user,
    write_answers,
)
from tests.reports.checked import found, open_codes

pytestmark = pytest.mark.django_db


def make_both(role="founder", support_target="enterprise", **involvement):
    """A participant and an enterprise of a grant that counts both, with the part one has in it."""
    grant, body = make_grant(), make_enterprise(name="Musterladen")
    make_size(body)
    for rule in ("people_eeco05", "small_enterprises"):
        make_target(grant=grant, indicator=make_indicator(rule=rule))
    case = make_case(project=grant.project, organisation=body, support_target=support_target)
    talk = make_consultation(project=grant.project, organisation=body, case=case)
    person = make_person(name="Erika Beispiel", birth_on=date(1990, 5, 17))
    participation = make_participation(grant.project, person=person)
    write_answers(participation, **COMPLETE)
    if role:
        body.involvements.create(person=person, role=role, **involvement)
    return make_report(grant=grant), participation, talk


def test_a_person_and_their_enterprise_that_both_count_block_until_it_is_explained():
    report, participation, _talk = make_both()
    report.grant.project.team.add(make_user(name="Ada Muster"))

    [finding] = found(report, "person-and-firm")
    assert "Erika Beispiel" in finding.text
    assert "Musterladen" in finding.text
    assert "Ada Muster" in finding.owner
    assert finding.href == participation.get_absolute_url()
    assert finding.code in open_codes(report)

    report.explain(finding.code, by=make_user(Role.MANAGER), reason="Erst Person, dann Betrieb.")
    assert finding.code not in open_codes(Report.objects.get())


@pytest.mark.parametrize(
    "both",
    [
        {"role": "employee"},
        {"role": None},
        {"support_target": "person"},
        {"until": date(YEAR - 1, 12, 31)},
    ],
)
def test_only_who_leads_an_enterprise_that_counts_itself_is_counted_twice(both):
    report, _participation, _talk = make_both(**both)

    assert not found(report, "person-and-firm")


def test_whoever_came_to_the_talks_of_an_enterprise_that_counts_is_counted_twice():
    report, participation, talk = make_both(role=None)
    body = talk.organisation
    Attendance.objects.create(consultation=talk, person=participation.person, organisation=body)

    assert found(report, "person-and-firm")


def test_a_grant_that_counts_no_people_counts_nobody_twice():
    report, _participation, _talk = make_both()
    report.grant.targets.filter(indicator__rule="people_eeco05").delete()

    assert not found(report, "person-and-firm")

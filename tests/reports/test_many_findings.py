"""More findings of one kind than a page holds are counted, and lead to just what they say."""

import pytest

from best_portal.accounts.models import Role
from reports.data_check import check
from reports.finding import LONGEST
from reports.models import Indicator
from tests.factories import (
    make_consultation,
    make_district,
    make_grant,
    make_participation,
    make_report,
    make_target,
    make_user,
)

pytestmark = pytest.mark.django_db


def lacking(report):
    return [each.text for each in check(report).found if each.code == "participant"]


@pytest.fixture
def report():
    grant = make_grant()
    make_target(grant=grant, indicator=Indicator.objects.get(code="EECO01"))
    return make_report(grant=grant)


def take_part(report, number):
    for _each in range(number):
        make_participation(project=report.grant.project, entered_on=report.starts_on)


def test_as_many_as_are_listed_are_all_of_them(report):
    take_part(report, LONGEST)

    told = lacking(report)
    assert len(told) == LONGEST
    assert not [text for text in told if text.startswith("Und ")]


def test_how_many_more_there_are_is_said(report):
    take_part(report, LONGEST + 12)

    told = lacking(report)
    assert len(told) == LONGEST + 1
    assert told[-1].startswith("Und 12 weitere")


def test_what_has_no_neighbourhood_leads_to_just_these(report, sign_in):
    project, advisor = report.grant.project, make_user()
    for district in (None, make_district()):
        make_consultation([advisor], project=project, district=district, held_on=report.starts_on)

    [area] = [each for each in check(report).found if each.code == "area"]
    page = sign_in(make_user(Role.MANAGER)).get(area.href)

    assert [row.district for row in page.context["page"].object_list] == [None]

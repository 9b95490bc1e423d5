"""Indicators of awards and innovation, counted by hand."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from enterprises.models import Merge
from reports.freezing import freeze
from reports.models import Indicator
from reports.reading import Reading
from tests.factories import (
    YEAR,
    make_case,
    make_consultation,
    make_enterprise,
    make_enterprise_award,
    make_grant,
    make_innovation,
    make_organisation,
    make_project,
    make_report,
    make_size,
    make_target,
    make_user,
    make_version,
)
from tests.reports.eu import HALF, count, make_scope, parts

pytestmark = pytest.mark.django_db


def test_a_grant_and_advice_are_one_enterprise_that_both_ways_of_support_count():
    grant, body = make_grant(minimum_hours=Decimal(2)), make_enterprise()
    make_consultation(
        project=grant.project, organisation=body, held_on=date(YEAR, 3, 1), minutes=120
    )
    make_enterprise_award(grant=grant, organisation=body, completed_on=date(YEAR, 5, 1))
    scope = make_scope(grant)

    assert count("enterprises_in_any_way", scope).value == 1
    assert count("enterprises_with_grants", scope).value == 1
    assert count("enterprises_advised", scope).value == 1
    assert count("enterprises_with_instruments", scope).value == 0
    assert [row.on for row in count("enterprises_in_any_way", scope).rows] == [date(YEAR, 3, 1)]
    assert [row.on for row in count("enterprises_with_grants", scope).rows] == [date(YEAR, 5, 1)]


def test_a_grant_counts_when_it_is_completed_and_only_under_its_own_notice():
    grant = make_grant()
    other = make_grant(project=grant.project)
    make_enterprise_award(grant=grant)
    done = make_enterprise_award(grant=grant, completed_on=date(YEAR, 8, 1))

    figure = count("enterprises_with_grants", make_scope(grant))

    assert figure.ids == (done.organisation_id,)
    assert parts(figure) == {"nicht gezählt: noch nicht abgeschlossen": 1}
    # What is completed after the last day is still running in a report until then.
    half = count("enterprises_with_grants", make_scope(grant, ends_on=HALF))
    assert (half.value, parts(half)) == (0, {"nicht gezählt: noch nicht abgeschlossen": 2})
    assert count("enterprises_with_grants", make_scope(other)).value == 0


def test_somebody_who_has_founded_nothing_yet_is_no_enterprise_with_a_grant():
    grant = make_grant()
    make_enterprise_award(
        grant=grant, organisation=make_organisation(), completed_on=date(YEAR, 2, 1)
    )

    assert count("enterprises_with_grants", make_scope(grant)).value == 0
    assert count("enterprises_in_any_way", make_scope(grant)).value == 0


def test_a_legal_form_that_changes_makes_no_second_and_no_new_enterprise():
    """GbR becomes GmbH: founded too long ago to be new, and one undertaking throughout."""
    grant = make_grant(new_enterprise_months=12)
    body = make_enterprise(legal_form="gbr", founded_on=date(YEAR - 4, 1, 1))
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 2, 1))
    body.legal_form = "gmbh"
    body.save()
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 9, 1))
    scope = make_scope(grant)

    assert count("enterprises_in_any_way", scope).value == 1
    assert count("enterprises_advised", scope).value == 1
    assert count("new_enterprises", scope).value == 0


def test_two_files_of_a_gbr_and_the_gmbh_it_became_count_once_when_they_are_one():
    grant, manager = make_grant(new_enterprise_months=12), make_user(Role.MANAGER)
    gbr = make_enterprise(legal_form="gbr", founded_on=date(YEAR - 4, 1, 1))
    gmbh = make_enterprise(legal_form="gmbh", founded_on=date(YEAR, 5, 1))
    for body, on in ((gbr, date(YEAR, 2, 1)), (gmbh, date(YEAR, 9, 1))):
        make_consultation(project=grant.project, organisation=body, held_on=on)
        make_enterprise_award(grant=grant, organisation=body, granted_on=on, completed_on=on)
    apart = make_scope(grant)
    assert count("enterprises_in_any_way", apart).value == 2
    assert count("new_enterprises", apart).value == 1

    Merge.objects.merge(gmbh, gbr, by=manager)

    for rule in ("enterprises_in_any_way", "enterprises_with_grants", "enterprises_advised"):
        assert count(rule, make_scope(grant)).ids == (gbr.pk,)
    assert count("new_enterprises", make_scope(grant)).value == 0


def test_private_money_is_added_up_and_what_was_not_stated_stands_beside_it():
    grant = make_grant()
    for private in (Decimal("1000.50"), Decimal("0.00"), None):
        make_enterprise_award(grant=grant, private_amount=private, completed_on=date(YEAR, 4, 1))
    make_enterprise_award(grant=grant, private_amount=Decimal(77))

    figure = count("private_investments", make_scope(grant))

    assert figure.value == Decimal("1000.50")
    assert [row.amount for row in figure.rows] == [Decimal("1000.50"), 0]
    assert parts(figure) == {"k. A. (Förderungen)": 1}


def test_private_money_nobody_has_stated_is_not_nought():
    grant = make_grant()
    assert count("private_investments", make_scope(grant)).value == 0
    make_enterprise_award(grant=grant, private_amount=None, completed_on=date(YEAR, 4, 1))

    figure = count("private_investments", make_scope(grant))

    assert (figure.value, figure.rows) == (None, ())
    assert parts(figure) == {"k. A. (Förderungen)": 1}


@pytest.mark.parametrize(
    ("introduced_on", "number"),
    [
        (date(YEAR, 1, 31), 0),
        (date(YEAR, 2, 1), 1),
        (date(YEAR + 1, 6, 1), 1),
        (date(YEAR + 1, 6, 2), 0),
    ],
)
def test_an_innovation_counts_from_the_first_support_to_a_year_after_its_end(introduced_on, number):
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise()
    make_size(body)
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    make_innovation(body, introduced_on=introduced_on)

    assert count("new_products_or_processes", make_scope(grant)).value == number
    assert count("new_marketing_or_organisation", make_scope(grant)).value == 0


def test_each_sort_of_innovation_counts_an_enterprise_once_and_only_confirmed_small_ones():
    grant = make_grant()
    bodies = [make_enterprise() for _ in range(4)]
    for body in bodies:
        make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 2, 1))
    several, unsaid, large, unconfirmed = bodies
    make_size(several)
    make_size(large, employees=300)
    make_size(unconfirmed)
    for kind in ("product", "process", "marketing"):
        make_innovation(several, kind=kind, is_in_house=kind == "process")
    make_innovation(unsaid)
    make_innovation(large)
    make_innovation(unconfirmed, confirmed_on=None)
    scope = make_scope(grant)

    first = count("new_products_or_processes", scope)
    assert first.ids == (several.pk,)
    assert parts(first) == {
        "nicht gezählt: großes Unternehmen": 1,
        "nicht gezählt: Größe nicht erklärt": 1,
    }
    assert count("new_marketing_or_organisation", scope).ids == (several.pk,)
    assert count("innovations_in_house", scope).ids == (several.pk,)


def test_more_value_for_each_employee_counts_and_more_value_alone_does_not():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 3, 12, 31))
    grant = make_grant(project=project)
    for employees in (3, 6):
        body = make_enterprise()
        make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
        case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
        case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
        make_size(body, as_of=date(YEAR - 1, 12, 31), employees=3, value_added=90_000)
        make_size(body, as_of=date(YEAR + 1, 12, 31), employees=employees, value_added=150_000)

    figure = count("higher_value_added", make_scope(grant))

    assert figure.value == 1
    assert [row.on for row in figure.rows] == [date(YEAR + 1, 12, 31)]


def test_what_is_not_measured_is_no_answer_with_its_reason_and_never_nought():
    grant = make_grant()
    make_target(grant=grant, indicator=Indicator.objects.get(code="RCR18"), value=Decimal(3))
    report = make_report(grant=grant)

    document = freeze(make_version(report=report), at=timezone.now())

    (line,) = document.indicators
    assert (line.in_period, line.cumulated, line.percent) == (None, None, None)
    assert line.reason.startswith("k. A.: Wer die Dienste eines Gründerzentrums nutzt")
    (figure,) = Reading(json.loads(document.to_json())).figures
    assert (figure.in_period, figure.is_missed) == (None, False)


def test_the_second_version_of_the_first_indicator_counts_awards_and_follows_the_first():
    first, second = Indicator.objects.filter(code="RCO01").order_by("version")
    assert (first.rule, second.rule) == ("enterprises_by_size", "enterprises_in_any_way")
    assert first.ends_on + timedelta(days=1) == second.starts_on

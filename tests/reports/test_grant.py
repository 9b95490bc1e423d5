"""What must never be true of a grant, its notices, deadlines, plan, indicators and targets."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from best_portal.accounts.models import Role
from reports.models import FinancingPlanLine, Fund, Grant, Indicator, Programme, Target
from tests.factories import (
    make_grant,
    make_indicator,
    make_indicator_set,
    make_programme,
    make_project,
    make_target,
    make_user,
)

pytestmark = pytest.mark.django_db


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


def test_a_fund_is_there_once_per_period():
    make_programme()

    with refuses("reports_fund_once_per_period"):
        Fund.objects.create(code="ESF", period="2021-2027", name="Zweiter")


def test_a_fund_has_a_known_code():
    with refuses("reports_fund_code_is_known"):
        Fund.objects.create(code="XXX", period="2021-2027", name="Muster")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_grant_profile_is_known", {"profile": "bund"}),
        ("reports_grant_financing_is_known", {"financing": "loan"}),
        ("reports_grant_amount_is_positive", {"amount": 0}),
        ("reports_grant_amount_is_positive", {"amount": Decimal("-0.01")}),
        ("reports_grant_rate_is_a_percentage", {"rate": 0}),
        ("reports_grant_rate_is_a_percentage", {"rate": Decimal("100.01")}),
        ("reports_grant_input_tax_is_known", {"input_tax": "maybe"}),
        ("reports_grant_share_has_a_rate", {"financing": "share", "rate": None}),
        (
            "reports_grant_ends_after_start",
            {"starts_on": date(2024, 6, 1), "ends_on": date(2024, 5, 31)},
        ),
        (
            "reports_grant_early_start_letter_has_its_day",
            {"early_start_reference": "V-1"},
        ),
        (
            "reports_grant_early_start_is_early",
            {"starts_on": date(2024, 6, 1), "early_start_on": date(2024, 6, 1)},
        ),
    ],
)
def test_the_database_refuses_an_impossible_grant(constraint, fields):
    with refuses(constraint):
        make_grant(**fields)


def test_two_grants_of_one_programme_for_one_project_may_not_overlap_by_a_day():
    first = make_grant()

    with refuses("reports_grant_one_at_a_time"), transaction.atomic():
        make_grant(
            project=first.project,
            programme=first.programme,
            starts_on=first.ends_on,
            ends_on=date(2025, 12, 31),
        )
    make_grant(
        project=first.project,
        programme=first.programme,
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
    )
    make_grant(project=first.project)

    assert Grant.objects.count() == 3


def test_a_notice_and_a_deadline_are_recorded_once():
    grant = make_grant()
    notice = {"issued_on": date(2024, 1, 2), "reference": "Az. 1", "amount": 5}
    deadline = {"title": "Zwischennachweis", "due_on": date(2025, 2, 28)}
    grant.notices.create(**notice)
    grant.deadlines.create(**deadline)

    with refuses("reports_notice_once"), transaction.atomic():
        grant.notices.create(**notice)
    with refuses("reports_deadline_once"):
        grant.deadlines.create(**deadline)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_financingplanline_kind_is_known", {"kind": "gift"}),
        ("reports_financingplanline_is_not_negative", {"planned": -1, "eligible": None}),
        ("reports_financingplanline_is_not_negative", {"planned": 1, "eligible": -1}),
        ("reports_financingplanline_eligible_within_planned", {"planned": 1, "eligible": 2}),
    ],
)
def test_the_database_refuses_an_impossible_line_of_the_plan(constraint, fields):
    line = {"kind": "expense", "position": "1", "label": "Muster", "planned": 10, "eligible": 10}

    with refuses(constraint):
        make_grant().plan_lines.create(**line | fields)


def test_a_position_of_the_plan_is_used_once_for_income_and_once_for_expense():
    grant = make_grant()
    for kind, origin in (("income", "own"), ("expense", "")):
        grant.plan_lines.create(kind=kind, position="1", label="Muster", planned=1, origin=origin)

    with refuses("reports_financingplanline_one_per_position"), transaction.atomic():
        grant.plan_lines.create(kind="expense", position="1", label="Zweite", planned=1)

    assert FinancingPlanLine.objects.count() == 2


def test_an_indicator_has_one_row_per_version_and_one_version_at_a_time():
    first = make_indicator(code="X", version=1, ends_on=date(2019, 12, 31))

    with refuses("reports_indicator_one_per_version"), transaction.atomic():
        make_indicator(code="X", version=1, starts_on=date(2020, 1, 1))
    with refuses("reports_indicator_one_version_at_a_time"), transaction.atomic():
        make_indicator(code="X", version=2, starts_on=first.ends_on)
    second = make_indicator(code="X", version=2, starts_on=date(2020, 1, 1))

    assert Indicator.objects.valid_on(date(2019, 12, 31)).get(code="X") == first
    assert Indicator.objects.valid_on(date(2020, 1, 1)).get(code="X") == second


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_indicator_ends_after_start", {"ends_on": date(1999, 12, 31)}),
        ("reports_indicator_decimals_are_few", {"decimals": 5}),
        ("reports_indicator_level_is_known", {"level": "impact"}),
        ("reports_indicator_task_is_a_number", {"task": 0}),
    ],
)
def test_the_database_refuses_an_impossible_indicator(constraint, fields):
    with refuses(constraint):
        make_indicator(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_indicatorset_has_a_name", {"name": ""}),
        (
            "reports_indicatorset_ends_after_start",
            {"starts_on": date(2028, 1, 1), "ends_on": date(2027, 12, 31)},
        ),
    ],
)
def test_the_database_refuses_an_impossible_set(constraint, fields):
    with refuses(constraint):
        make_indicator_set(**fields)


def test_a_grant_has_each_indicator_once_and_no_target_below_zero():
    target = make_target(value=None)

    with refuses("reports_target_one_per_indicator"), transaction.atomic():
        make_target(grant=target.grant, indicator=target.indicator)
    with refuses("reports_target_is_not_negative"):
        make_target(value=Decimal("-0.01"))


def test_the_indicators_come_with_the_portal_and_their_rules_name_a_source():
    codes = set(Indicator.objects.values_list("code", flat=True))

    assert {"BEST-BER", "BEST-STD", "BEST-ORG", "BEST-GRU", "BEST-ARB", "EECO19", "RCO04"} <= codes
    assert not Indicator.objects.filter(rule_text="").exists()
    assert not Indicator.objects.filter(source="").exists()


def test_a_funder_sees_only_the_programmes_and_grants_of_their_own():
    officer, stranger = make_user(Role.FUNDER), make_user(Role.FUNDER)
    own = make_grant(programme=make_programme(officers=[officer]))
    foreign = make_grant(project=make_project())

    assert list(Grant.objects.visible_to(officer)) == [own]
    assert list(Programme.objects.visible_to(officer)) == [own.programme]
    assert not Grant.objects.visible_to(stranger).exists()
    assert set(Grant.objects.visible_to(make_user(Role.MANAGER))) == {own, foreign}


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FOUNDER, Role.EVALUATOR])
def test_nobody_else_sees_grants(role):
    make_grant()

    assert not Grant.objects.visible_to(make_user(role)).exists()
    assert not Programme.objects.visible_to(make_user(role)).exists()
    assert not Target.objects.filter(grant__in=Grant.objects.visible_to(make_user(role))).exists()

"""The data check of a grant's money: plan and notices, vouchers twice, money that waits."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from reports.models import Report
from reports.setting_up import tasks
from tests.factories import (
    YEAR,
    checked_file,
    make_cost_method,
    make_grant,
    make_payment,
    make_plan_line,
    make_report,
    make_user,
    make_voucher,
)
from tests.reports.checked import found, open_codes

pytestmark = pytest.mark.django_db


def test_notices_and_a_rate_that_do_not_give_the_amount_deserve_a_look():
    grant = make_grant(financing="share", rate=Decimal("40.50"), amount=Decimal("50000.00"))
    make_plan_line(grant=grant, planned=Decimal("80000.00"))
    grant.notices.create(issued_on=date(YEAR, 1, 1), reference="1", amount=Decimal("40000.00"))
    grant.notices.create(issued_on=date(YEAR, 2, 1), reference="2", amount=Decimal("12000.00"))
    report = make_report(grant=grant)

    assert found(report, "notices")[0].href.endswith("#notices")
    assert "32.400,00 EUR" in found(report, "rate")[0].text

    grant.notices.create(issued_on=date(YEAR, 3, 1), reference="3", amount=Decimal("32400.00"))
    grant.amount = Decimal("32400.00")
    grant.save()
    report = Report.objects.get()
    assert not found(report, "notices")
    assert not found(report, "rate")


def test_a_plan_that_names_another_sum_than_was_granted_deserves_a_look_and_is_a_task():
    grant = make_grant(amount=Decimal("50000.00"))
    report = make_report(grant=grant)
    assert not found(report, "plan-amount")
    line = make_plan_line(grant=grant, kind="income", origin="grant", planned=Decimal("49999.99"))

    [finding] = found(report, "plan-amount")

    assert (finding.blocks, finding.href.endswith("#plan_lines")) == (False, True)
    assert finding.text in [each.missing for each in tasks(grant)]
    line.planned = grant.amount
    line.save()
    assert not found(report, "plan-amount")


def test_vouchers_of_the_period_that_are_not_eligible_in_full_are_counted():
    line = make_plan_line()
    for on in (date(YEAR, 6, 30), date(YEAR, 7, 1)):
        make_voucher(line=line, paid_on=on, eligible=Decimal("1.00"), cut_because="Privatanteil")
    make_voucher(line=line, paid_on=date(YEAR, 6, 30))
    report = make_report(grant=line.grant, ends_on=date(YEAR, 6, 30))

    [finding] = found(report, "cut")

    assert (finding.text[:2], "state=cut" in finding.href, finding.blocks) == ("1 ", True, False)


def test_money_that_is_to_be_paid_back_deserves_a_look():
    grant = make_grant()
    make_plan_line(grant=grant)
    report = make_report(grant=grant)
    assert not found(report, "repayment")
    asked, manager = make_payment(grant=grant), make_user(Role.MANAGER)
    asked.note_paid(by=manager, paid_on=date(YEAR, 2, 1), paid_amount=Decimal("700.00"))

    assert ["700,00" in each.text for each in found(report, "repayment")] == [True]


def test_vouchers_of_the_period_without_a_file_are_counted():
    line = make_plan_line()
    make_voucher(line=line, paid_on=date(YEAR, 6, 30))
    make_voucher(line=line, paid_on=date(YEAR, 6, 30), file=checked_file())
    make_voucher(line=line, paid_on=date(YEAR, 7, 1))
    report = make_report(grant=line.grant, ends_on=date(YEAR, 6, 30))

    [finding] = found(report, "bare")

    assert finding.text.startswith("1 Beleg ")
    assert finding.href.endswith(f"?state=bare&since=1990-01-01&until={YEAR}-06-30")


def test_one_bill_in_two_grants_blocks_until_it_is_explained_and_a_likely_one_does_not():
    grant = make_grant()
    other = make_grant(project=grant.project, reference="Az. Zwei")
    mine, theirs = make_plan_line(grant=grant), make_plan_line(grant=other)
    make_voucher(line=mine, number="R-1", payee="Muster GmbH")
    make_voucher(line=theirs, number="r-1", payee="MUSTER GmbH")
    make_voucher(line=mine, number="R-2", payee="Muster GmbH")
    make_voucher(line=mine, number="R-3", payee="Muster GmbH", amount=Decimal("100.01"))
    make_voucher(number="R-1", payee="Muster GmbH")
    report = make_report(grant=grant)
    code = f"double-funding-{other.ref}"

    [finding] = found(report, code)
    assert finding.is_open
    assert "R-1" in finding.text
    assert "Az. Zwei" in finding.text
    doubles = found(report, "double")
    assert [("R-2" in each.text, each.blocks) for each in doubles] == [(True, False)] * 2

    manager = make_user(Role.MANAGER)
    report.explain(finding.code, by=manager, reason="Jeder Plan nennt das andere Geld.")
    report = Report.objects.get()
    assert not found(report, code)[0].is_open
    # What was explained of one bill explains no other.
    for line in (mine, theirs):
        make_voucher(line=line, number="R-9", payee="Beispiel GmbH")
    assert found(report, code)[0].is_open
    assert not found(make_report(grant=grant, starts_on=date(YEAR, 2, 1)), "double")


def test_one_expense_in_two_grants_whose_plans_name_each_other_is_no_double_funding():
    grant = make_grant()
    other = make_grant(project=grant.project)
    income = {"kind": "income", "origin": "other_grant"}
    make_plan_line(grant=grant, **income)
    for each in (grant, other):
        make_voucher(line=make_plan_line(grant=each), number="P-1")
    report = make_report(grant=grant)
    code = f"double-funding-{other.ref}"
    assert found(report, code)[0].is_open

    make_plan_line(grant=other, **income)

    assert not found(report, code)
    assert not found(report, "double")
    assert not grant.vouchers.get().oddities


def test_the_same_income_in_two_grants_is_no_double_funding():
    grant = make_grant()
    other = make_grant(project=grant.project)
    for each in (grant, other):
        line = make_plan_line(grant=each, kind="income")
        make_voucher(line=line, number="E-1", payee="Muster-Stiftung")

    report = make_report(grant=grant)

    assert not any(code.startswith("double-funding") for code in open_codes(report))
    assert found(report, "double")
    for each in (grant, other):
        make_plan_line(grant=each, kind="income", origin="other_grant")
    assert not found(report, "double")


def test_nothing_else_is_eligible_beside_a_rate_that_covers_the_rest():
    grant = make_grant()
    rest = make_cost_method(rate=Decimal("40.00"), covers_rest=True)
    make_voucher(line=make_plan_line(grant=grant, costing="staff"))
    make_plan_line(grant=grant, costing="flat", method=rest)
    goods = make_plan_line(grant=grant, label="Büromiete")
    report = make_report(grant=grant)
    assert not found(report, "rest")

    make_voucher(line=goods)

    [finding] = found(report, "rest")
    assert finding.is_open
    assert "Büromiete" in finding.text
    report.explain(finding.code, by=make_user(Role.MANAGER), reason="Einkommen der Teilnehmenden.")
    assert not found(Report.objects.get(), "rest")[0].is_open


def test_money_that_has_come_needs_its_line_in_the_plan():
    grant, manager = make_grant(), make_user(Role.MANAGER)
    make_plan_line(grant=grant)
    asked, report = make_payment(grant=grant), make_report(grant=grant)
    assert not found(report, "own-line")
    asked.note_paid(by=manager, paid_on=grant.ends_on, paid_amount=Decimal("400.00"))

    assert found(report, "own-line")[0].is_open
    make_plan_line(grant=grant, kind="income", origin="grant")
    assert not found(report, "own-line")


def test_money_called_for_is_spent_within_two_months():
    grant, manager = make_grant(profile="senate"), make_user(Role.MANAGER)
    line = make_plan_line(grant=grant, planned=Decimal("5000.00"))
    for month, amount in ((1, "1000.00"), (3, "500.00")):
        day = date(YEAR, month, 15)
        asked = make_payment(
            grant=grant, amount=Decimal(amount), requested_on=day, ends_on=date(YEAR, 12, 31)
        )
        asked.note_paid(by=manager, paid_on=day, paid_amount=asked.amount)
    make_voucher(line=line, paid_on=date(YEAR, 3, 15), amount=Decimal("700.00"))
    make_voucher(line=line, paid_on=date(YEAR, 5, 15), amount=Decimal("800.00"))
    report = make_report(grant=grant)

    [finding] = found(report, "unspent")

    assert "300,00 EUR" in finding.text
    assert f"15.03.{YEAR}" in finding.text
    assert finding.href == reverse(
        "reports:payment", args=[grant.ref, grant.payment_requests.get(number=1).pk]
    )

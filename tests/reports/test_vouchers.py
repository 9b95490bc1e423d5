"""What must never be true of vouchers, payment requests, things and rules; what becomes of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.files import store
from reports.models import (
    Acceptance,
    Grant,
    PaymentRequest,
    Voucher,
)
from tests.factories import (
    checked_file,
    make_accounting_rule,
    make_closed_sheet,
    make_cost_method,
    make_deliverable,
    make_enterprise_award,
    make_grant,
    make_payment,
    make_plan_line,
    make_staff_rate,
    make_submitted,
    make_thing,
    make_user,
    make_voucher,
)

pytestmark = pytest.mark.django_db

DAY = date(2024, 6, 3)
D = Decimal


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("make", "constraint", "fields"),
    [
        (make_voucher, "reports_voucher_is_described", {"number": ""}),
        (make_voucher, "reports_voucher_is_described", {"payee": ""}),
        (make_voucher, "reports_voucher_is_described", {"reason": ""}),
        (make_voucher, "reports_voucher_days_since_1990", {"paid_on": date(206, 1, 1)}),
        (make_voucher, "reports_voucher_days_since_1990", {"invoiced_on": date(1989, 12, 31)}),
        (make_voucher, "reports_voucher_is_about_money", {"amount": 0, "eligible": 0}),
        (
            make_voucher,
            "reports_voucher_eligible_within_amount",
            {"eligible": 101, "cut_because": "x"},
        ),
        (
            make_voucher,
            "reports_voucher_eligible_within_amount",
            {"eligible": -1, "cut_because": "x"},
        ),
        (
            make_voucher,
            "reports_voucher_eligible_within_amount",
            {"amount": -5, "eligible": -6, "cut_because": "x"},
        ),
        (make_voucher, "reports_voucher_cut_with_reason", {"eligible": 99}),
        (make_voucher, "reports_voucher_file_is_whole", {"file_name": "x.pdf"}),
        (make_voucher, "reports_voucher_file_is_whole", {"stored_as": "../x"}),
        (make_voucher, "reports_voucher_deleted_by_somebody", {"withdrawn_by": "manager"}),
        (make_payment, "reports_paymentrequest_amount_is_positive", {"amount": 0}),
        (make_payment, "reports_paymentrequest_ends_after_start", {"ends_on": date(1999, 1, 1)}),
        (make_payment, "reports_paymentrequest_status_is_known", {"status": "lost"}),
        (make_payment, "reports_paymentrequest_paid_with_day", {"status": "paid"}),
        (make_payment, "reports_paymentrequest_paid_with_day", {"paid_on": DAY}),
        (
            make_payment,
            "reports_paymentrequest_paid_amount_is_positive",
            {"status": "paid", "paid_on": date(2030, 1, 1), "paid_amount": 0},
        ),
        (
            make_payment,
            "reports_paymentrequest_paid_after_request",
            {"status": "paid", "paid_on": date(1999, 1, 1), "paid_amount": 1},
        ),
        (make_thing, "reports_inventoryitem_has_a_name", {"name": ""}),
        (make_thing, "reports_inventoryitem_price_is_positive", {"price": 0}),
        (
            make_thing,
            "reports_inventoryitem_gone_after_bought",
            {"gone_on": date(1999, 1, 1), "gone_because": "Diebstahl"},
        ),
        (make_thing, "reports_inventoryitem_gone_with_reason", {"gone_on": date(2030, 1, 1)}),
        (make_thing, "reports_inventoryitem_gone_with_reason", {"gone_because": "Diebstahl"}),
        (make_thing, "reports_inventoryitem_deleted_by_somebody", {"withdrawn_by": "manager"}),
        (make_enterprise_award, "reports_enterpriseaward_kind_is_known", {"kind": "gift"}),
        (make_enterprise_award, "reports_enterpriseaward_is_positive", {"amount": 0}),
        (
            make_enterprise_award,
            "reports_enterpriseaward_completed_after_grant",
            {"completed_on": date(1999, 1, 1)},
        ),
        (make_enterprise_award, "reports_enterpriseaward_has_proof", {"proof": ""}),
        (
            make_enterprise_award,
            "reports_enterpriseaward_confirmation_is_whole",
            {"confirmed_by": "Erika Muster"},
        ),
        (
            make_enterprise_award,
            "reports_enterpriseaward_private_money_is_confirmed",
            {"private_amount": 1},
        ),
        (
            make_enterprise_award,
            "reports_enterpriseaward_deleted_by_somebody",
            {"withdrawn_by": "manager"},
        ),
        (make_cost_method, "reports_costmethod_base_is_known", {"base": "air", "rate": None}),
        (make_cost_method, "reports_costmethod_share_has_its_rate", {"rate": None}),
        (make_cost_method, "reports_costmethod_share_has_its_rate", {"rate": 101}),
        (make_cost_method, "reports_costmethod_share_has_its_rate", {"base": "results"}),
        (make_cost_method, "reports_costmethod_rate_has_its_hours", {"year_hours": 1720}),
        (
            make_cost_method,
            "reports_costmethod_rest_is_of_staff",
            {"base": "direct", "covers_rest": True},
        ),
        (make_cost_method, "reports_costmethod_ends_after_start", {"until": date(1999, 1, 1)}),
        (make_accounting_rule, "reports_accountingrule_key_is_known", {"key": "luck"}),
        (make_accounting_rule, "reports_accountingrule_value_is_not_negative", {"value": -1}),
        (
            make_accounting_rule,
            "reports_accountingrule_ends_after_start",
            {"until": date(1980, 1, 1)},
        ),
        (make_staff_rate, "reports_staffrate_cost_is_positive", {"gross_year": 0}),
        (make_staff_rate, "reports_staffrate_contract_is_a_share", {"contract_percent": 0}),
        (make_staff_rate, "reports_staffrate_contract_is_a_share", {"contract_percent": 101}),
        (make_staff_rate, "reports_staffrate_ends_after_start", {"until": date(1999, 1, 1)}),
        (make_deliverable, "reports_deliverable_amount_is_positive", {"amount": 0}),
        (make_deliverable, "reports_deliverable_proven_by_something", {"proven_on": DAY}),
        (make_plan_line, "reports_financingplanline_costing_is_known", {"costing": "luck"}),
        (make_plan_line, "reports_financingplanline_method_where_needed", {"costing": "flat"}),
        (make_plan_line, "reports_financingplanline_income_has_its_origin", {"origin": "own"}),
        (make_plan_line, "reports_financingplanline_income_has_its_origin", {"kind": "income"}),
        (make_grant, "reports_grant_pays_until_after_its_end", {"pay_until": date(1999, 1, 1)}),
        (
            make_grant,
            "reports_grant_iban_has_its_shape",
            {"iban": "DE12 5001", "account_holder": "Muster"},
        ),
        (make_grant, "reports_grant_account_has_a_holder", {"iban": "DE12500105170648489890"}),
    ],
)
def test_the_database_refuses_it(make, constraint, fields, manager):
    row = make()
    if "withdrawn_by" in fields:
        fields = {"withdrawn_by": manager}

    with refuses(constraint):
        type(row)._base_manager.filter(pk=row.pk).update(**fields)


def test_only_one_row_may_say_so():
    voucher, payment = make_voucher(), make_payment()
    rate, rule = make_staff_rate(), make_accounting_rule()
    grant, method = make_grant(), make_cost_method()
    flat = {"grant": grant, "costing": "flat", "method": method}
    own = {"grant": grant, "kind": "income", "origin": "grant"}
    make_plan_line(**flat)
    make_plan_line(**own)
    for constraint, again in [
        (
            "reports_paymentrequest_numbers_differ",
            lambda: PaymentRequest.objects.filter(pk=make_payment(grant=payment.grant).pk).update(
                number=payment.number
            ),
        ),
        (
            "reports_staffrate_one_at_a_time",
            lambda: make_staff_rate(line=rate.line, person=rate.person),
        ),
        ("reports_accountingrule_one_at_a_time", lambda: make_accounting_rule(key=rule.key)),
        ("reports_costmethod_one_at_a_time", lambda: make_cost_method(name=method.name)),
        ("reports_financingplanline_one_flat_rate", lambda: make_plan_line(**flat)),
        ("reports_financingplanline_one_is_the_grant", lambda: make_plan_line(**own)),
        (
            "reports_voucher_one_number_per_line",
            lambda: Voucher.objects.filter(pk=make_voucher(line=voucher.line).pk).update(
                number=voucher.number
            ),
        ),
    ]:
        with refuses(constraint), transaction.atomic():
            again()


# --- vouchers ---


def test_a_number_that_lies_in_the_bin_may_be_used_again(manager):
    first = make_voucher(number="7")
    first.withdraw(by=manager)
    second = make_voucher(line=first.line, number="7")

    assert list(Voucher.objects.valid()) == [second]
    with pytest.raises(ValidationError, match="dieser Nummer"):
        first.restore(by=manager)


def test_flat_rates_and_the_own_grant_take_no_vouchers():
    grant = make_grant()
    flat = make_plan_line(grant=grant, costing="flat", method=make_cost_method())
    own = make_plan_line(grant=grant, kind="income", origin="grant")

    assert not grant.plan_lines.taking_vouchers().exists()
    for line in (flat, own):
        with pytest.raises(ValidationError, match="besteht nicht aus Belegen"):
            make_voucher(line=line)
    with pytest.raises(ValidationError, match="dieses Finanzierungsplans"):
        make_voucher(line=make_plan_line(), grant=grant)


def test_the_file_goes_when_another_comes_and_when_the_bin_is_emptied(
    manager, django_capture_on_commit_callbacks
):
    voucher = make_voucher(file=checked_file(text="eins"))
    first = voucher.stored_as
    with django_capture_on_commit_callbacks(execute=True):
        voucher.keep_file(checked_file(text="zwei"))
        voucher.save()
    second = voucher.stored_as

    assert (store.has(first), store.has(second)) == (False, True)
    assert b"".join(voucher.download(by=manager)) == b"zwei"
    voucher.withdraw(by=manager)
    Voucher.objects.update(withdrawn_at=timezone.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        Voucher.objects.purge()
    assert not store.has(second)
    assert not Voucher.objects.exists()


def test_a_file_can_be_taken_away(manager, django_capture_on_commit_callbacks):
    voucher = make_voucher(file=checked_file())
    stored_as = voucher.stored_as
    with django_capture_on_commit_callbacks(execute=True):
        voucher.drop_file(by=manager)

    assert (voucher.file_name, store.has(stored_as)) == ("", False)
    with pytest.raises(ValidationError, match="nicht zu finden"):
        voucher.download(by=manager)


def test_the_nightly_sweep_keeps_the_files_of_vouchers():
    voucher = make_voucher(file=checked_file())

    assert voucher.stored_as in store.known_names()


def test_the_same_bill_in_another_grant_of_the_project_is_found():
    voucher = make_voucher(number="R-1")
    other = make_grant(project=voucher.grant.project)
    twin = make_voucher(line=make_plan_line(grant=other), number="R-1")
    make_voucher(line=twin.line, number="R-2", amount=D("99.99"))
    make_voucher(number="R-1")

    assert list(Voucher.objects.twice(voucher)) == [twin]


def test_the_same_payment_under_another_number_is_found_too():
    voucher = make_voucher(payee="Muster-Druckerei", paid_on=DAY)
    other = make_grant(project=voucher.grant.project)
    twin = make_voucher(line=make_plan_line(grant=other), payee="muster-druckerei", paid_on=DAY)
    make_voucher(line=twin.line, payee="Muster-Druckerei", paid_on=DAY + timedelta(1))
    open_ones = [make_voucher(line=voucher.line, paid_on=None) for _ in range(2)]

    assert list(Voucher.objects.twice(voucher)) == [twin]
    assert not Voucher.objects.twice(open_ones[0])


@pytest.mark.parametrize(
    ("field", "day", "words"),
    [
        ("paid_on", timezone.localdate() + timedelta(1), "in der Zukunft"),
        ("paid_on", date(1989, 12, 31), "vor 1990"),
        ("invoiced_on", date(206, 1, 1), "vor 1990"),
    ],
)
def test_a_day_that_cannot_be_is_refused(field, day, words):
    with pytest.raises(ValidationError, match=words):
        make_voucher(**{field: day})

    assert make_voucher(paid_on=timezone.localdate())


# --- the books of a grant ---


def test_the_books_of_a_grant_agree_with_plain_sql(manager):
    grant = make_grant(financing="share", rate=D("40.00"), amount=D("100000.00"))
    staff = make_plan_line(grant=grant, costing="staff")
    goods = make_plan_line(grant=grant)
    flat = make_plan_line(grant=grant, costing="flat", method=make_cost_method(rate=D("15.00")))
    make_plan_line(grant=grant, kind="income", origin="grant")
    own = make_plan_line(grant=grant, kind="income", origin="own")
    for number, (line, amount) in enumerate(
        [(staff, "2333.33"), (staff, "1111.10"), (goods, "99.99"), (own, "500.00")]
    ):
        make_voucher(line=line, amount=D(amount), paid_on=grant.starts_on + timedelta(30 * number))
    make_voucher(line=goods, amount=D("50.00"), eligible=D("10.00"), cut_because="Pfand")
    make_voucher(line=goods, paid_on=None)
    make_voucher(line=goods).withdraw(by=manager)
    make_payment(grant=grant).note_paid(by=manager, paid_on=grant.ends_on, paid_amount=D("1000.00"))

    account = grant.accounts()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.id, sum(v.amount), sum(v.eligible) FROM reports_voucher v "
            "JOIN reports_financingplanline l ON l.id = v.line_id WHERE l.grant_id = %s "
            "AND v.paid_on IS NOT NULL AND v.withdrawn_at IS NULL GROUP BY 1",
            [grant.pk],
        )
        counted = {pk: (amount, eligible) for pk, amount, eligible in cursor.fetchall()}
    found = {each.line.id: (each.since_start, each.since_start_eligible) for each in account.lines}
    assert {pk: found[pk] for pk in counted} == counted
    # 15 percent of 3,444.43 are 516.6645: half up.
    assert found[flat.pk] == (D("516.66"), D("516.66"))
    assert account.spent == D("3444.43") + D("149.99") + D("516.66")
    assert account.due == D("1628.43")  # 40 percent of 4,071.08 are 1,628.432
    assert (account.received, account.repayment, account.own) == (D("1000.00"), 0, D("500.00"))


def test_closed_hours_are_paid_at_their_rate():
    rate = make_staff_rate()  # 20 EUR an hour
    grant = rate.line.grant
    make_closed_sheet(rate.person, grant.project, 90, 45, day=grant.starts_on)

    assert grant.accounts().spent == D("45.00")
    assert grant.accounts(grant.starts_on, grant.starts_on).spent == D("30.00")


def test_money_that_came_back_after_the_last_day_counts_on_every_page():
    line = make_plan_line()
    grant = line.grant
    late = grant.ends_on + timedelta(40)
    make_voucher(line=line, amount=D("1000.00"))
    back = make_voucher(line=line, amount=D("-400.00"), paid_on=late)
    missed = make_voucher(line=line, amount=D("50.00"), paid_on=late)

    assert (back.counted, back.is_late, missed.counted, missed.is_late) == (-400, False, 0, True)
    assert list(Voucher.objects.outside(grant)) == [missed]
    assert Voucher.objects.filter(grant=grant).totals()["eligible"] == D("600.00")
    assert grant.accounts().eligible == D("600.00")


def test_a_limit_is_that_of_the_time_the_grant_began():
    grant = Grant(starts_on=date(1995, 1, 1))
    assert grant.limit("overrun") is None
    make_accounting_rule(value=D("5.00"))

    assert grant.limit("overrun") == D("5.00")
    assert Grant(starts_on=date(2024, 1, 1)).limit("overrun") == D("20.00")


def test_each_noun_says_what_it_is():
    assert str(make_voucher(number="7", payee="Muster")) == "7 · Muster"
    assert str(make_thing()) == "Muster-Laptop"
    assert str(make_staff_rate()).endswith(": 20,00\xa0€")
    assert str(make_deliverable()) == "Musterkonzept"
    assert str(make_accounting_rule()).endswith(": 20")


# --- what was accepted ---


def test_the_books_of_an_accepted_report_stay_until_it_is_opened(manager):
    version = make_submitted()
    report, grant = version.report, version.report.grant
    line = make_plan_line(grant=grant)
    voucher = make_voucher(line=line, paid_on=report.starts_on)
    asked = make_payment(grant=grant, requested_on=report.starts_on)
    other = make_voucher(line=make_plan_line(grant=make_grant(project=grant.project)))
    officer = make_user(Role.FUNDER)
    grant.programme.officers.add(officer)
    acceptance = Acceptance.objects.accept(version, by=officer)

    for change in [
        lambda: voucher.withdraw(by=manager),
        lambda: make_voucher(line=line, paid_on=report.ends_on),
        lambda: asked.note_paid(by=manager, paid_on=report.starts_on, paid_amount=D("1000.00")),
    ]:
        with pytest.raises(ValidationError, match="anerkannt"), transaction.atomic():
            change()
    with refuses("reports_accepted_books_stay"), transaction.atomic():
        Voucher.objects.filter(pk=voucher.pk).update(amount=D("99.00"), eligible=D("99.00"))
    with refuses("reports_accepted_books_stay"), transaction.atomic():
        Voucher.objects.filter(pk=voucher.pk).update(paid_on=None)
    # Not counted by it: a bill that is not paid, another grant's, a file that comes later.
    make_voucher(line=line, paid_on=None)
    other.withdraw(by=manager)
    Voucher.objects.filter(pk=voucher.pk).update(batch_row=7)

    acceptance.lock.lift(by=manager, reason="Rechnung falsch gebucht")
    voucher.withdraw(by=manager)

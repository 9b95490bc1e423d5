"""Payment requests: what is refused and asked about, what they keep, and their pages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from reports.models import PaymentRequest
from tests.factories import (
    make_cost_method,
    make_grant,
    make_payment,
    make_plan_line,
    make_user,
    make_voucher,
)

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def by():
    return make_user(Role.MANAGER)


def address(name, grant, *args):
    return reverse(f"reports:{name}", args=[grant.ref, *args])


def test_a_payment_goes_its_way(by):
    grant = make_grant(amount=D("1000.00"))
    asked = make_payment(grant=grant, amount=D("600.00"))
    with pytest.raises(ValidationError, match="noch 400,00 EUR"):
        make_payment(grant=grant, amount=D("400.01"))
    second = make_payment(grant=grant, amount=D("400.00"))

    second.call_back(by=by)
    asked.note_paid(by=by, paid_on=grant.ends_on, paid_amount=D("590.00"))
    third = make_payment(grant=grant, amount=D("410.00"))

    assert (asked.number, second.number, third.number) == (1, 2, 3)
    assert grant.accounts().received == D("590.00")
    with pytest.raises(ValidationError, match="zu wenig übrig"):
        second.renew(by=by)
    with pytest.raises(ValidationError, match="inzwischen geändert"):
        asked.note_paid(by=by, paid_on=grant.ends_on, paid_amount=D("1.00"))
    with pytest.raises(ValidationError, match="mehr, als bewilligt"):
        third.note_paid(by=by, paid_on=grant.ends_on, paid_amount=D("411.00"))
    with pytest.raises(ValidationError, match="Vor dem Abruf"):
        third.note_paid(by=by, paid_on=date(1999, 1, 1), paid_amount=D("1.00"))
    asked.unpay(by=by)
    assert grant.accounts().received == 0
    third.call_back(by=by)
    second.renew(by=by)
    assert second.is_open


def test_money_is_asked_for_within_the_period_of_the_grant():
    grant = make_grant(early_start_on=date(2023, 12, 1), ends_on=date(2024, 12, 31))
    for starts_on, ends_on in [
        (date(2023, 11, 30), date(2024, 1, 31)),
        (date(2024, 12, 1), date(2025, 1, 1)),
        (date(2030, 12, 1), date(2031, 1, 1)),
        (date(2024, 2, 1), date(2024, 1, 1)),
    ]:
        with pytest.raises(ValidationError, match="(?i)zeitraum|für die die Zuwendung zahlt"):
            make_payment(grant=grant, starts_on=starts_on, ends_on=ends_on)

    assert make_payment(grant=grant, starts_on=date(2023, 12, 1), ends_on=date(2024, 12, 31))


def test_money_does_not_come_on_a_day_that_is_still_to_come(by):
    asked = make_payment()
    with pytest.raises(ValidationError, match="in der Zukunft"):
        asked.note_paid(by=by, paid_on=timezone.localdate() + timedelta(1), paid_amount=D("1.00"))
    asked.note_paid(by=by, paid_on=timezone.localdate(), paid_amount=D("1.00"))


def test_a_payment_request_keeps_what_was_paid_in_its_time_and_what_was_still_to_come():
    grant = make_grant(profile="esf")
    staff = make_plan_line(grant=grant, costing="staff")
    make_plan_line(grant=grant, costing="flat", method=make_cost_method(rate=D("40.00")))
    for day, amount, eligible in [(1, "1000.00", "900.00"), (31, "500.00", "500.00")]:
        make_voucher(
            line=staff,
            paid_on=date(2024, 3, day),
            amount=D(amount),
            eligible=D(eligible),
            cut_because="Anteil",
        )
    make_voucher(line=staff, paid_on=date(2024, 4, 1))
    for amount in ("100.00", "200.00", "300.00"):
        make_payment(grant=grant, amount=D(amount), requested_on=date(2024, 2, 1))
    grant.payment_requests.get(number=1).call_back(by=make_user(Role.MANAGER))

    asked = make_payment(
        grant=grant, starts_on=date(2024, 3, 1), ends_on=date(2024, 3, 31), amount=D("400.00")
    )
    make_voucher(line=staff, paid_on=date(2024, 3, 5))

    names = ("paid_vouchers", "eligible_vouchers", "eligible_in_period")
    # 1,400.00 of the vouchers and 40 percent of it.
    assert [asked.state[name] for name in names] == [D("1500.00"), D("1400.00"), D("1960.00")]
    assert asked.coming == [
        (2, date(2024, 2, 1), D("200.00")),
        (3, date(2024, 2, 1), D("300.00")),
    ]


def test_what_is_needed_is_what_is_asked_for_and_what_is_there_still(by):
    grant = make_grant(profile="senate")
    first = make_payment(grant=grant, amount=D("1000.00"))
    first.note_paid(by=by, paid_on=grant.starts_on, paid_amount=D("1000.00"))
    make_voucher(line=make_plan_line(grant=grant), amount=D("700.00"))

    asked = make_payment(grant=grant, amount=D("500.00"))

    assert (asked.in_hand, asked.need) == (D("300.00"), D("800.00"))


def test_a_payment_request_keeps_the_books_of_its_day():
    grant = make_grant(financing="gap", amount=D("1000.00"))
    line = make_plan_line(grant=grant)
    make_voucher(line=line, amount=D("120.00"), paid_on=grant.starts_on)
    make_voucher(line=line, amount=D("70.00"), paid_on=grant.starts_on + timedelta(1))

    asked = make_payment(grant=grant, requested_on=grant.starts_on)
    make_voucher(line=line, amount=D("5.00"), paid_on=grant.starts_on)

    assert asked.state["spent"] == asked.state["due"] == D("120.00")


# --- pages ---


def test_money_is_asked_for_and_noted_as_paid(manager):
    grant = make_grant(amount=D("1000.00"))
    asked = {
        "starts_on": "2024-01-01",
        "ends_on": "2024-02-29",
        "amount": "1.000,01",
        "requested_on": "2024-01-02",
        # Nothing was paid yet: the page asks whether it is meant so.
        "cautions_confirmed": "on",
    }

    refused = manager.post(address("payment_new", grant), asked)
    assert "1.000,00" in refused.text
    manager.post(address("payment_new", grant), asked | {"amount": "400"})
    payment = PaymentRequest.objects.get()
    manager.post(payment.get_absolute_url(), {"paid_on": "2024-01-20", "paid_amount": "400,00"})
    payment.refresh_from_db()
    assert (payment.is_paid, payment.paid_on) == (True, date(2024, 1, 20))
    manager.post(address("payment_step", grant, payment.pk, "unpay"))
    manager.post(address("payment_step", grant, payment.pk, "call_back"))
    payment.refresh_from_db()
    assert payment.status == "called_back"


def test_more_than_was_paid_is_asked_about_where_the_funder_pays_back(manager):
    other = make_grant(profile="efre")
    line = make_plan_line(grant=other)
    make_voucher(line=line, amount=D("300.00"))
    new = address("payment_new", other)
    asked = {"requested_on": "2024-12-31", "starts_on": "2024-01-01", "ends_on": "2024-12-31"}

    assert "erstattet" in manager.get(new).text
    page = manager.post(new, asked | {"amount": "300,01"})
    assert "300,00 EUR" in str(page.context["form"].errors["cautions_confirmed"])
    assert manager.post(new, asked | {"amount": "100"}).status_code == 302
    # Of 300 EUR, 100 are asked for and still to come.
    later = asked | {"starts_on": "2025-01-01", "ends_on": "2025-01-31", "amount": "200,01"}
    other.ends_on = date(2025, 12, 31)
    other.save()
    page = manager.post(new, later)
    assert "200,00 EUR" in str(page.context["form"].errors["cautions_confirmed"])
    manager.post(new, later | {"cautions_confirmed": "on"})
    assert PaymentRequest.objects.count() == 2


def test_a_period_longer_than_the_money_may_wait_is_asked_about(manager):
    asked = {"amount": "400", "requested_on": "2024-01-02", "starts_on": "2024-01-01"}
    grant = make_grant(profile="senate")
    new = address("payment_new", grant)

    first = manager.post(new, asked | {"ends_on": "2024-03-01"})
    assert "2 Monate" in str(first.context["form"].errors["cautions_confirmed"])
    assert not PaymentRequest.objects.exists()
    manager.post(new, asked | {"ends_on": "2024-03-01", "cautions_confirmed": "on"})
    assert PaymentRequest.objects.count() == 1

    two_months = {"starts_on": "2024-04-01", "ends_on": "2024-05-31"}
    assert manager.post(new, asked | two_months).status_code == 302
    assert PaymentRequest.objects.count() == 2
    # The same time a second time.
    again = manager.post(new, asked | two_months)
    assert "Mittelabruf 2" in str(again.context["form"].errors["cautions_confirmed"])
    outside = manager.post(new, asked | {"starts_on": "2024-12-01", "ends_on": "2025-01-01"})
    assert "für die die Zuwendung zahlt" in outside.text


def test_more_income_than_costs_is_said_and_nothing_more_is_asked_for(manager):
    grant = make_grant(financing="share", rate=D("40.50"), amount=D("32400.00"))
    make_voucher(line=make_plan_line(grant=grant), amount=D("8276.38"))
    others = make_plan_line(grant=grant, kind="income", planned=D("47600.00"))
    make_voucher(line=others, amount=D("15000.00"))

    page = manager.get(address("money", grant)).text

    assert "überfinanziert" in page
    assert "6.723,62" in page
    assert "noch abrufbar" not in page
    assert "6.723,62" in manager.get(address("payment_new", grant)).text


def test_a_payment_is_not_noted_twice(manager):
    payment = make_payment()
    paid = {"paid_on": payment.ends_on.isoformat(), "paid_amount": "1000"}
    manager.post(payment.get_absolute_url(), paid)

    again = manager.post(payment.get_absolute_url(), paid, follow=True)

    assert "geändert" in again.text

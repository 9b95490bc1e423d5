"""What an accepted report counted of rates, results, methods and hours stays until it is opened."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from best_portal.accounts.models import Role
from best_portal.db import TRIGGERS
from consultations.models import MonthSheet
from reports.data_check import check
from reports.document import plain
from reports.freezing import freeze
from reports.models import Acceptance, CostMethod, Deliverable, StaffRate
from tests.factories import (
    YEAR,
    make_closed_sheet,
    make_cost_method,
    make_deliverable,
    make_employment,
    make_grant,
    make_hour_line,
    make_officer,
    make_payment,
    make_plan_line,
    make_report,
    make_staff_rate,
    make_submitted,
    make_time_entry,
    make_user,
    make_version,
    make_voucher,
    produced,
)
from tests.reports.acceptance import DAY, MID, accept, accept_first_half, refused, told

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def grant():
    return make_grant(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31))


def lump_line(grant):
    return make_plan_line(grant=grant, costing="lump", method=make_cost_method(base="results"))


# --- results ---


def test_a_result_of_an_accepted_period_stays(grant, manager):
    line = lump_line(grant)
    proven = make_deliverable(line=line, proven_on=MID, proof="Bericht")
    open_one = make_deliverable(line=line)
    later = make_deliverable(line=line, proven_on=MID + DAY, proof="Bericht")
    acceptance = accept_first_half(grant)
    rows = Deliverable.objects

    for pk, change in [
        (proven.pk, {"amount": D("1.00")}),
        (proven.pk, {"proven_on": MID + DAY}),
        (proven.pk, {"proven_on": None}),
        (open_one.pk, {"proven_on": MID, "proof": "Bericht"}),
        (later.pk, {"proven_on": MID}),
    ]:
        with refused("reports_accepted_results_stay"):
            rows.filter(pk=pk).update(**change)
    with refused("reports_accepted_results_stay"):
        proven.delete()
    with refused("reports_accepted_results_stay"):
        make_deliverable(line=line, proven_on=date(YEAR, 1, 1), proof="Bericht")
    # Not counted by it: what is not proven, or later.
    rows.filter(pk=later.pk).update(amount=D("2.00"))
    rows.filter(pk=open_one.pk).update(proven_on=MID + DAY, proof="Bericht")

    acceptance.lock.lift(by=manager, reason="Ergebnis falsch gebucht")
    proven.delete()


# --- hourly rates ---


def test_a_rate_stays_on_the_days_of_an_accepted_period(grant, manager):
    line = make_hour_line(grant=grant)
    rate = make_staff_rate(line=line)
    early = make_staff_rate(line=line, until=MID - DAY)
    acceptance = accept_first_half(grant)
    mine, rows = StaffRate.objects.filter(pk=rate.pk), StaffRate.objects

    for each, change in [
        (rate, {"gross_year": D("1000.00")}),
        (rate, {"contract_percent": D("50.00")}),
        (rate, {"person": make_user()}),
        (rate, {"line": make_hour_line(grant=grant)}),
        (rate, {"since": rate.since + DAY}),
        (rate, {"until": MID - DAY}),
        (early, {"until": MID}),
        (early, {"until": None}),
    ]:
        with refused("reports_accepted_rates_stay"):
            rows.filter(pk=each.pk).update(**change)
    with refused("reports_accepted_rates_stay"):
        rate.delete()
    with refused("reports_accepted_rates_stay"):
        make_staff_rate(line=line, since=MID)
    # A new rate follows the old one from the day after the period.
    mine.update(until=MID, source="Lohnkonto, berichtigt")
    make_staff_rate(line=line, person=rate.person, since=MID + DAY, gross_year=D("40000.00"))
    mine.update(since=grant.starts_on - DAY)

    acceptance.lock.lift(by=manager, reason="Satz falsch")
    mine.update(gross_year=D("1000.00"))


# --- cost methods ---


def test_a_method_stays_as_an_accepted_report_was_made_out_with_it(grant, manager):
    method = make_cost_method(rate=D("15.00"))
    make_plan_line(grant=grant, costing="flat", method=method)
    by_hour = make_hour_line(grant=grant).method
    unused = make_cost_method()
    acceptance = accept_first_half(grant)
    rows = CostMethod.objects

    for pk, change in [
        (method.pk, {"rate": D("20.00")}),
        (method.pk, {"base": "direct"}),
        (by_hour.pk, {"year_hours": 1650}),
    ]:
        with refused("reports_accepted_methods_stay"):
            rows.filter(pk=pk).update(**change)
    # A word about it, its end, and what no accepted report uses.
    rows.filter(pk=method.pk).update(source="Muster, Nr. 2", until=date(YEAR, 12, 31))
    rows.filter(pk=unused.pk).update(rate=D("20.00"))

    acceptance.lock.lift(by=manager, reason="Satz falsch")
    rows.filter(pk=method.pk).update(rate=D("20.00"))


# --- the plan ---


def test_what_makes_up_the_lines_of_an_accepted_report_stays(grant, manager):
    method = make_cost_method()
    staff = make_plan_line(grant=grant, costing="staff")
    flat = make_plan_line(grant=grant, costing="flat", method=method)
    third = make_plan_line(grant=grant, kind="income", origin="third")
    acceptance = accept_first_half(grant)
    rows = grant.plan_lines

    for line, change in [
        (staff, {"costing": "real"}),
        (flat, {"method": make_cost_method()}),
        (third, {"origin": "own"}),
        (staff, {"kind": "income", "origin": "own", "costing": "real"}),
    ]:
        with refused("reports_accepted_plan_stays"):
            rows.filter(pk=line.pk).update(**change)
    with refused("reports_accepted_plan_stays"):
        flat.delete()
    # Another notice may name other amounts, and lines that count nothing yet.
    rows.filter(pk=staff.pk).update(planned=D("1.00"), eligible=None, label="Personal neu")
    make_plan_line(grant=grant).delete()

    acceptance.lock.lift(by=manager, reason="Pauschale vereinbart")
    flat.delete()
    rows.filter(pk=staff.pk).update(costing="real")


def test_a_flat_rate_comes_to_no_accepted_report(grant):
    accept_first_half(grant)

    with refused("reports_accepted_plan_stays"):
        make_plan_line(grant=grant, costing="flat", method=make_cost_method())


# --- opened and locked again ---


def test_what_is_locked_again_stays_again(grant, manager):
    line = make_plan_line(grant=grant)
    acceptance = accept_first_half(grant)
    acceptance.lock.lift(by=manager, reason="Rechnung fehlte")
    late = make_voucher(line=line, paid_on=MID)

    again = acceptance.lock.lock_again(by=manager)
    with told("reports_accepted_books_stay"):
        late.withdraw(by=manager)

    again.lift(by=manager, reason="Rechnung doppelt")
    late.withdraw(by=manager)


def test_books_changed_since_are_told_of_where_reports_are_checked(grant, manager):
    line = make_plan_line(grant=grant)
    make_voucher(line=line, paid_on=MID, amount=D("1000.00"))
    accepted = make_report(grant=grant, ends_on=MID)
    alike = make_version(report=make_report(grant=grant, ends_on=MID, kind="final"))
    kept = plain(freeze(alike, at=timezone.now()))
    version = make_submitted(produced(frozen=kept), report=accepted)
    acceptance = Acceptance.objects.accept(version, by=make_officer(version))
    following = make_report(grant=grant, starts_on=MID + DAY, ends_on=grant.ends_on)

    def told():
        found = [[*check(each).found] for each in (accepted, following)]
        return [[each.text for each in those if each.code == "drift"] for those in found]

    make_voucher(line=line, paid_on=MID + DAY, amount=D("77.00"))
    assert told() == [[], []]

    acceptance.lock.lift(by=manager, reason="Rechnung fehlte")
    make_voucher(line=line, paid_on=MID, amount=D("111.00"))
    acceptance.lock.lock_again(by=manager)

    for [text] in told():
        assert "1.000,00 EUR" in text
        assert "1.111,00 EUR" in text


def test_a_lock_for_another_report_closes_no_books(grant, manager):
    line = make_plan_line(grant=grant)
    acceptance = accept_first_half(grant)
    accept_first_half(make_grant(project=grant.project, ends_on=grant.ends_on))
    acceptance.lock.lift(by=manager, reason="Rechnung fehlte")

    make_voucher(line=line, paid_on=MID)


# --- hours ---


def test_a_sheet_of_an_accepted_period_is_neither_opened_nor_closed_anew(grant, manager):
    rate = make_staff_rate(line=make_hour_line(grant=grant))
    counted, later = (
        make_closed_sheet(rate.person, grant.project, 60, day=MID),
        make_closed_sheet(rate.person, grant.project, 60, day=MID + DAY),
    )
    others = make_closed_sheet(make_user(), grant.project, 60, day=MID)
    acceptance = accept_first_half(grant)

    with told("reports_accepted_hours_stay"):
        counted.reopen(by=manager, reason="Ein Tag fehlt.")
    assert not counted.versions.exists()
    with refused("reports_accepted_hours_stay"):
        make_closed_sheet(rate.person, grant.project, 60, day=date(YEAR, 5, 2))
    # Signed it may be; the months after, and hours no rate of the grant pays for, stay free.
    counted.confirm(by=manager)
    later.reopen(by=manager, reason="Ein Tag fehlt.")
    others.reopen(by=manager, reason="Ein Tag fehlt.")

    acceptance.lock.lift(by=manager, reason="Stunden falsch")
    counted.refresh_from_db()
    counted.reopen(by=manager, reason="Ein Tag fehlt.")


def test_a_month_left_open_is_not_closed_once_its_report_is_accepted(sign_in, grant, manager):
    rate = make_staff_rate(line=make_hour_line(grant=grant))
    make_employment(user=rate.person, starts_on=grant.starts_on)
    month = MID.replace(day=1)
    make_time_entry(user=rate.person, project=grant.project, day=month + 2 * DAY, minutes=60)
    acceptance = accept_first_half(grant)
    client = sign_in(rate.person)
    address = reverse("consultations:month_close", args=[rate.person_id, month])

    answer = client.post(address)
    assert escape(str(TRIGGERS["reports_accepted_hours_stay"])) in answer.content.decode()
    assert not MonthSheet.objects.exists()

    acceptance.lock.lift(by=manager, reason="Nachweis fehlte")
    assert client.post(address).status_code == 302
    assert MonthSheet.objects.closed().exists()


# --- what is paid before and after ---


def test_bills_paid_beyond_the_grants_days_stay_with_its_first_and_last_report(grant, manager):
    grant.pay_until = grant.ends_on + 60 * DAY
    grant.save()
    line = make_plan_line(grant=grant)
    before = make_voucher(line=line, paid_on=grant.starts_on - DAY)
    after = make_voucher(line=line, paid_on=grant.ends_on + DAY)

    first = accept_first_half(grant)
    with told("reports_accepted_books_stay"):
        make_voucher(line=line, paid_on=grant.starts_on - DAY)
    with told("reports_accepted_books_stay"):
        before.withdraw(by=manager)
    make_voucher(line=line, paid_on=grant.ends_on + DAY)

    last = accept(grant, starts_on=MID + DAY)
    with told("reports_accepted_books_stay"):
        make_voucher(line=line, paid_on=grant.ends_on + DAY)
    with told("reports_accepted_books_stay"):
        after.withdraw(by=manager)

    first.lock.lift(by=manager, reason="Rechnung falsch gebucht")
    before.withdraw(by=manager)
    last.lock.lift(by=manager, reason="Rechnung falsch gebucht")
    after.withdraw(by=manager)


def test_an_approved_early_start_is_the_first_day(grant):
    grant.early_start_on = grant.starts_on - 30 * DAY
    grant.save()
    line = make_plan_line(grant=grant)
    accept_first_half(grant)

    make_voucher(line=line, paid_on=grant.starts_on - DAY)
    with told("reports_accepted_books_stay"):
        make_voucher(line=line, paid_on=grant.starts_on)


def test_the_last_money_may_come_after_the_last_report_was_accepted(grant, manager):
    asked = make_payment(grant=grant)
    accept(grant)

    with told("reports_accepted_books_stay"):
        asked.note_paid(by=manager, paid_on=grant.ends_on, paid_amount=D("1000.00"))
    asked.note_paid(by=manager, paid_on=grant.ends_on + DAY, paid_amount=D("1000.00"))
    asked.unpay(by=manager)


def test_money_the_last_report_has_counted_stays_however_late_it_came(grant, manager):
    asked = make_payment(grant=grant)
    asked.note_paid(by=manager, paid_on=grant.ends_on + DAY, paid_amount=D("1000.00"))
    acceptance = accept(grant)

    with told("reports_accepted_books_stay"):
        asked.unpay(by=manager)
    with refused("reports_accepted_books_stay"):
        grant.payment_requests.update(paid_amount=D("700.00"))

    acceptance.lock.lift(by=manager, reason="Betrag falsch notiert")
    asked.unpay(by=manager)


# --- the pages ---


def test_the_forms_say_why_they_are_refused(sign_in, grant, manager):
    rate = make_staff_rate(line=make_hour_line(grant=grant))
    result = make_deliverable(line=lump_line(grant), proven_on=MID, proof="Bericht")
    method = make_plan_line(grant=grant, costing="flat", method=make_cost_method()).method
    sheet = make_closed_sheet(rate.person, grant.project, 60, day=MID)
    accept_first_half(grant)
    client = sign_in(manager)

    for name, address, answers in [
        (
            "reports_accepted_rates_stay",
            reverse("reports:staff_rate", args=[grant.ref, rate.pk]),
            {
                "line": rate.line_id,
                "person": rate.person_id,
                "gross_year": "1.000,00",
                "contract_percent": "100",
                "since": rate.since.isoformat(),
                "source": rate.source,
            },
        ),
        (
            "reports_accepted_results_stay",
            reverse("reports:deliverable", args=[grant.ref, result.pk]),
            {
                "line": result.line_id,
                "title": result.title,
                "amount": "1,00",
                "proven_on": MID.isoformat(),
                "proof": result.proof,
            },
        ),
        (
            "reports_accepted_methods_stay",
            reverse("reports:cost_method", args=[method.pk]),
            {
                "name": method.name,
                "base": method.base,
                "rate": "20",
                "since": method.since.isoformat(),
                "source": method.source,
            },
        ),
        (
            "reports_accepted_hours_stay",
            reverse("consultations:sheet_reopen", args=[sheet.pk]),
            {"reason": "Ein Tag fehlt."},
        ),
    ]:
        answer = client.post(address, answers)
        assert answer.status_code in (200, 409, 422), (name, answer.status_code)
        assert escape(str(TRIGGERS[name])) in answer.content.decode(), name

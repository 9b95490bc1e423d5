"""The pages of a grant's money, as the management uses them."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from best_portal.accounts.models import Role
from reports.models import CostMethod, EnterpriseAward, InventoryItem, Voucher
from tests.factories import (
    checked_file,
    make_cost_method,
    make_enterprise,
    make_grant,
    make_plan_line,
    make_thing,
    make_user,
    make_voucher,
)

pytestmark = pytest.mark.django_db

D = Decimal


def address(name, grant, *args):
    return reverse(f"reports:{name}", args=[grant.ref, *args])


def filled(line, **fields):
    return {
        "line": line.pk,
        "number": "R-7",
        "payee": "Muster-Druckerei",
        "reason": "Faltblätter",
        "invoiced_on": "2024-02-01",
        "paid_on": "2024-02-15",
        "amount": "1.190,00",
        "eligible": "",
        "cut_because": "",
    } | fields


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_the_money_is_the_managements(sign_in, role):
    user, grant = make_user(role), make_grant()
    if role == Role.FUNDER:
        grant.programme.officers.add(user)
    client = sign_in(user)

    for name in ("money", "vouchers", "voucher_new", "payment_new", "inventory"):
        assert client.get(address(name, grant)).status_code == 403


def test_a_voucher_is_entered_with_its_file(manager):
    line = make_plan_line()
    bill = SimpleUploadedFile("Rechnung.txt", b"Rechnung 7")

    answer = manager.post(address("voucher_new", line.grant), filled(line, file=bill), follow=True)

    voucher = Voucher.objects.get()
    assert (voucher.amount, voucher.eligible) == (D("1190.00"), D("1190.00"))
    assert (voucher.file_name, voucher.recorded_by.role) == ("Rechnung.txt", Role.MANAGER)
    assert "R-7" in answer.text
    taken = manager.get(address("voucher_file", line.grant, voucher.pk))
    assert b"".join(taken.streaming_content) == b"Rechnung 7"
    assert taken["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"eligible": "1.000,00"}, "nicht alles förderfähig"),
        ({"eligible": "2.000,00", "cut_because": "x"}, "zwischen 0 und dem Betrag"),
        ({"amount": "viel"}, "Zahl"),
        ({"number": ""}, "Beleg-Nr."),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(manager, fields, words):
    line = make_plan_line()

    answer = manager.post(address("voucher_new", line.grant), filled(line, **fields))

    assert words in answer.text
    assert "Muster-Druckerei" in answer.text
    assert not Voucher.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"paid_on": "2099-01-01"}, "in der Zukunft"),
        ({"paid_on": "0206-02-15"}, "vor 1990"),
        ({"invoiced_on": "1989-12-31"}, "vor 1990"),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_field(manager, fields, words):
    line = make_plan_line()

    answer = manager.post(
        address("voucher_new", line.grant), filled(line, **fields, cautions_confirmed="on")
    )

    assert words in str(answer.context["form"].errors[next(iter(fields))])
    assert not Voucher.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"invoiced_on": "2024-04-16"}, "61 Tage vor der Rechnung"),
        ({"invoiced_on": "2021-12-01"}, "mehr als zwei Jahre"),
        ({"amount": "10.000,01"}, "10.000,00 EUR"),
        ({"payee": "Beispiel Telefon", "amount": "100"}, "Beleg T-1 (Az. Muster)"),
    ],
)
def test_what_is_odd_is_saved_at_the_second_press(manager, fields, words):
    line = make_plan_line()
    other = make_grant(project=line.grant.project, reference="Az. Muster")
    paid = {"number": "T-1", "payee": "Beispiel Telefon", "paid_on": date(2024, 2, 15)}
    make_voucher(line=make_plan_line(grant=other), **paid)
    new, sent = address("voucher_new", line.grant), filled(line, **fields)

    first = manager.post(new, sent)
    assert words in str(first.context["form"].errors["cautions_confirmed"])
    assert not line.vouchers.exists()
    manager.post(new, sent | {"cautions_confirmed": "on"})

    voucher = line.vouchers.get()
    assert "cautions_confirmed" not in manager.get(voucher.get_absolute_url()).text
    manager.post(voucher.get_absolute_url(), sent | {"reason": "Etwas anderes"})
    voucher.refresh_from_db()
    assert voucher.reason == "Etwas anderes"


def test_nothing_is_asked_about_an_ordinary_voucher(manager):
    line = make_plan_line()
    sent = filled(line, amount="10.000,00", invoiced_on="2024-04-15")

    assert manager.post(address("voucher_new", line.grant), sent).status_code == 302


def test_a_program_is_no_file_of_a_voucher(manager):
    line = make_plan_line()
    file = SimpleUploadedFile("Rechnung.exe", b"MZ")

    answer = manager.post(address("voucher_new", line.grant), filled(line, file=file))

    assert answer.status_code == 200
    assert not Voucher.objects.exists()


def test_a_voucher_is_changed_deleted_and_brought_back(manager):
    voucher = make_voucher(number="R-1")
    line, grant = voucher.line, voucher.grant

    manager.post(voucher.get_absolute_url(), filled(line, number="R-2", amount="80"))
    voucher.refresh_from_db()
    assert (voucher.number, voucher.eligible) == ("R-2", D("80.00"))

    put = manager.post(reverse("bin:put", args=["voucher", voucher.pk]), follow=True)
    assert put.redirect_chain == [(address("vouchers", grant), 302)]
    assert not Voucher.objects.valid().exists()
    manager.post(reverse("bin:take_out", args=["voucher", voucher.pk]))
    assert Voucher.objects.valid().exists()


def test_the_list_is_filtered_summed_and_taken_as_a_file(manager):
    grant = make_grant()
    goods, rooms = (make_plan_line(grant=grant, label=name) for name in ("Dinge", "Räume"))
    make_voucher(line=goods, number="A-1", amount=D("10.00"))
    make_voucher(
        line=goods, number="A-2", amount=D("20.00"), eligible=D("5.00"), cut_because="Pfand"
    )
    make_voucher(line=rooms, number="A-3", payee="Hausverwaltung", file=checked_file())
    make_voucher(line=rooms, number="A-4", paid_on=None)
    make_voucher(line=rooms, number="A-5", paid_on=grant.ends_on + timedelta(1))

    def shown(**asked):
        page = manager.get(address("vouchers", grant), asked)
        return [row.number for row in page.context["page"]]

    assert shown() == ["A-1", "A-2", "A-3", "A-5", "A-4"]
    assert shown(line=goods.pk) == ["A-1", "A-2"]
    assert shown(q="hausverw") == ["A-3"]
    assert shown(state="cut") == ["A-2"]
    assert shown(state="open") == ["A-4"]
    assert shown(state="late") == ["A-5"]
    assert shown(state="bare") == ["A-1", "A-2", "A-5", "A-4"]
    assert shown(until=grant.ends_on.isoformat()) == ["A-1", "A-2", "A-3"]
    page = manager.get(address("vouchers", grant), {"line": goods.pk})
    assert (page.context["totals"]["expense"], page.context["totals"]["eligible"]) == (30, 15)
    answer = manager.get(address("vouchers_export", grant, "csv"), {"line": goods.pk})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [(row[3], row[8], row[9]) for row in rows[1:]] == [
        ("A-1", "10,00", "10,00"),
        ("A-2", "20,00", "5,00"),
    ]


def test_both_pages_of_the_money_mean_the_same_by_eligible(manager):
    grant = make_grant(early_start_on=date(2023, 12, 1), pay_until=date(2025, 1, 31))
    line = make_plan_line(grant=grant)
    days = ["2023-11-30", "2023-12-01", "2025-01-31", "2025-02-01"]
    for number, paid_on in enumerate(days, start=1):
        make_voucher(line=line, paid_on=date.fromisoformat(paid_on), amount=D(10**number))
    make_voucher(line=line, paid_on=None, amount=D("7.00"))

    listed = manager.get(address("vouchers", grant))
    money = manager.get(address("money", grant)).context["money"]

    totals = listed.context["totals"]
    assert (totals["expense"], totals["eligible"], totals["open"]) == (11110, 1100, 7)
    assert (money.account.spent, money.account.eligible) == (11110, 1100)
    assert listed.text.count("nicht förderfähig: außerhalb des Zeitraums") == 2
    assert "davon 1.100,00\xa0€ förderfähig" in listed.text
    assert "noch nicht bezahlt 7,00" in listed.text
    answer = manager.get(address("vouchers_export", grant, "csv"), {"state": "late"})
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert all(";0,00;nicht förderfähig: außerhalb des Zeitraums" in row for row in rows)


def test_another_grants_voucher_is_not_found_here(manager):
    voucher, other = make_voucher(), make_grant()

    assert manager.get(address("voucher", other, voucher.pk)).status_code == 404


def test_the_page_of_the_money_shows_plan_and_actual(manager):
    grant = make_grant(amount=D("1000.00"), inventory_from=D("800.00"))
    goods = make_plan_line(grant=grant, label="Dinge", planned=D("1000.00"))
    make_voucher(line=goods, amount=D("1250.00"))
    make_voucher(line=goods, paid_on=None)

    page = manager.get(address("money", grant))

    assert "1.250,00" in page.text
    assert "über dem Plan" in page.text
    money = page.context["money"]
    assert money.expense_sum.left == D("-250.00")
    assert money.account.due == D("1000.00")
    assert len(money.findings) == 5


def test_amounts_and_percents_of_the_money_are_written_in_german(manager):
    line = make_plan_line(label="Personal", planned=D("80000.00"))
    make_voucher(line=line, amount=D("9999999999.99"))

    page = manager.get(address("money", line.grant)).text

    assert "„Personal“ liegt 12.499.900 Prozent über dem Plan" in page
    assert "−9.999.919.999,99\xa0€" in page
    assert "-9.999" not in page


def test_things_are_listed_and_taken_as_a_file(manager):
    voucher = make_voucher()
    grant = voucher.grant
    make_thing(grant=grant, name="Drucker")
    data = {
        "name": "Laptop",
        "bought_on": "2024-03-01",
        "price": "900",
        "voucher": voucher.pk,
        "gone_on": "",
        "gone_because": "",
    }

    answer = manager.post(address("thing_new", grant), data, follow=True)

    assert "Laptop" in answer.text
    assert InventoryItem.objects.get(name="Laptop").voucher == voucher
    text = b"".join(manager.get(address("inventory_export", grant, "csv")).streaming_content)
    assert "900,00" in text.decode("utf-8-sig")


def test_awards_to_enterprises_are_listed_and_taken_as_a_file(manager):
    grant, enterprise = make_grant(), make_enterprise(name="Muster-Bäckerei")
    data = {
        "organisation": enterprise.pk,
        "kind": "grant",
        "granted_on": "2024-03-01",
        "amount": "5.000,00",
        "completed_on": "2024-06-01",
        "private_amount": "2.500,50",
        "proof": "Bescheid vom 1. März",
        "confirmed_on": "2024-06-02",
        "confirmed_by": "Erika Muster",
    }

    refused = manager.post(
        address("enterprise_award_new", grant), data | {"confirmed_on": "", "confirmed_by": ""}
    )
    assert "wie das Unternehmen sie bestätigt hat" in refused.text
    answer = manager.post(address("enterprise_award_new", grant), data, follow=True)

    assert "Muster-Bäckerei" in answer.text
    assert EnterpriseAward.objects.get().private_amount == D("2500.50")
    file = manager.get(address("enterprise_awards_export", grant, "csv"))
    assert "2500,50" in b"".join(file.streaming_content).decode("utf-8-sig")


def test_a_cost_method_ends_and_its_successor_begins(manager):
    method = CostMethod.objects.get(rate=15)
    data = {
        "name": method.name,
        "base": "staff",
        "rate": "15",
        "since": "2021-01-01",
        "until": "2025-12-31",
        "source": "Muster",
    }
    new = reverse("reports:cost_method_new")

    twice = manager.post(new, data | {"since": "2026-01-01", "until": "", "rate": "14"})
    assert "in dieser Zeit" in twice.text
    manager.post(reverse("reports:cost_method", args=[method.pk]), data)
    manager.post(new, data | {"since": "2026-01-01", "until": "", "rate": "14"})

    assert CostMethod.objects.valid_on(date(2026, 1, 1)).get(name=method.name).rate == 14
    assert "14" in manager.get(reverse("reports:cost_rules")).text


def test_a_line_with_vouchers_stays_one_that_takes_them(manager):
    voucher = make_voucher()
    line, grant = voucher.line, voucher.grant
    page = manager.get(reverse("reports:grant_edit", args=[grant.ref]))
    setup = page.context["setup"]
    table = next(each for each in setup.tables if each.prefix == "plan_lines")
    method = make_cost_method()
    form = type(table.forms[0])(
        {
            "kind": "expense",
            "position": line.position,
            "label": line.label,
            "planned": "1",
            "costing": "flat",
            "method": method.pk,
            "origin": "",
        },
        instance=line,
    )
    form.fields.pop("grant", None)

    assert not form.is_valid()
    assert "costing" in form.errors

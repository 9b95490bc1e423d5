"""Positions of a plan come in the order of their numbers: on pages, on paper, among vouchers."""

import re
from datetime import date

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from reports.frozen_books import FrozenBooks
from reports.models import Voucher
from tests.factories import YEAR, make_grant, make_plan_line, make_user, make_voucher

pytestmark = pytest.mark.django_db

IN_ORDER = ["1", "1.2", "1.10", "2", "9", "10", "10a", "10b", "100", "A 2", "A 10", "b 1"]


@pytest.fixture
def grant():
    """Lines entered in the order in which text would be sorted, each with a bill."""
    grant = make_grant()
    for position in sorted(IN_ORDER):
        line = make_plan_line(grant=grant, position=position, label=f"Posten {position}")
        make_voucher(line=line, number=f"R {position}")
    make_plan_line(grant=grant, kind="income", position="10", label="Posten Spenden")
    make_plan_line(grant=grant, kind="income", position="9", label="Posten Beiträge")
    return grant


def test_lines_come_by_their_numbers_income_first(grant):
    found = [(line.kind, line.position) for line in grant.plan_lines.all()]

    assert found == [("income", "9"), ("income", "10"), *(("expense", each) for each in IN_ORDER)]


def test_the_report_and_its_vouchers_come_so_too(grant):
    books = FrozenBooks.of(grant, date(YEAR, 1, 1), date(YEAR, 12, 31))
    listed = Voucher.objects.filter(grant=grant).for_list()

    assert [line.position for line in books.lines] == ["9", "10", *IN_ORDER]
    assert [voucher.number for voucher in listed] == [f"R {each}" for each in IN_ORDER]


@pytest.mark.parametrize("name", ["grant", "grant_edit", "money", "voucher_new"])
def test_so_do_the_pages(sign_in, grant, name):
    page = sign_in(make_user(Role.MANAGER)).get(reverse(f"reports:{name}", args=[grant.ref]))

    found = re.findall(r"Posten (\d[^<\"&]*|[Ab] \d+)", page.content.decode())
    assert list(dict.fromkeys(each.strip() for each in found)) == IN_ORDER

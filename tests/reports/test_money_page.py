"""The page of a grant's money offers what its plan can take, and says since when it holds."""

from datetime import date

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from tests.factories import (
    make_cost_method,
    make_grant,
    make_hour_line,
    make_plan_line,
    make_staff_rate,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(sign_in):
    client = sign_in(make_user(Role.MANAGER))

    def page(grant):
        return client.get(reverse("reports:money", args=[grant.ref])).content.decode()

    return page


@pytest.mark.parametrize(
    ("costing", "base", "name", "nothing"),
    [
        ("hours", "hours", "staff_rate_new", "Es ist noch kein Satz eingetragen."),
        ("lump", "results", "deliverable_new", "Es ist noch kein Ergebnis eingetragen."),
    ],
)
def test_rates_and_results_are_offered_where_a_line_takes_them(page, costing, base, name, nothing):
    grant = make_plan_line().grant
    address = reverse(f"reports:{name}", args=[grant.ref])
    assert address not in page(grant)

    make_plan_line(grant=grant, costing=costing, method=make_cost_method(base=base))
    assert address in page(grant)
    assert nothing in page(grant)


def test_a_rate_stands_with_its_line_and_its_days(page):
    grant = make_grant()
    line = make_hour_line(grant=grant, label="Beratung vor Ort")
    make_staff_rate(line=line, since=date(2024, 1, 1), until=date(2024, 3, 31))
    make_staff_rate(line=line, since=date(2024, 4, 1))

    told = " ".join(page(grant).split())
    assert "Beratung vor Ort, 01.01.2024 – 31.03.2024 (Lohnkonto)" in told
    assert "Beratung vor Ort, ab 01.04.2024 (Lohnkonto)" in told

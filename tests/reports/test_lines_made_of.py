"""What a line of the plan is made of stays while something counts by it; refunds of nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from best_portal.accounts.models import Role
from reports.forms.grant_tables import PlanLineForm
from reports.models import Costing
from reports.money_findings import of_refunds
from tests.factories import (
    make_cost_method,
    make_deliverable,
    make_grant,
    make_plan_line,
    make_staff_rate,
    make_user,
    make_voucher,
)

pytestmark = pytest.mark.django_db
D = Decimal


def form_of(line, **fields):
    data = {
        "kind": line.kind,
        "position": line.position,
        "label": line.label,
        "planned": "10000",
        "costing": line.costing,
        "method": line.method_id or "",
        "origin": line.origin,
    }
    return PlanLineForm(data | fields, instance=line)


@pytest.mark.parametrize(
    ("make", "words"), [(make_deliverable, "Ergebnisse"), (make_staff_rate, "Stundensätze")]
)
@pytest.mark.parametrize("costing", [Costing.REAL, Costing.FLAT])
def test_a_line_leaves_behind_nothing_that_counts(make, words, costing):
    line = make().line

    form = form_of(line, costing=costing, method=make_cost_method(base="direct").pk)

    assert not form.is_valid()
    assert any(words in each for each in form.errors["costing"])
    same = form_of(line)
    same.is_valid()
    assert "costing" not in same.errors


def test_no_voucher_comes_back_into_a_line_that_takes_none():
    manager, voucher = make_user(Role.MANAGER), make_voucher()
    voucher.withdraw(by=manager)
    line = voucher.line
    line.costing, line.method = Costing.FLAT, make_cost_method(base="direct")
    line.save()

    with pytest.raises(ValidationError, match="Pauschalen"):
        type(voucher).objects.get(pk=voucher.pk).restore(by=manager)

    line.costing, line.method = Costing.REAL, None
    line.save()
    type(voucher).objects.get(pk=voucher.pk).restore(by=manager)


@pytest.mark.parametrize(
    ("paid_late", "back", "found"),
    [(False, "-50.00", 0), (True, "-50.00", 1), (False, "-50.01", 1)],
)
def test_late_refunds_of_what_never_counted_are_looked_at(paid_late, back, found):
    grant = make_grant()
    line, last = make_plan_line(grant=grant), grant.last_payment_day
    bill = {"line": line, "grant": grant, "payee": "Muster GmbH"}
    make_voucher(**bill, amount=D("50.00"), paid_on=last + timedelta(days=1 if paid_late else 0))
    make_voucher(**bill, amount=D(back), paid_on=last + timedelta(days=40))

    assert len(list(of_refunds(grant))) == found

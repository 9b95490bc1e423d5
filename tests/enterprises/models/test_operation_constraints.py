"""What must never be true of operations, beneficiaries and published lists, broken by name."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone

from best_portal.imports.models import BatchStatus
from enterprises.models import Basis, Operation
from tests.factories import (
    make_beneficiary,
    make_operation,
    make_operation_import,
    make_organisation,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_operation_fund_is_known", {"fund": "land"}),
        ("enterprises_operation_period_is_known", {"period": "2014"}),
        ("enterprises_operation_has_a_name", {"name": ""}),
        (
            "enterprises_operation_ends_after_start",
            {"starts_on": date(2024, 1, 2), "ends_on": date(2024, 1, 1)},
        ),
        ("enterprises_operation_amount_is_not_negative", {"amount": Decimal("-0.01")}),
        ("enterprises_operation_share_is_a_part", {"share": Decimal("100.01")}),
        ("enterprises_operation_share_is_a_part", {"share": Decimal("-0.01")}),
    ],
)
def test_an_operation_is_possible(constraint, fields):
    batch = make_operation_import()

    with pytest.raises(IntegrityError, match=constraint):
        make_operation(batch=batch, **fields)


def test_an_operation_is_there_once():
    make_operation(fingerprint="the same")

    with pytest.raises(IntegrityError, match="enterprises_operation_imported_once"):
        make_operation(fingerprint="the same")


def test_an_operation_does_not_replace_itself():
    operation = make_operation()

    with pytest.raises(IntegrityError, match="enterprises_operation_not_replaced_by_itself"):
        Operation.objects.update(replaced_by=operation)


def test_a_printed_name_is_there_once_and_not_empty():
    make_beneficiary(name="Muster GmbH")

    with pytest.raises(IntegrityError, match="enterprises_beneficiary_named_once"):
        make_beneficiary(name="Muster GmbH")


def test_a_beneficiary_has_a_name():
    with pytest.raises(IntegrityError, match="enterprises_beneficiary_has_a_name"):
        make_beneficiary(name="")


@pytest.mark.parametrize(
    ("basis", "is_linked"), [("guess", False), (Basis.OPEN, True), (Basis.SAME_NAME, False)]
)
def test_a_beneficiary_is_an_organisation_for_a_reason(basis, is_linked):
    organisation = make_organisation() if is_linked else None

    with pytest.raises(IntegrityError, match="enterprises_beneficiary_basis_fits"):
        make_beneficiary(basis=basis, organisation=organisation)


@pytest.mark.parametrize(("basis", "at"), [(Basis.DECIDED, None), (Basis.OPEN, timezone.now())])
def test_a_decision_has_its_time(basis, at):
    with pytest.raises(IntegrityError, match="enterprises_beneficiary_decided_with_time"):
        make_beneficiary(basis=basis, settled_at=at)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_operationimport_fund_is_known", {"fund": "land"}),
        ("enterprises_operationimport_period_is_known", {"period": "2014"}),
        (
            "enterprises_operationimport_status_is_known",
            {"status": "lost", "committed_at": None},
        ),
        ("enterprises_operationimport_committed_with_time", {"committed_at": None}),
        ("enterprises_operationimport_only_open_keeps_file", {"content": b"x"}),
        (
            "enterprises_operationimport_leftover_of_committed",
            {"status": BatchStatus.UPLOADED, "committed_at": None, "leftover": {"rows": []}},
        ),
    ],
)
def test_an_import_is_possible(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_operation_import(**fields)

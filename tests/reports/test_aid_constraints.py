"""What must never be true of rules, rates, declarations and awards, broken by name."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests.factories import (
    make_aid_grant,
    make_award,
    make_declaration,
    make_grant,
    make_rule,
)

pytestmark = pytest.mark.django_db

DAY = date(2024, 3, 1)
BEFORE = date(2024, 2, 1)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"key": "own"}, "reports_deminimisrule_key_is_known"),
        ({"ceiling": 0}, "reports_deminimisrule_ceiling_is_positive"),
        ({"until": BEFORE}, "reports_deminimisrule_ends_after_start"),
        ({"pk": None}, "reports_deminimisrule_one_at_a_time"),
    ],
)
def test_a_rule_is_possible(fields, constraint):
    rule = make_rule()
    rule.since = DAY
    for name, value in fields.items():
        setattr(rule, name, value)

    with pytest.raises(IntegrityError, match=constraint):
        rule.save()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"rate": 0}, "reports_aidrate_is_positive"),
        ({"until": BEFORE}, "reports_aidrate_ends_after_start"),
        ({}, "reports_aidrate_one_at_a_time"),
    ],
)
def test_a_rate_is_possible(fields, constraint):
    grant = make_aid_grant()
    if fields:
        grant.aid_rates.all().delete()

    with pytest.raises(IntegrityError, match=constraint):
        grant.aid_rates.create(**{"rate": 50, "since": DAY, "source": "-"} | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"aid_basis": "own"}, "reports_grant_aid_basis_is_known"),
        ({"de_minimis_delegated": True}, "reports_grant_delegates_only_de_minimis"),
    ],
)
def test_a_grant_gives_aid_by_known_rules(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_grant(**fields)


def test_a_declaration_is_signed():
    with pytest.raises(IntegrityError, match="reports_declaration_is_signed"):
        make_declaration(signed_by="")


def test_a_declaration_is_not_as_old_as_the_hills():
    with pytest.raises(IntegrityError, match="reports_declaration_signed_in_our_time"):
        make_declaration(signed_on=date(1, 1, 1))


def test_one_form_is_one_declaration():
    key = uuid.uuid4()
    make_declaration(form_key=key)

    with pytest.raises(IntegrityError, match="reports_declaration_one_per_form"):
        make_declaration(form_key=key)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"form": "gift"}, "reports_declaredaid_form_is_known"),
        ({"giver": ""}, "reports_declaredaid_has_a_giver"),
        ({"value": Decimal("-0.01")}, "reports_declaredaid_is_not_negative"),
        ({"amount": Decimal("-0.01")}, "reports_declaredaid_is_not_negative"),
    ],
)
def test_declared_aid_is_possible(fields, constraint):
    line = {"giver": "Amt", "amount": 1, "value": 1, "form": "grant"} | fields

    with pytest.raises(IntegrityError, match=constraint):
        make_declaration().aids.create(granted_on=DAY, **line)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        (
            {"fee": 60, "amount": 0},
            "reports_deminimisaward_is_positive",
        ),
        ({"fee": -1, "amount": 61}, "reports_deminimisaward_is_positive"),
        ({"amount": Decimal("60.01")}, "reports_deminimisaward_amount_agrees"),
        ({"granted_on": DAY, "retain_until": BEFORE}, "reports_deminimisaward_proof_is_kept"),
        (
            {"granted_on": DAY, "registered_on": BEFORE},
            "reports_deminimisaward_registered_after_grant",
        ),
        ({"revoked_because": "-"}, "reports_deminimisaward_revoked_with_a_reason"),
        ({"revoked_at": timezone.now()}, "reports_deminimisaward_revoked_with_a_reason"),
    ],
)
def test_an_award_is_possible(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_award(**fields)


def test_a_consultation_is_granted_once():
    award = make_award()

    with pytest.raises(IntegrityError, match="reports_deminimisaward_one_per_consultation"):
        make_award(
            grant=award.grant,
            organisation=award.organisation,
            consultation=award.consultation,
        )

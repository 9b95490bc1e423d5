"""The size of an enterprise: into which class its numbers put it, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from enterprises.models import SizeClass, SizeDeclaration, SizeLimit
from tests.factories import make_enterprise, make_size

pytestmark = pytest.mark.django_db

DAY = date(2023, 12, 31)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("employees", "turnover", "balance_sheet", "size_class"),
    [
        ("9.99", 2 * MILLION, None, "micro"),
        ("10", 2 * MILLION, None, "small"),
        ("9", 3 * MILLION, 2 * MILLION, "micro"),
        ("9", 3 * MILLION, None, "small"),
        ("49.5", 10 * MILLION, None, "small"),
        ("249", 51 * MILLION, 43 * MILLION, "medium"),
        ("249", 51 * MILLION, 44 * MILLION, "large"),
        ("250", MILLION, MILLION, "large"),
    ],
)
def test_people_and_one_of_two_amounts_make_the_class(
    employees, turnover, balance_sheet, size_class
):
    size = make_size(employees=Decimal(employees), turnover=turnover, balance_sheet=balance_sheet)

    assert size.size_class == size_class


def test_what_public_bodies_own_is_neither_small_nor_medium_sized():
    assert make_size(is_publicly_owned=True).size_class == SizeClass.LARGE


def test_before_the_first_limits_nobody_knows_the_class():
    with pytest.raises(ValidationError):
        make_size(as_of=date(2004, 12, 31))


def test_the_class_is_that_of_the_last_declaration_before_the_day_else_the_first_after_it():
    body, late = make_enterprise(), make_enterprise()
    make_size(body, as_of=date(2020, 12, 31), employees=9)
    make_size(body, as_of=date(2022, 12, 31), employees=11)
    make_size(late, as_of=date(2022, 12, 31), employees=60)

    days = {body.pk: date(2021, 6, 30), late.pk: date(2021, 6, 30)}
    assert SizeDeclaration.objects.as_of(days) == {body.pk: "micro", late.pk: "medium"}


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_sizedeclaration_class_is_known", {"size_class": "huge"}),
        ("enterprises_sizedeclaration_has_an_amount", {"turnover": None}),
        ("enterprises_sizedeclaration_is_not_negative", {"employees": -1}),
        ("enterprises_sizedeclaration_has_a_source", {"source": ""}),
    ],
)
def test_a_declaration_is_refused(constraint, fields):
    size = make_size()

    with pytest.raises(IntegrityError, match=constraint):
        SizeDeclaration.objects.filter(pk=size.pk).update(**fields)


def test_the_size_as_of_a_day_is_declared_once():
    size = make_size(as_of=DAY)

    with pytest.raises(IntegrityError, match="enterprises_sizedeclaration_once_a_day"):
        make_size(size.organisation, as_of=DAY)


@pytest.mark.parametrize(
    ("constraint", "size_class"),
    [
        ("enterprises_sizelimit_class_is_known", "large"),
        ("enterprises_sizelimit_one_at_a_time", "micro"),
    ],
)
def test_limits_are_refused(constraint, size_class):
    with pytest.raises(IntegrityError, match=constraint):
        SizeLimit.objects.create(
            size_class=size_class,
            employees_below=1,
            turnover_up_to=1,
            balance_up_to=1,
            source="-",
            starts_on=date(2020, 1, 1),
        )

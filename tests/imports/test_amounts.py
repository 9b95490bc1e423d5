"""Money, shares and postcodes, however lists write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from best_portal.imports.amounts import read_amount, read_postcode, read_share
from best_portal.imports.cells import Refused
from best_portal.imports.sheet import Formula

amounts = st.decimals(0, 10**9, places=2)


def german(amount):
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


@given(amount=amounts)
def test_an_amount_is_the_same_however_it_is_written(amount):
    written = [
        german(amount),
        f"{german(amount)} €",
        f"{german(amount)}\xa0EUR",
        f"€ {german(amount)}",
        f"{amount:,.2f}",
        f"{amount:.2f}",
        f"{amount:.2f}".replace(".", ","),
        f"{amount:,.2f}".replace(",", " "),
        f"{amount:,.2f}".replace(",", "'"),
        float(amount),
        Formula("=A1*2", float(amount)),
    ]

    assert {read_amount(cell) for cell in written} == {amount}


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("1.234", "1234.00"),
        ("1.234.567", "1234567.00"),
        ("500,-", "500.00"),
        ("12,5", "12.50"),
        (142499.99999999997, "142500.00"),
        (0, "0.00"),
        (10.004999999999999, "10.00"),
        (0.125, "0.13"),
        (1.005, "1.01"),
        (10.005, "10.01"),
        (1234.565, "1234.57"),
    ],
)
def test_amounts_without_cents_and_with_the_noise_of_a_spreadsheet(cell, means):
    assert read_amount(cell) == Decimal(means)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, "no_amount"),
        ("–", "no_amount"),
        ("1,234", "unreadable_amount"),
        ("12.34.56", "unreadable_amount"),
        ("1.234.56", "unreadable_amount"),
        ("1,234,5", "unreadable_amount"),
        ("1.23,45", "unreadable_amount"),
        ("viel", "unreadable_amount"),
        ("1.000 bis 2.000", "unreadable_amount"),
        (True, "unreadable_amount"),
        (float("nan"), "unreadable_amount"),
        ("-5,00", "impossible_amount"),
        (-1, "impossible_amount"),
        ("9" * 15, "impossible_amount"),
    ],
)
def test_what_is_no_amount_or_an_ambiguous_one_is_refused(cell, code):
    with pytest.raises(Refused, match=code):
        read_amount(cell)


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("49,92%", "49.92"),
        ("50%", "50.00"),
        ("50 %", "50.00"),
        (0.5, "50.00"),
        ("0,5", "50.00"),
        ("0,5%", "0.50"),
        ("1%", "1.00"),
        (50, "50.00"),
        ("100", "100.00"),
        (1, "100.00"),
        ("33,125%", "33.13"),
    ],
)
def test_a_share_is_percent_however_it_is_written(cell, means):
    assert read_share(cell) == Decimal(means)


def test_a_share_may_be_missing():
    assert read_share(None) is read_share("-") is None


@pytest.mark.parametrize("cell", ["101%", "halb", "-5%", 250, float("inf"), "5 von 10"])
def test_a_share_that_cannot_be_is_refused(cell):
    with pytest.raises(Refused, match="unreadable_share"):
        read_share(cell)


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("10997", ("10997", "")),
        (10825, ("10825", "")),
        (1067, ("01067", "")),
        ("10997 Berlin", ("10997", "Berlin")),
        ("D-13357 Berlin", ("13357", "Berlin")),
        ("Berlin", ("", "Berlin")),
        (None, ("", "")),
    ],
)
def test_a_postcode_is_told_from_the_place_beside_it(cell, means):
    assert read_postcode(cell) == means


@given(cell=st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.datetimes()))
def test_no_cell_breaks_a_reader(cell):
    for read in (read_amount, read_share, read_postcode):
        with suppress(Refused):
            read(cell)

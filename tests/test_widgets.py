"""Fields every app may use understand what people write."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from best_portal.widgets import NumberField


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("de", "120.000,50", "120000.50"),
        ("de", "1.500", "1500"),
        ("de", "1,5", "1.5"),
        ("de", "37.5", "37.5"),
        ("de", "120000.50", "120000.50"),
        ("de", "1 200,00", "1200.00"),
        ("de", "50.000,00 €", "50000.00"),
        ("de", "100\N{NO-BREAK SPACE}%", "100"),
        ("de", "-3,25", "-3.25"),
        ("en", "120,000.50", "120000.50"),
        ("en", "1.500", "1.500"),
        ("en", "1,500", "1500"),
    ],
)
def test_numbers_are_read_as_people_write_them(language, typed, number):
    with translation.override(language):
        assert NumberField().clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["viel", "1,2,3", "12.34.56", "NaN", "∞"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValidationError):
        NumberField().clean(typed)

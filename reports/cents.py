"""Money to the cent: half a cent goes up."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
# Of a hundred percent.
WHOLE = Decimal(100)


def cents(value):
    return value.quantize(CENT, ROUND_HALF_UP)

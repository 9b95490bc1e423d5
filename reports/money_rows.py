"""What a report's money is made of besides vouchers: hours, payments, the terms of the grant."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class HourRow:
    """The hours of one person in one month at one rate; who that is, only a number says.

    `amount` is the step of the line's sum, which is rounded once: so the rows add up to the cent.
    """

    person: int
    # Its first day.
    month: date
    minutes: int
    rate: Decimal
    amount: Decimal

    @property
    def hours(self):
        """With two decimals, to be read; what adds up are the minutes."""
        return (Decimal(self.minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class PaymentRow:
    """One Mittelabruf that was paid."""

    number: int
    requested_on: date
    paid_on: date
    amount: Decimal


@dataclass(frozen=True)
class Terms:
    """What the settlement went by: the notice, and what the authority has paid until then.

    `first_day` to `pay_until` are the days on which a payment counts.
    """

    amount: Decimal
    financing: str
    rate: Decimal | None
    first_day: date
    pay_until: date
    payments: tuple[PaymentRow, ...] = ()

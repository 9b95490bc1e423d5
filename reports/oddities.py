"""What cannot be of a voucher, and what is odd and asks for a second look. No ORM, no clock."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

# No bookkeeping here is older; a day before it is a slip of the year.
EARLIEST = date(1990, 1, 1)
# No grant here ends later.
LATEST = date(2099, 12, 31)
# A payment may precede its invoice, as a deposit does, but hardly by more.
BEFORE_INVOICE = timedelta(days=60)
BEFORE_GRANT = timedelta(days=2 * 365)
IMPOSSIBLE = {
    "too_early": _("A day before 1990 belongs to no voucher. Correct the year."),
    "in_future": _("This day lies in the future. A bill counts once it is paid."),
}
CLOSED = _(
    "What is paid on this day belongs to a report that was accepted. Open the period first, with a "
    "reason."
)
# Code → what a person is told, and the few words a table has room for.
SENTENCES = {
    "before_invoice": _("Paid on %(paid)s, %(days)s days before the invoice of %(invoiced)s."),
    "before_grant": _("%(day)s is more than two years before the grant begins (%(start)s)."),
    "beyond_plan": _(
        "%(amount)s EUR is more than the whole line has in the plan: %(planned)s EUR."
    ),
    "double": _("Payee, day and amount are those of voucher %(other)s. No euro may be paid twice."),
}
SHORT = {
    "before_invoice": _("long before the invoice"),
    "before_grant": _("long before the grant"),
    "beyond_plan": _("more than the plan has"),
    "double": _("perhaps the same as %(other)s"),
}


@dataclass(frozen=True)
class Odd:
    """One thing that may be a mistake: in which field, and what its sentences are filled with."""

    code: str
    field: str
    params: dict = field(default_factory=dict)

    def __str__(self):
        return str(SENTENCES[self.code] % self.params)

    @property
    def short(self):
        return str(SHORT[self.code] % self.params)


def impossible(today, *, paid_on, invoiced_on):
    """Field → code of why this day cannot be: before 1990, or a payment that is still to come."""
    days = {"invoiced_on": invoiced_on, "paid_on": paid_on}
    found = {name: "too_early" for name, day in days.items() if day and day < EARLIEST}
    if paid_on and paid_on > today:
        found["paid_on"] = "in_future"
    return found


def odd(*, paid_on, invoiced_on, amount, planned, first_day):
    """What of a voucher of a line with so much planned may be a slip, in a grant from a day on."""
    if paid_on and invoiced_on and invoiced_on - paid_on > BEFORE_INVOICE:
        days = {"paid": shown(paid_on), "invoiced": shown(invoiced_on)}
        yield Odd("before_invoice", "paid_on", days | {"days": (invoiced_on - paid_on).days})
    for name, value in (("invoiced_on", invoiced_on), ("paid_on", paid_on)):
        if value and first_day - value > BEFORE_GRANT:
            yield Odd("before_grant", name, {"day": shown(value), "start": shown(first_day)})
    if planned is not None and amount > planned:
        sums = {"amount": euros(amount), "planned": euros(planned)}
        yield Odd("beyond_plan", "amount", sums)


def double(number, reference):
    """That a voucher of this number and grant has the same payee, day and amount."""
    return Odd("double", "number", {"other": f"{number} ({reference})"})


def shown(day):
    return date_format(day, "SHORT_DATE_FORMAT")


def euros(amount):
    return number_format(Decimal(amount), 2, force_grouping=True)

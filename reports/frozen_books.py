"""From a grant's books to the money part of a report: lines with their vouchers, and the result."""

from collections import defaultdict
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property

from reports import german
from reports.cents import cents
from reports.document import FinancingLine, Rule, Settlement, VoucherRow
from reports.hour_rows import Hours, numbers_of
from reports.models import Deliverable
from reports.money_rows import PaymentRow, Terms
from reports.settlement import is_base, is_in_time
from reports.worked import counted_work

OUTSIDE = "außerhalb des Zeitraums bezahlt, nicht förderfähig"
BASES = {"staff": "der direkten Personalkosten", "direct": "der förderfähigen direkten Kosten"}


@dataclass(frozen=True)
class FrozenBooks:
    """What a report says of a grant's money; the amounts are None while no books are kept."""

    lines: tuple[FinancingLine, ...]
    settlement: Settlement | None = None
    terms: Terms | None = None

    @property
    def received(self):
        return self.settlement and self.settlement.received

    @classmethod
    def of(cls, grant, starts_on, ends_on):
        books = grant.books
        if not (books.postings or books.work or books.results or books.payments):
            return cls(
                tuple(
                    FinancingLine(each.kind, each.position, each.label, each.planned, each.eligible)
                    for each in grant.plan
                )
            )
        account = grant.accounts(starts_on, ends_on)
        rows = Rows(grant, starts_on, ends_on)
        grant_terms = grant.terms
        return cls(
            tuple(line_of(each, account, books, rows) for each in account.lines),
            Settlement(**{item.name: getattr(account, item.name) for item in fields(Settlement)}),
            Terms(
                amount=grant_terms.amount,
                financing=grant_terms.financing,
                rate=grant_terms.rate,
                first_day=grant_terms.first_day,
                pay_until=grant_terms.pay_until,
                payments=rows.paid,
            ),
        )


def line_of(each, account, books, rows):
    line = each.line
    vouchers, earlier = rows.of(line)
    hours = Hours()
    if line.costing == "hours":
        hours = Hours.of(line.id, books.work, rows.numbers, rows.bounds)
    return FinancingLine(
        kind=line.kind,
        position=line.position,
        label=line.label,
        planned=line.planned,
        eligible=line.eligible,
        actual=each.in_period,
        actual_eligible=each.in_period_eligible,
        since_start=each.since_start,
        since_start_eligible=each.since_start_eligible,
        is_exceeded=each.is_exceeded,
        made_of=made_of(line, account, books, rows),
        vouchers=vouchers,
        earlier=earlier,
        costing=line.costing,
        origin=line.origin,
        hours=hours.within,
        earlier_hours=hours.before,
        base=tuple(
            place
            for place, other in enumerate(account.lines, start=1)
            if line.costing == "flat" and is_base(line, other.line)
        ),
        rate=line.rate,
        method=rows.methods.get(line.id),
    )


def made_of(line, account, books, rows):
    """How an amount without vouchers came about: its base and its rate, by funding.md §7."""
    if line.costing == "flat":
        return flat_rate_of(line, account)
    if line.costing == "hours":
        return hours_of(line, books, rows)
    return ""


def flat_rate_of(line, account):
    """The flat rate of a period. Each state is rounded once, and a period is the difference of two:
    where that is not the rate of the period's base, both are told."""
    base = [each for each in account.lines if is_base(line, each.line)]
    own = next(each for each in account.lines if each.line.id == line.id)
    within = sum((each.in_period_eligible for each in base), Decimal(0))
    told = f"Pauschale: {german.percent(line.rate)} von"
    if cents(line.rate * within / 100) == own.in_period:
        return f"{told} {german.euro(within)} {BASES[line.base]}"
    since_start = sum((each.since_start_eligible for each in base), Decimal(0))
    return (
        f"{told} {german.euro(since_start)} {BASES[line.base]} seit Beginn = "
        f"{german.euro(own.since_start)}, abzüglich {german.euro(own.since_start - own.in_period)} "
        "aus der Zeit davor"
    )


def hours_of(line, books, rows):
    """Whose hours of the period count at which rate, month by month; people have no names here."""
    months = defaultdict(lambda: defaultdict(int))
    for work, minutes in counted_work(books.work):
        if work.line == line.id and minutes and rows.bounds.takes(work.on):
            months[work.person, work.rate][work.on.strftime("%m/%Y")] += minutes
    numbers, told = rows.numbers, []
    for (person, rate), minutes in sorted(
        months.items(), key=lambda item: (numbers[item[0][0]], item[0][1])
    ):
        each = "; ".join(f"{month}: {german.hours(part, 2)}" for month, part in minutes.items())
        total = f"{german.hours(sum(minutes.values()), 2)} Stunden zu {german.euro(rate)}"
        told.append(f"Person {numbers[person]}: {total} ({each})")
    return f"Nachgewiesene Stunden. {'. '.join(told)}" if told else "Keine Stunden im Zeitraum"


class Rows:
    """The rows behind each line until the last day of a period: those within it, those before."""

    def __init__(self, grant, starts_on, ends_on):
        self.grant = grant
        self.bounds = grant.bounds(starts_on, ends_on)
        self.found = {}
        for line, row in (*self._vouchers(), *self._payments(), *self._results()):
            self.found.setdefault(line, []).append(row)

    @cached_property
    def numbers(self):
        """Person → the number that stands for them."""
        rates = self.grant.staff_rates.order_by("pk")
        return numbers_of(rates.values_list("person", flat=True))

    @cached_property
    def methods(self):
        """Line → the rule its amount is calculated by, where it is not made of vouchers."""
        lines = self.grant.plan_lines.exclude(method=None).select_related("method")
        return {
            line.pk: Rule(line.method.name, german.day(line.method.since), line.method.source)
            for line in lines
        }

    @cached_property
    def paid(self):
        """What the authority has paid until the last day."""
        return tuple(
            PaymentRow(each.number, each.requested_on, each.paid_on, each.paid_amount)
            for each in self.grant.payment_requests.paid().order_by("number")
            if self.bounds.takes(each.paid_on) or self.bounds.is_before(each.paid_on)
        )

    def of(self, line):
        """(rows within the period, rows before it), each numbered by the day of payment."""
        rows = sorted(self.found.get(line.id, []), key=lambda row: row["paid_on"])
        before = [row for row in rows if self.bounds.is_before(row["paid_on"])]
        within = [row for row in rows if self.bounds.takes(row["paid_on"])]
        return numbered(within), numbered(before)

    def _vouchers(self):
        for voucher in self.grant.vouchers.valid().paid().select_related("grant").order_by("pk"):
            yield (
                voucher.line_id,
                {
                    "voucher": voucher.number,
                    "invoiced_on": voucher.invoiced_on,
                    "paid_on": voucher.paid_on,
                    "payee": voucher.payee,
                    "reason": voucher.reason,
                    "amount": voucher.amount,
                    "eligible": voucher.counted,
                    "note": OUTSIDE if voucher.is_late else voucher.cut_because,
                },
            )

    def _payments(self):
        own = self.grant.plan_lines.filter(origin="grant").first()
        for payment in self.grant.payment_requests.paid().order_by("number") if own else ():
            yield (
                own.pk,
                {
                    "voucher": f"Mittelabruf {payment.number}",
                    "invoiced_on": payment.requested_on,
                    "paid_on": payment.paid_on,
                    "payee": self.grant.authority,
                    "reason": "Auszahlung der Zuwendung",
                    "amount": payment.paid_amount,
                    "eligible": payment.paid_amount,
                    "note": "",
                },
            )

    def _results(self):
        terms = self.grant.terms
        for result in Deliverable.objects.of(self.grant).exclude(proven_on=None).order_by("pk"):
            counts = is_in_time(terms, result.proven_on)
            yield (
                result.line_id,
                {
                    "voucher": f"Ergebnis {result.pk}",
                    "invoiced_on": None,
                    "paid_on": result.proven_on,
                    "payee": result.proof,
                    "reason": result.title,
                    "amount": result.amount,
                    "eligible": result.amount if counts else Decimal(0),
                    "note": "" if counts else OUTSIDE,
                },
            )


def numbered(rows):
    return tuple(VoucherRow(number=number, **row) for number, row in enumerate(rows, start=1))

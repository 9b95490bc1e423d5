"""The demo's books: vouchers of every grant as its bookkeeping lists them, and the money paid."""

import io
from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from best_portal.demo.papers import sheet
from best_portal.files.guard import check
from reports.models import Grant, InventoryItem, LineKind, PaymentRequest, Voucher, VoucherImport

CENT = Decimal("0.01")
HALF_YEAR = 6
HEADINGS = (
    "Art;Position;Beleg-Nr.;Rechnungsdatum;Zahltag;Empfänger;Grund;Betrag;Davon förderfähig;Kürzung"
)
# What a line is spent on, in turns; of the plan a little is saved.
PAYEES = (
    ("Muster-Druckerei", "Faltblätter"),
    ("Beispiel Hausverwaltung", "Miete Stadtteilbüro"),
    ("Muster Bürobedarf", "Papier und Toner"),
    ("Beispiel Telefon", "Telefon und Internet"),
)
USED = Decimal("0.97")
# One bill in so many holds something that is not paid for.
CUT_EVERY = 9
GROSS = (Decimal("58480.00"), Decimal("29240.00"))
LAPTOP = Decimal("1180.00")


def keep_books(people, today, say):
    """Bring the lists of all grants, ask for money as each funder pays it, enter a bill by hand."""
    begun = [grant for grant in Grant.objects.order_by("ref") if grant.starts_on < today]
    for grant in begun:
        bring_vouchers(grant, people, today)
    pay_by_hour_and_result(Grant.objects.get(ref="best-heute-efre"), people, today)
    for grant in begun:
        ask_for_money(grant, people, today)
        say(f"{grant.ref}: {grant.vouchers.count()} vouchers, money asked for.")
    buy_a_laptop(Grant.objects.get(ref="best-heute-senat"), people, today)


def months_of(grant, until):
    """The last day of every month of a grant that is over."""
    day = grant.starts_on
    while day <= grant.ends_on:
        last = day.replace(day=monthrange(day.year, day.month)[1])
        if last < until:
            yield last
        day = last + timedelta(days=1)


def bring_vouchers(grant, people, today):
    whole = len(list(months_of(grant, date.max)))
    rows = [HEADINGS]
    for line in grant.plan_lines.taking_vouchers():
        for number, day in enumerate(months_of(grant, today), start=1):
            rows += rows_of(line, number, day, whole)
    batch = VoucherImport.objects.propose(
        by=people.manager,
        grant=grant,
        file=io.BytesIO("\n".join(rows).encode()),
        name=f"belege_{grant.ref}.csv",
    )
    batch.commit(by=people.manager)


def rows_of(line, number, day, whole):
    """A salary of each month, of everything else, income too, a voucher in two months."""
    monthly = line.planned / whole
    if line.kind == LineKind.INCOME:
        if number % 2:
            part = monthly * min(2, whole - number + 1)
            yield row_of(line, f"E{line.position}-{number:03}", day, line.label, "Rate", part)
    elif line.costing == "staff":
        reason = f"Löhne und Gehälter {day:%m/%Y}"
        yield row_of(line, f"P{number:03}", day, "Muster-Lohnbüro", reason, monthly * USED)
    elif number % 2:
        payee, reason = PAYEES[number // 2 % len(PAYEES)]
        is_cut = number % CUT_EVERY == 0
        number = f"S{line.position}-{number:03}"
        yield row_of(line, number, day, payee, reason, monthly * 2 * USED, is_cut=is_cut)


def row_of(line, number, day, payee, reason, amount, *, is_cut=False):
    kind = "Einnahme" if line.kind == LineKind.INCOME else "Ausgabe"
    eligible = amount - Decimal("12.50") if is_cut else amount
    why = "Pfand und Trinkgeld" if is_cut else ""
    invoiced = day - timedelta(days=12)
    amounts = (german(amount), german(eligible), why)
    return ";".join(
        (kind, line.position, number, f"{invoiced:%d.%m.%Y}", f"{day:%d.%m.%Y}", payee, reason)
        + amounts
    )


def german(amount):
    cents = amount.quantize(CENT, ROUND_HALF_UP)
    return f"{cents:,.2f}".translate(str.maketrans(",.", ".,"))


def ask_for_money(grant, people, today):
    """Ask in advance for what the next months need, or each half year for what was paid.

    The newest request is still to be paid, unless the grant is over.
    """
    months, step = list(months_of(grant, today)), grant.spending_months or HALF_YEAR
    for first in range(0, len(months), step):
        part = months[first : first + step]
        starts_on, ends_on = part[0].replace(day=1), part[-1]
        if grant.asks_in_advance:
            requested_on, amount = starts_on, needed(grant, len(part))
        else:
            requested_on, amount = min(ends_on + timedelta(days=10), today), paid(grant, ends_on)
        if amount <= 0:  # others have paid for everything so far
            continue
        asked = PaymentRequest.objects.request(
            by=people.manager,
            grant=grant,
            starts_on=starts_on,
            ends_on=ends_on,
            amount=amount,
            requested_on=requested_on,
        )
        if ends_on < months[-1] or grant.ends_on < today:
            asked.note_paid(
                by=people.manager,
                paid_on=min(requested_on + timedelta(days=20), today),
                paid_amount=asked.amount,
            )


def needed(grant, months):
    """What so many months cost beyond the other income, in full hundreds: no more is spent."""
    whole = len(list(months_of(grant, date.max)))
    lines = list(grant.plan_lines.all())
    costs = sum(line.planned for line in lines if line.kind == LineKind.EXPENSE) * USED
    other = sum(line.planned for line in lines if line.origin not in ("", "grant"))
    return (costs - other) * months / whole // 100 * 100


def paid(grant, day):
    """What is to be paid back of the expenses until a day and was not asked for yet."""
    account = grant.accounts(ends_on=day)
    due = min(account.due, account.spent - account.other_income)
    return due - grant.payment_requests.asked_for()


def pay_by_hour_and_result(grant, people, today):
    """What an hour of the team costs on 1,720 hours a year, and lump sums, one of them proven."""
    expenses = grant.plan_lines.filter(kind=LineKind.EXPENSE)
    by_hour, by_result = expenses.get(costing="hours"), expenses.get(costing="lump")
    for user, gross, percent in zip(people.team, GROSS, ("100.00", "50.00"), strict=False):
        by_hour.staff_rates.create(
            person=user,
            gross_year=gross,
            contract_percent=Decimal(percent),
            since=grant.starts_on,
            source="Muster: Jahreslohnkonto des Vorjahres",
        )
    by_result.deliverables.create(
        title="Netzwerktreffen der Betriebe mit Bericht",
        amount=Decimal("12000.00"),
        proven_on=today.replace(day=1) - timedelta(days=40),
        proof="Muster: Bericht und Teilnahmeliste",
    )
    by_result.deliverables.create(title="Leitfaden für Gründungen", amount=Decimal("18000.00"))


def buy_a_laptop(grant, people, today):
    """A bill with its file, and the thing in the inventory."""
    day = min(today, grant.ends_on) - timedelta(days=40)
    line = grant.plan_lines.get(kind=LineKind.EXPENSE, position="2")
    voucher = Voucher.objects.record(
        by=people.manager,
        grant=grant,
        line=line,
        number="S2-L1",
        payee="Beispiel Computerhandel",
        reason="Laptop für das Stadtteilbüro",
        invoiced_on=day,
        paid_on=day + timedelta(days=9),
        amount=LAPTOP,
        eligible=LAPTOP,
        file=check(
            io.BytesIO(sheet("Rechnung: Beispiel Computerhandel", "PDF")), "Rechnung Laptop.pdf"
        ),
    )
    InventoryItem.objects.create(
        grant=grant,
        name="Laptop für Beratungen unterwegs",
        mark="INV-001",
        bought_on=day,
        price=LAPTOP,
        place="Stadtteilbüro Badstraße",
        voucher=voucher,
    )

"""What the check of a report's data finds in its money: in plan, notices, vouchers and payments."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from best_portal.templatetags.figures import euro
from consultations.participation_rules import months_after
from reports import hour_findings, settlement
from reports.finding import Finding, management, of_just_these
from reports.granted import another_sum, notices_agree, plan_names_amount, share_of_plan
from reports.models import Costing, LineKind, Origin, Voucher
from reports.oddities import EARLIEST
from reports.voucher_lists.rows import bill

# So many vouchers are named; the others are counted.
NAMED = 5


def blocking(report, bills):
    """A plan that does not add up; costs that stand in it twice; one voucher, or the same hours,
    that two grants of the project pay for.

    `bills` are the pairs that `alike` finds.
    """
    plan = list(report.grant.plan_lines.select_related("method"))
    yield from of_sums(report.grant, plan)
    yield from of_own_line(report.grant, plan)
    yield from of_rest(report, plan)
    yield from of_double_funding(report, bills)
    yield from hour_findings.of_hours(report)


def to_look_at(report, bills):
    """What stops nothing, and what a funder would ask about."""
    grant = report.grant
    yield from of_notices(grant)
    yield from of_amount(grant)
    yield from of_vouchers(report)
    yield from of_refunds(grant)
    yield from of_doubles(report, bills)
    yield from of_books(report)
    yield from of_payments(report)
    yield from hour_findings.of_sheets(report)


# --- plan and notice ---


def of_sums(grant, plan):
    planned = dict.fromkeys(LineKind.values, Decimal(0))
    for line in plan:
        planned[line.kind] += line.planned
    if all(planned.values()) and planned[LineKind.INCOME] != planned[LineKind.EXPENSE]:
        yield Finding(
            "plan",
            _("The plan has %(income)s EUR of income and %(expense)s EUR of expenses.")
            % {
                "income": euros(planned[LineKind.INCOME]),
                "expense": euros(planned[LineKind.EXPENSE]),
            },
            reverse("reports:grant_edit", args=[grant.ref]),
            management(),
            blocks=True,
        )


def of_own_line(grant, plan):
    """Without it, what has come stands in the settlement and not among the lines of income."""
    has_line = any(line.origin == Origin.GRANT for line in plan)
    if not has_line and grant.payment_requests.paid().exists():
        yield Finding(
            "own-line",
            _("Money of this grant has come, and no line of the plan is for it. Add one."),
            reverse("reports:grant_edit", args=[grant.ref]),
            management(),
            blocks=True,
        )


def of_rest(report, plan):
    """Costs beside a flat rate that covers them already (Art. 56, funding.md §7)."""
    grant = report.grant
    rest = next((line.method for line in plan if line.method and line.method.covers_rest), None)
    if rest is None:
        return
    beside = [
        each.line
        for each in grant.accounts(report.starts_on, report.ends_on).of_kind(LineKind.EXPENSE)
        if each.line.costing in (Costing.REAL, Costing.LUMP) and each.since_start_eligible
    ]
    if beside:
        yield Finding(
            of_just_these("rest", [line.id for line in beside]),
            _("“%(rate)s” covers all other costs, and these count beside it: %(lines)s.")
            % {"rate": rest, "lines": ", ".join(line.label for line in beside)},
            reverse("reports:money", args=[grant.ref]),
            management(),
            blocks=True,
            may_be_explained=True,
        )


def of_notices(grant):
    edit, agree = reverse("reports:grant_edit", args=[grant.ref]), notices_agree(grant)
    if agree is None:
        yield Finding("notice", _("No notice is recorded."), edit, management())
    elif not agree:
        yield Finding(
            "notices",
            _("Neither the sum of the notices nor the newest one is the amount granted."),
            f"{edit}#notices",
            management(),
        )


def of_amount(grant):
    """A plan that names another sum than was granted, or whose rate gives another one."""
    plan = list(grant.plan_lines.all())
    if plan_names_amount(grant, plan) is False:
        yield Finding(
            "plan-amount",
            another_sum(),
            f"{reverse('reports:grant_edit', args=[grant.ref])}#plan_lines",
            management(),
        )
    share = share_of_plan(grant, plan)
    if share is not None and share != grant.amount:
        yield Finding(
            "rate",
            _("%(amount)s EUR are granted, but the rate of the eligible expenses is %(share)s EUR.")
            % {"amount": euros(grant.amount), "share": euros(share)},
            f"{reverse('reports:grant_edit', args=[grant.ref])}#money",
            management(),
        )


def of_books(report):
    """What the settlement says that a funder would ask back about."""
    grant = report.grant
    account = grant.accounts(report.starts_on, report.ends_on)
    books = reverse("reports:money", args=[grant.ref])
    for line in account.lines:
        if line.is_exceeded:
            yield Finding(
                "exceeded",
                _("%(position)s %(label)s: more is spent than the plan and its margin allow.")
                % {"position": line.line.position, "label": line.line.label},
                books,
                management(),
            )
    if account.surplus:
        yield Finding(
            "surplus",
            _("More has come in than was spent: %(amount)s. The project is over-financed.")
            % {"amount": euro(account.surplus)},
            books,
            management(),
        )
    if account.repayment:
        yield Finding(
            "repayment",
            _("By these books %(amount)s EUR of the grant are to be paid back.")
            % {"amount": euros(account.repayment)},
            books,
            management(),
        )


# --- vouchers ---


def of_vouchers(report):
    grant = report.grant
    outside = grant.vouchers.valid().outside(grant)
    for voucher in outside.order_by("paid_on", "pk"):
        yield Finding(
            "voucher",
            _("Voucher %(number)s was paid on %(day)s, outside of the period: it is not eligible.")
            % {"number": voucher.number, "day": day(voucher.paid_on)},
            voucher.get_absolute_url(),
            management(),
        )
    bounds = grant.bounds(report.starts_on, report.ends_on)
    paid = grant.vouchers.valid().paid_within(bounds)
    # The list takes the same bills: with no day at all it would take what is not paid, too.
    days = f"since={bounds.first or EARLIEST}" + (f"&until={bounds.last}" if bounds.last else "")
    address = reverse("reports:vouchers", args=[grant.ref])
    numbers = paid.aggregate(
        bare=Count("pk", filter=Q(stored_as="")), cut=Count("pk", filter=~Q(eligible=F("amount")))
    )
    if count := numbers["bare"]:
        yield Finding(
            "bare",
            ngettext(
                "%(count)d voucher of the period has no file.",
                "%(count)d vouchers of the period have no file.",
                count,
            )
            % {"count": count},
            f"{address}?state=bare&{days}",
            management(),
        )
    if count := numbers["cut"]:
        yield Finding(
            "cut",
            ngettext(
                "%(count)d voucher of the period is not eligible in full.",
                "%(count)d vouchers of the period are not eligible in full.",
                count,
            )
            % {"count": count},
            f"{address}?state=cut&{days}",
            management(),
        )


def of_refunds(grant):
    """Money that came back late of payments that never counted: it would lessen what others are."""
    bills = grant.vouchers.valid().in_time().exclude(eligible=0)
    counted, late = defaultdict(Decimal), []
    for voucher in bills.order_by("paid_on", "pk"):
        if voucher.eligible < 0 and voucher.paid_on > grant.last_payment_day:
            late.append(voucher)
        else:
            counted[voucher.line_id, voucher.payee.casefold()] += voucher.eligible
    for voucher in late:
        whose = voucher.line_id, voucher.payee.casefold()
        counted[whose] += voucher.eligible
        if counted[whose] < 0:
            yield Finding(
                "refund",
                _(
                    "Voucher %(number)s gives back more than this payee was paid in time. If the "
                    "payment itself did not count, enter 0 EUR as its eligible part."
                )
                % {"number": voucher.number},
                voucher.get_absolute_url(),
                management(),
            )


def alike(report):
    """[(voucher of the period, another with the same payee, day and amount)], each pair once.

    The other is of this grant or of another grant of the same project.
    """
    rows = Voucher.objects.of_project(report.grant.project_id).select_related("grant", "line")
    groups, pairs = defaultdict(list), []
    for row in rows.paid_within(report.grant.bounds(report.starts_on, report.ends_on)):
        groups[bill(row.line.kind, row.payee, row.paid_on, row.amount)].append(row)
    for same in groups.values():
        mine = sorted((row for row in same if row.grant_id == report.grant_id), key=pk_of)
        for number, row in enumerate(mine):
            others = [other for other in same if other.grant_id != report.grant_id]
            pairs += [(row, other) for other in [*mine[:number], *sorted(others, key=pk_of)]]
    return pairs


def pk_of(row):
    return row.pk


def is_one_bill(row, other):
    """The same number, too, and in two grants."""
    return row.grant_id != other.grant_id and row.number.casefold() == other.number.casefold()


def of_double_funding(report, bills):
    """For each other grant that lists the same bills, unless each plan names the other's money."""
    found = defaultdict(list)
    for row, other in bills:
        if is_one_bill(row, other) and row.line.kind == LineKind.EXPENSE:
            found[other.grant].append(row)
    for grant, rows in found.items():
        if report.grant.shares_costs_with(grant):
            continue
        numbers = ", ".join(row.number for row in rows[:NAMED])
        yield Finding(
            of_just_these(f"double-funding-{grant.ref}", [row.pk for row in rows]),
            ngettext(
                "%(count)d voucher stands in %(grant)s with the same payee, day and amount, too: "
                "%(numbers)s.",
                "%(count)d vouchers stand in %(grant)s with the same payee, day and amount, too: "
                "%(numbers)s.",
                len(rows),
            )
            % {
                "count": len(rows),
                "grant": grant.reference,
                "numbers": numbers if len(rows) <= NAMED else f"{numbers} …",
            },
            rows[0].get_absolute_url(),
            management(),
            blocks=True,
            may_be_explained=True,
        )


def of_doubles(report, bills):
    """Other pairs; what two grants that name each other's money both list is none."""
    grant = report.grant
    beside = grant.project.grants.exclude(pk=grant.pk)
    sharing = {each.pk for each in beside if grant.shares_costs_with(each)}
    found = [
        (row, other)
        for row, other in bills
        if not is_one_bill(row, other)
        or (row.line.kind == LineKind.INCOME and other.grant_id not in sharing)
    ]
    for row, other in found:
        yield Finding(
            "double",
            _("Voucher %(number)s and %(other)s (%(grant)s) have the same payee, day and amount.")
            % {"number": row.number, "other": other.number, "grant": other.grant.reference},
            row.get_absolute_url(),
            management(),
        )


# --- payments ---


def of_payments(report):
    """Money that was called for and not spent in time: beyond what the books of that day need."""
    grant, months = report.grant, report.grant.spending_months
    if not months:
        return
    terms, plan, books = grant.terms, grant.plan, grant.books
    paid, last = grant.payment_requests.paid(), grant.bounds(report.starts_on, report.ends_on).last
    if last:
        paid = paid.filter(paid_on__lte=last)
    received = Decimal(0)
    for payment in paid.order_by("paid_on", "number"):
        received += payment.paid_amount
        until = months_after(payment.paid_on, months)
        if until >= timezone.localdate():
            continue
        needed = settlement.account(terms, plan, books, ends_on=until).due
        unspent = min(received - needed, payment.paid_amount)
        if unspent > 0:
            yield Finding(
                "unspent",
                _("Payment request %(number)s: %(amount)s EUR were not spent until %(day)s.")
                % {"number": payment.number, "amount": euros(unspent), "day": day(until)},
                reverse("reports:payment", args=[grant.ref, payment.pk]),
                management(),
            )


def day(value):
    return date_format(value, "SHORT_DATE_FORMAT")


def euros(value):
    return number_format(value, 2, force_grouping=True)
